// Clues about names that nobody holds: the kernel keeps no maker, so that families, numbers and owners are all there is.
import { describe, expect, test } from 'vitest';
import type { NameDraft } from '../../../src/probe/model/join/join.ts';
import { deviceNumber } from '../../../src/probe/model/join/mapping-record.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { findClues } from '../../../src/probe/source/name-clues.ts';
import { PidBook } from '../../../src/probe/source/pid-book.ts';

const SHM = deviceNumber(0, 27);
const NOBODY_KNOWN = { ipcOf: new Map(), mountOf: new Map(), refused: [], threadsLeft: [] };

const draft = (name: string, bornSec: number, usedSec = bornSec, uid = 0): NameDraft => ({
  id: name,
  kind: 'posix',
  otherNames: [],
  holds: new Map(),
  entry: {
    device: SHM,
    inode: bornSec,
    name,
    reachedBy: name,
    place: { kind: 'whole', device: SHM, rootInode: 1, isShownElsewhere: false },
    type: 'file',
    ...{ mode: 0o600, links: 1, uid, gid: 0, sizeBytes: 0, allocatedBytes: 0 },
    ...{ atimeSec: usedSec, mtimeSec: usedSec, ctimeSec: usedSec, btimeSec: bornSec },
  },
});

/** Of a captured tree without a process: every pid is dead. */
const context = {
  pids: new PidBook(nodeIo(), '/nowhere', 'captured', undefined, [], NOBODY_KNOWN),
  clock: () => undefined,
  reach: { canReach: () => true },
};
const cluesOf = (one: NameDraft, others: readonly (NameDraft & { isInUse?: boolean })[] = []) =>
  findClues(
    [{ draft: one }],
    [one, ...others].map((other) => ({ entry: other.entry, isInUse: 'isInUse' in other })),
    context,
  )[0];

describe('a process named by a name', () => {
  // Lower numbers in a name are taken for no pid.
  test.skipIf(process.ppid < 300)('that /proc hides is no dead one, whatever can be seen of its mounts', () => {
    // Our own parent, whom a /proc without him does not show: the kernel says that there is such a process.
    const hidden = new PidBook(nodeIo(), '/nowhere', 'own', undefined, [], NOBODY_KNOWN);
    const one = draft(`/render-${process.ppid}-frames`, 100);
    const [clues] = findClues([{ draft: one }], [{ entry: one.entry, isInUse: false }], {
      ...context,
      pids: hidden,
      reach: { canReach: () => false },
    });
    expect(clues?.digitsPid).toMatchObject({ state: 'invisible' });
  });
});

describe('the bounds of a look', () => {
  test('are not used up by what one user makes by the thousand: who wants the name of another is found', () => {
    const spend = (ms: number) => {
      for (const endMs = performance.now() + ms; performance.now() < endMs; );
    };
    const pids = {
      ofUser: (uid: number) => (uid === 0 ? [500] : []),
      answer: () => 'none' as const,
      mentions: (_: number, names: readonly string[]) => {
        spend(names.length / 20);
        return new Map(names.includes('wanted_cache') ? [['wanted_cache', 'command line']] : []);
      },
    };
    const crowd = Array.from({ length: 20_000 }, (_, at) => draft(`/flood_${4_000_000 + at}`, 100, 100, 65534));
    const wanted = [draft('/wanted_cache', 100, 100, 0), draft('/job-4000123-out', 100, 100, 1000)];
    const clues = findClues(
      [...crowd, ...wanted].map((one) => ({ draft: one })),
      [],
      { ...context, pids: Object.assign(Object.create(context.pids), pids) },
    );
    expect(clues.at(-2)?.namedBy).toMatchObject({ pid: 500, where: 'command line' });
    expect(clues.at(-1)?.digitsPid).toMatchObject({ pid: 4_000_123 });
  });
});

describe('a name of a family', () => {
  const inUse = (name: string, bornSec: number) => ({ ...draft(name, bornSec), isInUse: true });

  test('is of a run that lives where one as old is in use, and of an old one where all others are newer', () => {
    const old = draft('/ring.17', 100, 200);
    expect(cluesOf(old)?.family).toBeUndefined();
    expect(cluesOf(old, [inUse('/ring.18', 150)])?.family).toBe('alive');
    expect(cluesOf(old, [inUse('/ring.18', 300)])?.family).toBe('newer');
    expect(cluesOf(old, [draft('/ring.18', 300)])?.family).toBe('newer');
  });

  test('has nothing to do with names of other words, owners or without a number', () => {
    const old = draft('/ring.17', 100, 200);
    expect(cluesOf(old, [inUse('/king.18', 150)])?.family).toBeUndefined();
    const { entry, ...rest } = inUse('/ring.18', 150);
    expect(cluesOf(old, [{ ...rest, entry: { ...entry, uid: 7 } }])?.family).toBeUndefined();
    expect(cluesOf(draft('/ring', 100), [inUse('/ring', 90)])?.family).toBeUndefined();
  });

  test('costs no more than there are names, however many they are', () => {
    const names = Array.from({ length: 20_000 }, (_, at) => draft(`/x.${at + 1}`, 100 + at, 100 + at, 1000));
    const startedMs = performance.now();
    const clues = findClues(
      names.map((one) => ({ draft: one })),
      names.map(({ entry }) => ({ entry, isInUse: false })),
      context,
    );
    expect(clues).toHaveLength(20_000);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

test('a number that can be a pid, standing alone, is said to be dead; versions, ranks and hashes are none', () => {
  for (const name of ['/a-4000123', '/4000123.x', '/dir/b_4000123_0']) {
    expect(cluesOf(draft(name, 100))?.digitsPid, name).toEqual({ pid: 4_000_123, state: 'dead' });
  }
  for (const name of ['/a-12', '/v4000123', '/4000123f', '/a-99999999', '/plain']) {
    expect(cluesOf(draft(name, 100))?.digitsPid, name).toBeUndefined();
  }
});

test('of a user without a process that is said; of root it never is', () => {
  expect(cluesOf(draft('/thing', 100, 100, 1000))?.owner).toEqual({ are: 'none' });
  expect(cluesOf(draft('/thing', 100))?.owner).toBeUndefined();
});
