// IDs as people and other programs write them, and what may mean two things.
import { describe, expect, it } from 'vitest';
import { findObject } from '../../src/cli/ids.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Plan } from '../../src/remove/model/plan.ts';
import { sumUp } from '../../src/remove/model/report.ts';
import { posix, segment, snapshotOf } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const LOGGED = segment(7, { key: '0xdeadbeef' });
const DECIMAL = segment(8, { key: '0x0000102c' });
const PLAIN = segment(9, { key: '0x00005301' });
/** Its shmid is the key of the next, and somebody else made a file that is called as a segment is in maps. */
const NUMBERED = segment(4711, { key: '0x00000000' });
const KEYED = segment(12, { key: '0x00001267' });
const CALLED = posix('/SYSV0000102c', 21);
const NAMED = posix('/x', 22);
/** Named like the rest of a full id. */
const TRAP = posix('/0:27:99', 23);
const SEEN = snapshotOf([LOGGED, DECIMAL, PLAIN, NUMBERED, KEYED, CALLED, NAMED, TRAP]);
const PATHS = { '/run/shm/x': '0:27:22', '/etc/passwd': '8:1:22' };

const found = (word: string, isCareful = false) => {
  const result = findObject(SEEN, word, { fileAt: (path) => PATHS[path as keyof typeof PATHS], isCareful });
  return 'object' in result ? result.object.shortId : result.problem;
};

describe('an ID', () => {
  it.each([
    ['0xDEADBEEF', LOGGED],
    ['3735928559', LOGGED],
    ['-559038737', LOGGED],
    ['4140', DECIMAL],
    ['/SYSV00005301', PLAIN],
    ['SYSV00005301 (deleted)', PLAIN],
    ['shmid=9', PLAIN],
    ['9', PLAIN],
    ['posix:x', NAMED],
    ['/x', NAMED],
    ['/dev/shm/x', NAMED],
    ['/run/shm/x', NAMED],
    ['posix:0:27:22', NAMED],
  ])('%s is found as it is written elsewhere', (word, object) => {
    expect(found(word)).toBe(object.shortId);
  });

  it.each([
    ['4711', 'sysv:4711, sysv:12 (key 0x00001267)'],
    ['/SYSV0000102c', 'sysv:8 (key 0x0000102c), posix:/SYSV0000102c'],
  ])('%s may be two: both are named, whatever is to be done', (word, both) => {
    for (const isCareful of [false, true])
      expect(found(word, isCareful)).toBe(`${word} means 2 objects: name one of ${both}`);
  });

  it.each([
    ['posix:0:27:99', /no shared memory object/],
    ['/etc/passwd', /no shared memory object/],
    ['/dev/shm/', /no shared memory object/],
    ['99', /no segment sysv:99, and none with the key 0x00000063/],
    ['9999999999', /no segment sysv:9999999999 \(/],
    ['/SYSV00000000', /without one \(IPC_PRIVATE\)/],
    ['-0', /no shared memory object/],
  ])('%s means nothing, however others call their files', (word, problem) => {
    expect(found(word)).toMatch(problem);
  });

  it('that is a number is a shmid where something is removed, and a key is to be said', () => {
    expect(found('9', true)).toBe('sysv:9');
    expect(found('4140', true)).toBe('4140 is no shmid here, but the key of sysv:8 (0x0000102c): name it so');
    expect(found('-559038737', true)).toBe('sysv:7');
  });
});

describe('commands', () => {
  const run = async (...argv: readonly string[]) => {
    const removal = {
      execute: (plans: readonly Plan[]) => {
        expect(plans).toEqual([]);
        return sumUp([], [], undefined);
      },
      restore: () => {
        throw new Error('not in this test');
      },
      history: () => ({ problem: 'not in this test' }),
    };
    const world = fakeWorld(SEEN, { removal });
    return { exitCode: await runProgram(argv, world.context), out: world.out(), err: world.err() };
  };

  it.each([
    ['show', '-559038737'],
    ['show', '4140'],
    ['show', '/SYSV00005301'],
    ['show', 'sysv:9', 'posix:x'],
  ])('%s %s', async (...argv) => {
    expect(await run(...argv)).toMatchObject({ exitCode: 0, err: '' });
  });

  it.each(['1946224022', '-559038737', '0xdeadbeef', '3735928559'])('ls key=%s finds the key', async (key) => {
    const { out } = await run('ls', '--csv', '--columns', 'id', `key=${key}`);
    expect(out).toBe(key === '1946224022' ? 'id\r\n' : 'id\r\nsysv:7\r\n');
  });

  it.each([
    ['ls', 'sysv:999'],
    ['ls', 'sysv:9', '/SYSV00000999'],
    ['show', 'sysv:999'],
    ['ps', 'sysv:999'],
    ['ps', '--json', 'posix:nobody'],
    ['history', 'sysv:999'],
    ['rm', '--dry-run', 'sysv:999'],
    ['rm', '--dry-run', '--abandoned', 'sysv:999'],
    ['rm', '--abandoned', '--yes', '/dev/shm/nobody'],
  ])('%s %s %s exits with 1 for what is not there, and names it', async (...argv) => {
    const { exitCode, err } = await run(...argv);
    expect([exitCode, err]).toEqual([1, expect.stringMatching(/there is no shared memory object|nothing is known of/)]);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
