// `shmtop diff` over files that `ls --json` wrote, and over files of an enemy: the program itself, from outside.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonOfSnapshot } from '../../src/cli/plain-json.ts';
import { runProgram } from '../../src/cli/program.ts';
import { jsonSchema } from '../../src/cli/schema/outputs.ts';
import { readSnapshotFile } from '../../src/probe/replay/snapshot-file.ts';
import { NOTHING, posix, SERVER, SERVER_OBJECTS, segment, snapshotOf, UNPRIVILEGED } from './examples.ts';
import { fakeWorld } from './fake-context.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(jsonSchema('diff'));
const LATER = snapshotOf(
  [
    ...SERVER_OBJECTS.slice(1),
    posix('/leak\x1b[31m', 77, { allocatedBytes: 12 * 1024 ** 2 }),
    segment(9, { ipcNamespace: '4026532201', id: 'sysv:4026532201:9' }),
  ],
  { takenAtMs: SERVER.takenAtMs + 7_200_000 },
);

let folder = '';
const file = (name: string, content: string | Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const written = (name: string, snapshot: typeof SERVER) => file(name, JSON.stringify(jsonOfSnapshot(snapshot)));
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-diff-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function diff(words: readonly string[], env: Readonly<Record<string, string>> = {}, columns?: number) {
  const paths = words.filter((word) => word.startsWith('/'));
  const files = Object.fromEntries(paths.map((path) => [path, readSnapshotFile(path)]));
  const world = fakeWorld(NOTHING, { files, env, columns });
  const exitCode = await runProgram(['diff', ...words], world.context);
  return { exitCode, out: world.out(), err: world.err() };
}

describe('shmtop diff', () => {
  test('tells what changed, the most grown first, and how much in all; differences are no failure', async () => {
    const { exitCode, out, err } = await diff([written('a', SERVER), written('b', LATER)]);
    expect([exitCode, err]).toEqual([0, '']);
    const lines = out.split('\n');
    expect(lines[0]).toMatch(/^CHANGE +ID +GROWTH +MEM +SIZE +USER +VERDICT +WHAT/);
    expect(lines[1]).toMatch(/^new +posix:\/leak\\x1b\[31m +\+12\.0M +12\.0M +1\.0M +alice +unheld/);
    expect(out).toMatch(/^new +sysv:9@4026532201 /m);
    expect(out).toMatch(/^gone +sysv:4 +(-\S+|0) /m);
    expect(out).toMatch(/2 new \(\+\S+\), 1 gone \(\S+\), \d+ unchanged: \+\S+ within 2h/);
    for (const line of (await diff([join(folder, 'a'), join(folder, 'b')], {}, 60)).out.split('\n'))
      expect(line.length).toBeLessThanOrEqual(60);
  });

  test('--json fits the schema; of a file with itself there is nothing', async () => {
    const a = written('a', SERVER);
    const { out } = await diff([a, written('b', LATER), '--json']);
    const parsed = JSON.parse(out);
    isValid(parsed);
    expect(isValid.errors ?? []).toEqual([]);
    expect(parsed.changes.map(({ change }: { change: string }) => change)).toEqual(['new', 'new', 'gone']);
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
    const same = JSON.parse((await diff([a, a, '--json'])).out);
    expect([same.changes, same.unchanged]).toEqual([[], SERVER_OBJECTS.length]);
  });

  test('a file of version 1 is compared as it would be judged now: makers that are gone prove nothing', async () => {
    const evidence = [{ code: 'creator-dead', pid: 7 }] as const;
    const now = snapshotOf([segment(7, { verdict: { state: 'orphaned', evidence } })]);
    const then = snapshotOf([segment(7, { verdict: { state: 'abandoned', evidence } })]);
    const old = file('one', JSON.stringify({ ...jsonOfSnapshot(then), schemaVersion: 1 }));
    expect(JSON.parse((await diff([old, written('two', now), '--json'])).out).changes).toEqual([]);
    const { changes } = JSON.parse((await diff([written('three', then), written('two', now), '--json'])).out);
    expect(changes).toMatchObject([{ change: 'judged', before: { verdict: 'abandoned' } }]);
  });

  test('says that what is gone may only have been out of sight', async () => {
    const { out } = await diff([written('a', SERVER), written('c', UNPRIVILEGED)]);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      /The second saw 209 of 212 processes.*what is called gone may only have been out of its sight/,
    );
  });

  test.each([[[]], [['/a']], [['/a', '/b', '/c']]])('%j is not two files', async (words) => {
    expect(await diff(words)).toMatchObject({ exitCode: 2, out: '' });
  });

  test('what cannot be read is named, each of the two, with exit code 1', async () => {
    const { exitCode, out, err } = await diff(['/nowhere\x1b[2J', file('cut', '{"schemaVersion":1,')]);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain('cannot compare /nowhere\\x1b[2J: there is no such file');
    expect(err).toMatch(/cannot compare \S+cut: it is not JSON/);
    expect(err).not.toContain('\x1b');
  });
});

test('the program compares what it wrote itself, of two machines that were captured', () => {
  const shmtop = (words: readonly string[], machine = 'linux-6.18') => {
    const root = fileURLToPath(new URL(`../fixtures/${machine}`, import.meta.url));
    const env = { ...process.env, LANG: 'C.UTF-8', SHMTOP_PROC: join(root, 'proc'), SHMTOP_SHM: join(root, 'shm') };
    return spawnSync(process.execPath, [MAIN, ...words], { env, encoding: 'utf8', timeout: 30_000 });
  };
  const a = file('real-a', shmtop(['ls', '--json']).stdout);
  const b = file('real-b', shmtop(['ls', '--json'], 'linux-6.1').stdout);
  const { status, stdout, stderr } = shmtop(['diff', a, b, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  const found = JSON.parse(stdout);
  expect(found.changes.length).toBeGreaterThan(3);
  const growth = found.changes.map(({ growthBytes }: { growthBytes: number }) => growthBytes);
  expect(growth).toEqual(growth.toSorted((x: number, y: number) => y - x));
  expect(shmtop(['diff', a, join(folder, 'none')]).status).toBe(1);
  expect(shmtop(['diff', a]).status).toBe(2);
});

const GOOD = () => JSON.parse(JSON.stringify(jsonOfSnapshot(SERVER)));
const withObject = (change: object) => {
  const snapshot = GOOD();
  Object.assign(snapshot.objects[0], change);
  return JSON.stringify(snapshot);
};

describe('a file of an enemy', () => {
  test.each([
    ['a list', '[]'],
    ['nothing', ''],
    ['null', 'null'],
    ['an object without its fields', '{}'],
    ['too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a size below zero', withObject({ sizeBytes: -1 })],
    ['a size that is text', withObject({ sizeBytes: '4096' })],
    ['null for a name', withObject({ name: null })],
    ['an id that is none', withObject({ id: 'sysv:\x1b[31m' })],
    ['a kind that is none', withObject({ kind: 'constructor' })],
    ['a verdict that is none', withObject({ verdict: { state: '__proto__' } })],
    ['a time that is none', JSON.stringify({ ...GOOD(), takenAt: '2026-13-45T99:99:99.999Z' })],
    ['one id twice', JSON.stringify({ ...GOOD(), objects: [GOOD().objects[0], GOOD().objects[0]] })],
  ])('%s is refused in words', (_, content) => {
    const why = readSnapshotFile(file('hostile', content));
    expect(why).toBeTypeOf('string');
    expect(why).toMatch(/^[\x20-\x7e]+$/);
  });

  test('of another version is refused; one that is endless, a folder or a fifo is not waited for', async () => {
    const newer = file('newer', JSON.stringify({ ...GOOD(), schemaVersion: 999 }));
    expect((await diff([newer, newer])).err).toContain('a newer shmtop wrote it');
    const large = file('large', '{');
    truncateSync(large, 1024 ** 3);
    expect(readSnapshotFile(large)).toContain('larger than any snapshot');
    expect(readSnapshotFile(folder)).toContain('not a regular file');
    expect(readSnapshotFile('/dev/zero')).toContain('not a regular file');
    const fifo = join(folder, 'fifo');
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0);
    expect(readSnapshotFile(fifo)).toContain('not a regular file');
  });

  test('no byte of its texts reaches the terminal raw', async () => {
    const evil = '\x1b]52;c;eA==\x07\x9b2J\u202e\n';
    const snapshot = GOOD();
    snapshot.host.hostname = evil;
    Object.assign(snapshot.objects[0], {
      name: `/${evil}`,
      path: `/dev/shm/${evil}`,
      user: evil,
      software: { name: evil },
      id: 'posix:0:27:999',
      kind: 'posix',
    });
    const path = file('evil', JSON.stringify(snapshot));
    for (const words of [
      [path, written('a', SERVER)],
      [written('a', SERVER), path],
      [path, written('a', SERVER), '--json'],
    ]) {
      const { exitCode, out } = await diff(words);
      expect(exitCode).toBe(0);
      expect(out).toContain('x1b]52');
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    }
  });
});
