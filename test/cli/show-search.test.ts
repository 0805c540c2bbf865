// `shmtop show --search`: asks before it reads what others keep, and says what it came to, in words and as JSON.
import { describe, expect, it } from 'vitest';
import type { CliContext } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { NameSearch } from '../../src/probe/model/search/name-search.ts';
import { posix, snapshotOf } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const SNAPSHOT = snapshotOf([posix('/psm_6a16b91e', 1, { uid: 1000, user: 'alice' })]);
const NOTHING: NameSearch = {
  ...{
    text: '6a16b91e',
    uid: 1000,
    found: [],
    processes: 12,
    readBytes: 224_395_264,
    unreadable: 3,
    partly: 0,
    silent: 1,
    observers: 0,
  },
};

async function show(words: readonly string[], found: Partial<NameSearch>, answer?: string, isOfOthers = true) {
  let asked = '';
  let runs = 0;
  const options: { planSearch: CliContext['planSearch']; asker: CliContext['asker'] } = {
    planSearch: async () => ({
      ...{ text: '6a16b91e', uid: 1000, processes: 13, isOfOthers },
      run: (onProgress) => {
        runs++;
        onProgress(1, 1);
        return { ...NOTHING, ...found };
      },
    }),
    asker: async () => (question) => {
      asked += question;
      return answer;
    },
  };
  const world = fakeWorld(SNAPSHOT, options);
  const exitCode = await runProgram(['show', 'posix:/psm_6a16b91e', '--search', ...words], world.context);
  return { exitCode, out: world.out().replace(/\s+/g, ' '), err: world.err(), asked, runs };
}

describe('show --search', () => {
  it('says where the name was found, ancestors of the command last, as a suggestion', async () => {
    const found = [
      { pid: 7, comm: 'bash', place: '[heap]', isAncestor: true },
      { pid: 1234, comm: 'py\x1bthon3', place: '[heap]', isAncestor: false },
      { pid: 99, comm: 'x', isAncestor: false },
    ];
    const { out, exitCode } = await show(['--yes'], { found });
    expect(exitCode).toBe(0);
    expect(out).toContain(
      'Known to found in py\\x1bthon3[1234] (heap) found in x[99] (memory without a name) found in bash[7] (heap), which this command was started from',
    );
    expect(out).toContain('a suggestion, never proof');
  });

  it('says what was looked at where nobody has it, and where else it may be', async () => {
    const { out } = await show(['--yes'], { ended: 'time' });
    expect(out).toContain(
      '"6a16b91e" is in no process of uid 1000: 214M read of 12 processes of uid 1000, 3 processes not readable, 1 process that did not answer, ended early: it took too long; it may sit in a pipe or a socket, in swapped pages, or with another user',
    );
  });

  it('reads nothing of others before it was agreed to', async () => {
    const no = await show([], {}, 'n');
    expect(no).toMatchObject({ runs: 0, exitCode: 1 });
    expect(no.asked).toBe('Read the memory of 13 processes of alice, looking for "6a16b91e"? [y/N] ');
    expect(no.err).toContain('it was not confirmed');
    expect(no.out).not.toContain('Known to');
    expect((await show([], {}, undefined)).runs).toBe(0);
    expect((await show([], {}, 'y')).runs).toBe(1);
    expect(await show([], {}, 'n', false)).toMatchObject({ runs: 1, asked: '' });
  });

  it('adds what it came to to the JSON', async () => {
    const { out } = await show(['--yes', '--json'], { found: [{ pid: 1, comm: 'a', isAncestor: false }] });
    expect(JSON.parse(out).search).toEqual({
      ...{
        text: '6a16b91e',
        uid: 1000,
        processes: 12,
        readBytes: 224_395_264,
        unreadable: 3,
        partly: 0,
        silent: 1,
        observers: 0,
      },
      found: [{ pid: 1, comm: 'a', isAncestor: false }],
    });
  });

  it('goes neither with --hex nor --yes without it', async () => {
    expect((await show(['--hex'], {})).exitCode).toBe(2);
    const world = fakeWorld(SNAPSHOT);
    expect(await runProgram(['show', 'posix:/psm_6a16b91e', '--yes'], world.context)).toBe(2);
  });
});
