// The account closes: memory of every kind, alone and mixed, is found in its part, once, and the remainder is what it was before.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labMissing, labTitle } from '../support/lab.ts';

const MIB = 1 << 20;
const fileOf = (name: string) => fileURLToPath(new URL(`account/${name}`, import.meta.url));
const missing = labMissing() ?? (spawnSync('python3', ['--version']).error ? 'no program "python3"' : undefined);

interface Totals {
  readonly shmemBytes: number;
  readonly remainderBytes: number;
}

interface Measured {
  readonly before: Totals;
  readonly after: Totals;
  /** Bytes of what was made, by the name of its part. */
  readonly made: Readonly<Record<string, number>>;
  readonly failed?: boolean;
}

/** Words for mix.py that make memory of one kind, the part that it is in, and how many times its size that takes. */
const KINDS: readonly (readonly [word: string, part: string, times: number])[] = [
  ['sysv', 'sysv', 1],
  ['memfd', 'memfd', 1],
  ['anonymous', 'anonymous', 1],
  ['posix', 'shm', 1],
  ['posix_left', 'shm', 1],
  ['posix_unlinked', 'shm', 1],
  ['plain', 'plain', 1],
  ['opened', 'opened', 1],
  ['mapped_file', 'mapped', 1],
  ['deleted_open', 'deleted', 1],
  ['deleted_mapped', 'deleted-mapped', 1],
  ['lazy', 'lazy', 2],
  ['lazy_mapped', 'lazy-mapped', 1],
  ['bound', 'bound', 2],
  ['unlimited', 'unlimited', 1],
];

const MIXTURES = [
  'sysv:12 posix:20',
  'posix:8 posix_left:8 posix_unlinked:16',
  'memfd:16 anonymous:16',
  'sysv:8 memfd:8 anonymous:8 posix:8',
  'plain:24 mapped_file:8',
  'deleted_open:16 deleted_mapped:16',
  'lazy:8 lazy_mapped:16',
  'opened:8 deleted_open:8 lazy:8 sysv:8',
  'bound:8 plain:16',
  'unlimited:16 memfd:16',
  'holes:32 posix:32',
  'posix_left:16 plain:16 sysv:1',
  'sysv:4 memfd:4 anonymous:4 posix:4 posix_left:4 posix_unlinked:4 plain:4 opened:4 mapped_file:4 deleted_open:4',
  'lazy:4 lazy_mapped:4 bound:4 deleted_mapped:4 posix_unlinked:4 anonymous:8 memfd:8',
];

function wantedOf(words: readonly string[]): Record<string, number> {
  const wanted: Record<string, number> = {};
  for (const word of words) {
    const [name = '', size = '0'] = word.split(':');
    const [, part = '', times = 0] = KINDS.find(([kind]) => kind === name) ?? [];
    if (times > 0) wanted[part] = (wanted[part] ?? 0) + Number(size) * times * MIB;
  }
  return wanted;
}

/** What others do meanwhile, whom this pid namespace does not see, ends; what is missing is missing each time. */
const ROUNDS = 25;

describe.skipIf(missing)(labTitle('the account of shared memory', missing), () => {
  let looker: ChildProcessWithoutNullStreams;
  let answers: AsyncIterator<string>;
  const scratch = missing ? '' : mkdtempSync(join(tmpdir(), 'shmtop-account-'));

  beforeAll(() => {
    const unshare = ['--ipc', '--mount', '--propagation', 'private', '--pid', '--mount-proc', '--fork', '--kill-child'];
    looker = spawn('unshare', [...unshare, process.execPath, fileOf('looker.ts'), fileOf('mix.py'), scratch]);
    looker.stderr.pipe(process.stderr);
    answers = createInterface({ input: looker.stdout })[Symbol.asyncIterator]();
  });
  afterAll(async () => {
    looker?.stdin.end();
    if (looker && looker.exitCode === null) await new Promise((resolve) => looker.once('exit', resolve));
    if (scratch !== '') rmSync(scratch, { recursive: true, force: true });
  });

  async function measure(words: readonly string[]): Promise<Measured> {
    looker.stdin.write(`${JSON.stringify(words)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error('who looks has ended');
    const measured: Measured = JSON.parse(value);
    if (measured.failed) throw new Error(`could not be made: ${words.join(' ')}`);
    return measured;
  }

  /** All that was made is in its parts, and Shmem has grown by no more than that, within 1 %. */
  async function expectClosed(words: readonly string[]): Promise<void> {
    const wanted = wantedOf(words);
    const sum = Object.values(wanted).reduce((total, bytes) => total + bytes, 0);
    const off: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { before, after, made } = await measure(words);
      expect(made).toEqual(wanted);
      const grown = Math.abs(after.shmemBytes - before.shmemBytes - sum);
      off.push(Math.max(grown, Math.abs(after.remainderBytes - before.remainderBytes)));
      if (Math.min(...off) <= 0.01 * sum) return;
    }
    throw new Error(`does not close within 1 % of ${sum}: off by ${off.join(', ')}`);
  }

  test.each(KINDS)('%s alone is all in its part', async (word) => expectClosed([`${word}:24`]));

  test.each(MIXTURES)('closes with %s', async (text) => expectClosed(text.split(' ')));

  test('who fills a mount is told, and a limit of exabytes hides no page of it', () => {
    const own = mkdtempSync(join(tmpdir(), 'shmtop-whose-'));
    try {
      const words = ['--mount', '--propagation', 'private', process.execPath, fileOf('whose.ts'), own];
      const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
      if (stdout === '') throw new Error(stderr);
      expect(JSON.parse(stdout)).toEqual({
        roots: { isForeign: false, sizeBytes: MIB, usedBytes: 0 },
        users: { isForeign: false, isOfOthers: true, sizeBytes: MIB, usedBytes: 0 },
        pods: { isForeign: false, isOfOthers: true, sizeBytes: MIB, usedBytes: 0 },
        endless: { isForeign: true, usedBytes: 489 * 4096 },
      });
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });

  test('pages of files on a hugetlbfs are in their pool, and not in Shmem', async ({ skip }) => {
    const pool = '/proc/sys/vm/nr_hugepages';
    const old = Number(readFileSync(pool, 'utf8'));
    try {
      writeFileSync(pool, String(old + 6));
      if (Number(readFileSync(pool, 'utf8')) < old + 6) return skip('no huge pages to be had');
      const { made } = await measure(['hugetlb:4', 'memfd:8']);
      expect(made).toEqual({ huge: 8 * MIB, memfd: 8 * MIB });
    } finally {
      writeFileSync(pool, String(old));
    }
  });
});
