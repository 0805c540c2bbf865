// The ledger: what was told, as lives. Each case beside the one that differs in a point.
import { describe, expect, test } from 'vitest';
import type { Life } from '../../../src/probe/model/life/life.ts';
import { Draft } from '../../../src/witness/model/draft.ts';
import { Ledger } from '../../../src/witness/model/ledger.ts';
import type { FileFacts, FileTold, Look } from '../../../src/witness/model/seen.ts';
import type { Limits } from '../../../src/witness/model/shelf.ts';

const T = 1_764_340_000_000;
const ALL = { forks: true, attaches: true };

const facts = (inode: number, more: Partial<FileFacts> = {}): FileFacts => ({
  device: '0:27',
  inode,
  birthNs: `${T + inode}000000`,
  bornMs: T + inode,
  links: 1,
  uid: 1000,
  ...more,
});

const look = (startTicks: number, more: Partial<Look> = {}): Look => ({ startTicks, comm: 'x', parent: 1, ...more });

const row = (cpid: number, more: object = {}) => ({
  key: 0,
  mode: 0o600,
  sizeBytes: 4096,
  cpid,
  lpid: 0,
  nattch: 0,
  uid: 0,
  gid: 0,
  cuid: 0,
  cgid: 0,
  atimeSec: 0,
  dtimeSec: 0,
  ctimeSec: T / 1000,
  ...more,
});

class Story {
  readonly ledger: Ledger;
  readonly lives = new Map<string, Life>();

  constructor(tells = ALL, limits?: Limits) {
    this.ledger = new Ledger(tells, limits);
    this.round();
  }

  round(): this {
    this.ledger.tree.nextRound();
    return this;
  }

  file(what: FileTold['what'], inode: number, pid: number | undefined, more: Partial<FileTold> = {}): this {
    this.ledger.file({ atMs: T + 100, what, file: facts(inode), pid, rawName: `/n${inode}`, ...more });
    return this;
  }

  fork(parent: number, pid: number): this {
    this.ledger.tree.fork(parent, pid, T + 100);
    return this;
  }

  ended(pid: number, status = 9): this {
    this.ledger.tree.ended({ pid, status, atMs: T + 200, uid: 7, comm: 'late', parent: 1 });
    return this;
  }

  life(end: string | number): Life {
    const { lives, forgotten } = this.ledger.batch();
    for (const identity of forgotten) this.lives.delete(identity);
    for (const life of lives) this.lives.set(life.identity, life);
    const found = [...this.lives.values()].filter(({ id }) => id.endsWith(`:${end}`));
    const [life] = found;
    if (!life || found.length > 1) throw new Error(`${found.length} lives of ${end}`);
    return life;
  }
}

describe('a file', () => {
  test('made, and its maker killed before anybody looked: who it was and how it ended is known', () => {
    const life = new Story().file('made', 5, 100).fork(1, 100).ended(100).life(5);
    expect(life).toMatchObject({ bornMs: T + 5, isMakerKnown: true, actorsLeftOut: 0, rawName: '/n5' });
    expect(life.actors).toEqual([
      expect.objectContaining({ pid: 100, uid: 7, comm: 'late', ended: { atMs: T + 200, signal: 9 } }),
    ]);
    expect(life.unseenMs).toBeUndefined();
  });

  test.each([
    ['exit 0', 0, { atMs: T + 200, exitCode: 0 }],
    ['exit 3', 3 << 8, { atMs: T + 200, exitCode: 3 }],
    ['SIGSEGV with a core', 0x8b, { atMs: T + 200, signal: 11 }],
  ])('tells %s', (_, status, ending) => {
    expect(new Story().file('made', 5, 100).ended(100, status).life(5).actors[0]?.ended).toEqual(ending);
  });

  test('whoever writes by a descriptor that he was handed is a user, though the size stays', () => {
    const story = new Story().file('made', 5, 100).file('resized', 5, 100).fork(1, 100).fork(1, 101);
    expect(
      story
        .round()
        .file('resized', 5, 101)
        .life(5)
        .actors.map(({ pid }) => pid),
    ).toEqual([100, 101]);
    const { deeds } = story.life(5);
    for (let time = 0; time < 100; time++) story.file('resized', 5, time % 2 === 0 ? 100 : 101);
    expect(story.life(5).deeds.length).toBeLessThanOrEqual(deeds.length);
    expect(story.life(5).unseenMs).toBeUndefined();
    expect(story.file('resized', 5, undefined).life(5).unseenMs).toBe(T + 100);
  });

  test('without a name for a while (O_TMPFILE) has users whom nobody told, though crowds of others follow', () => {
    const linked = (between: number) => {
      const story = new Story();
      story.file('opened', 5, 100, { rawName: undefined });
      for (let inode = 10; inode < 10 + between; inode++) story.file('opened', inode, 66, { rawName: undefined });
      return story.file('made', 5, 100).life(5);
    };
    expect(linked(0).unseenMs).toBeDefined();
    expect(linked(10_001).unseenMs).toBeDefined();
  });

  test('that a listing found has no birth, and a link to it gives it none', () => {
    const story = new Story();
    story.ledger.found(facts(5, { bornMs: undefined }), '/n5', T);
    expect(story.file('made', 5, 100, { rawName: '/link' }).life(5).bornMs).toBeUndefined();
  });

  test('whose birth lies before its file system was watched is not born, though its making is told', () => {
    const life = new Story().file('made', 5, 100, { file: facts(5, { bornMs: undefined }) }).life(5);
    expect(life.bornMs).toBeUndefined();
  });

  test('opened by somebody whom the kernel does not name is not gapless', () => {
    const story = new Story().file('made', 5, 100);
    expect(story.life(5).unseenMs).toBeUndefined();
    expect(story.file('opened', 5, undefined).life(5).unseenMs).toBe(T + 100);
  });

  test('with the number of one that went is another', () => {
    const story = new Story().file('made', 5, 100).file('made', 5, 101, { file: facts(5, { birthNs: `${T}999999` }) });
    const lives = story.ledger.batch().lives;
    expect(lives.map(({ goneMs }) => goneMs !== undefined)).toEqual([true, false]);
    expect(lives.map(({ actors }) => actors.map(({ pid }) => pid))).toEqual([[100], [101]]);
  });

  test('that another is renamed over is gone, by whoever renamed', () => {
    const story = new Story().file('made', 5, 100).file('made', 6, 101);
    story.file('renamed', 6, 102, { rawName: '/n5' });
    const replaced = story.life(5);
    expect(replaced.goneMs).toBe(T + 100);
    expect(replaced.actors[replaced.deeds.at(-1)?.by ?? -1]?.pid).toBe(102);
    expect(story.life(6)).toMatchObject({ rawName: '/n5' });
    expect(story.life(6).goneMs).toBeUndefined();
  });

  test('that is renamed, even twice, keeps the name it was first seen under, through another start too', () => {
    const story = new Story().file('made', 5, 100);
    expect(story.life(5).firstName).toBeUndefined();
    story.file('renamed', 5, 101, { rawName: '/aside' }).file('renamed', 5, 101, { rawName: '/aside-2' });
    expect(story.life(5)).toMatchObject({ rawName: '/aside-2', firstName: '/n5' });
    expect(Draft.from(story.life(5), 1, () => undefined).life(() => 0).firstName).toBe('/n5');
    expect(story.file('renamed', 5, 101, { rawName: '/n5' }).life(5).firstName).toBeUndefined();
  });

  test('that loses one of two names stays', () => {
    const story = new Story().file('made', 5, 100);
    expect(story.file('removed', 5, 100, { file: facts(5, { links: 1 }) }).life(5).goneMs).toBeUndefined();
    expect(story.file('removed', 5, 100, { file: facts(5, { links: 0 }) }).life(5).goneMs).toBe(T + 100);
  });

  test('of a witness that is told of no forks is never gapless', () => {
    expect(new Story({ forks: false, attaches: true }).file('made', 5, 100).life(5).unseenMs).toBeDefined();
  });
});

describe('relatives', () => {
  test('a living child of a dead maker counts as one who used it, until it ends', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100).fork(100, 101).ended(100);
    expect(story.life(5).actors.map(({ pid, ended }) => [pid, ended !== undefined])).toEqual([
      [100, true],
      [101, false],
    ]);
    expect(
      story
        .round()
        .ended(101)
        .life(5)
        .actors.map(({ pid }) => pid),
    ).toEqual([100]);
  });

  test('a grandchild does so though the child between has gone', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100).fork(100, 101).fork(101, 102).ended(101).ended(100);
    expect(story.life(5).actors.map(({ pid }) => pid)).toEqual([100, 102]);
  });

  test('a chain of a hundred thousand parents that die is not kept', () => {
    const story = new Story().file('made', 5, 10).fork(1, 10);
    for (let pid = 10; pid < 100_010; pid++) story.fork(pid, pid + 1).ended(pid);
    expect(story.life(5).actors.map(({ pid }) => pid)).toEqual([10, 100_010]);
    expect(story.ledger.tree.size).toBeLessThan(10);
  });

  test('more living descendants than are kept are counted', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100);
    for (let pid = 200; pid < 300; pid++) story.fork(100, pid);
    const life = story.ended(100).life(5);
    expect(life.actors.length).toBe(9);
    expect(life.actorsLeftOut).toBeGreaterThan(0);
  });
});

describe('pids', () => {
  test('one that was given out again in the same round leaves both in doubt', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100).ended(100).fork(1, 100);
    expect(story.life(5).unseenMs).toBeDefined();
  });

  test('one that was given out again later is another process', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100).ended(100).round().fork(1, 100).file('opened', 5, 100);
    const life = story.life(5);
    expect(life.actors.map(({ ended }) => ended !== undefined)).toEqual([true, false]);
    expect(life.unseenMs).toBeUndefined();
  });

  test('one whose end was not told stays without an end for ever', () => {
    const story = new Story().file('made', 5, 100).fork(1, 100).round().fork(1, 100).ended(100);
    expect(story.life(5).actors[0]?.ended).toBeUndefined();
  });
});

describe('a segment', () => {
  const told = (atMs: number, more?: object) => ({ atMs, ipcNamespace: '1', shmid: 5, row: row(100, more) });

  test('made and attached between two looks has its maker and its users, though all have ended', () => {
    const story = new Story().fork(1, 100).fork(1, 101);
    story.ledger.attach({ pid: 100, shmid: 5, atMs: T + 10, key: 0, sizeBytes: 4096 }, undefined, ['1']);
    story.ledger.attach({ pid: 101, shmid: 5, atMs: T + 20, key: 0, sizeBytes: 4096 }, undefined, ['1']);
    story.ended(100).ended(101, 0).round();
    story.ledger.row(told(T + 900, { atimeSec: T / 1000, lpid: 101 }), false);
    const life = story.life(5);
    expect(life.actors.map(({ pid, ended }) => [pid, ended?.signal, ended?.exitCode])).toEqual([
      [100, 9, undefined],
      [101, undefined, 0],
    ]);
    expect(life).toMatchObject({ isMakerKnown: true, bornMs: T + 10 });
    expect(life.unseenMs).toBeUndefined();
  });

  test('whose maker ended without attaching is known by him all the same', () => {
    const story = new Story().fork(1, 100).ended(100).round();
    story.ledger.row(told(T + 900), false);
    expect(story.life(5).actors).toEqual([expect.objectContaining({ pid: 100, ended: { atMs: T + 200, signal: 9 } })]);
  });

  test('whose maker nobody saw end has one without an end, not one that may end later', () => {
    const story = new Story();
    story.ledger.row(told(T + 900), false);
    story.fork(1, 100).ended(100);
    expect(story.life(5).actors[0]?.ended).toBeUndefined();
  });

  test('whose maker lives is looked at', () => {
    const story = new Story();
    story.ledger.row({ ...told(T + 900), maker: look(77) }, false);
    expect(story.life(5).actors[0]).toMatchObject({ pid: 100, startTicks: 77 });
  });

  test('that was there at the first look has no birth', () => {
    const story = new Story();
    story.ledger.row(told(T + 900), true);
    expect(story.life(5)).toMatchObject({ actors: [], isMakerKnown: false });
  });

  test('attached by somebody of whom nothing was told is not gapless', () => {
    const story = new Story().fork(1, 100);
    story.ledger.attach({ pid: 100, shmid: 5, atMs: T + 10, key: 0, sizeBytes: 4096 }, undefined, ['1']);
    story.ledger.row(told(T + 900, { atimeSec: T / 1000, lpid: 100 }), false);
    expect(story.life(5).unseenMs).toBeUndefined();
    story.ledger.row(told(T + 1900, { atimeSec: T / 1000 + 1, lpid: 0 }), false);
    expect(story.life(5).unseenMs).toBe(T + 1900);
  });

  test('an attach in a namespace that is not known counts for each that has such a number', () => {
    const story = new Story();
    story.ledger.row(told(T + 900), true);
    story.ledger.row({ ...told(T + 900), ipcNamespace: '2' }, true);
    story
      .fork(1, 300)
      .ledger.attach({ pid: 300, shmid: 5, atMs: T + 950, key: 0, sizeBytes: 4096 }, undefined, ['1', '2']);
    const lives = story.ledger.batch().lives;
    expect(lives.map(({ actors }) => actors.map(({ pid }) => pid))).toEqual([[300], [300]]);
  });
});

test('an attach of a segment of another key or size, of the same number in another namespace, is not taken for a use', () => {
  const story = new Story().fork(1, 100).fork(1, 300);
  const told = { atMs: T + 900, ipcNamespace: '1', shmid: 5, row: row(100, { key: 7, sizeBytes: 8000 }) };
  story.ledger.row({ ...told, maker: look(77) }, false);
  const attach = (key: number, sizeBytes: number) =>
    story.ledger.attach({ pid: 300, shmid: 5, atMs: T + 950, key, sizeBytes }, undefined, ['1', '2']);
  attach(0, 8192);
  attach(7, 4096);
  expect(story.life(5).actors.map(({ pid }) => pid)).toEqual([100]);
  attach(7, 8192);
  expect(story.life(5).actors.map(({ pid }) => pid)).toEqual([100, 300]);
});

describe('bounds', () => {
  test('of users who ended the maker and the latest are kept, and nobody is left out', () => {
    const story = new Story().file('made', 5, 10).fork(1, 10).ended(10, 9);
    for (let pid = 1000; pid < 3000; pid++) story.round().fork(1, pid).file('opened', 5, pid).ended(pid, 0);
    const life = story.life(5);
    expect(life.actors.length).toBeLessThanOrEqual(64);
    expect(life.actors[0]?.pid).toBe(10);
    expect(life.actorsLeftOut).toBe(0);
    expect(life.deeds.length).toBeLessThanOrEqual(32);
    expect(life.deeds.every(({ by }) => by !== undefined && by < life.actors.length)).toBe(true);
  });

  test('of users who live those beyond are counted', () => {
    const story = new Story().file('made', 5, 10);
    for (let pid = 1000; pid < 1100; pid++) story.file('opened', 5, pid);
    expect(story.life(5).actorsLeftOut).toBe(37);
  });

  test('who makes more than there is room for loses his own, and others keep theirs', () => {
    const story = new Story(ALL, { living: 100, gone: 50, bytes: 1_000_000 });
    for (let inode = 1; inode <= 10; inode++) story.file('made', inode, 10);
    for (let inode = 1; inode <= 1000; inode++)
      story.file('made', inode, 66, { file: facts(inode, { device: '0:99' }) });
    for (let inode = 11; inode <= 20; inode++) story.file('made', inode, 10);
    const lives = story.ledger.batch(true).lives;
    expect(lives.length).toBeLessThanOrEqual(100);
    expect(lives.filter(({ id }) => id.startsWith('posix:0:27:')).length).toBe(20);
    expect(story.ledger.leftOut).toBeGreaterThan(800);
  });

  test.each([
    ['in the place of others', (inode: number) => facts(inode + 5000, { uid: 66 })],
    ['in many places of his own', (inode: number) => facts(inode, { uid: 66, device: `0:${200 + inode}` })],
    ['as many users of a place of his own', (inode: number) => facts(inode, { uid: 100_000 + inode, device: '0:99' })],
  ])('who makes more than there is room for, %s, takes neither knowledge nor room from others', (_, ofHog) => {
    const story = new Story(ALL, { living: 160, gone: 50, bytes: 1_000_000 });
    for (let inode = 1; inode <= 20; inode++) story.file('made', inode, 10);
    for (let at = 1; at <= 1000; at++) story.file('made', ofHog(at).inode, 66, { file: ofHog(at), rawName: `/h${at}` });
    for (let inode = 21; inode <= 40; inode++) story.file('made', inode, 10);
    const { lives } = story.ledger.batch(true);
    const others = lives.filter(({ uid }) => uid === 1000);
    expect(others.length).toBe(40);
    expect(others.every(({ bornMs, isMakerKnown }) => bornMs !== undefined && isMakerKnown)).toBe(true);
    expect(lives.length).toBeLessThanOrEqual(160);
  });

  test('what one does to few objects is bounded too: names of a thousand bytes, again and again', () => {
    const story = new Story(ALL, { living: 1000, gone: 100, bytes: 200_000 });
    for (let inode = 1; inode <= 20; inode++) story.file('made', inode, 10);
    const name = (at: number) => `/${'n'.repeat(1000)}${at}`;
    for (let at = 0; at < 4000; at++) {
      const file = facts(5000 + (at % 100), { uid: 66, device: '0:99' });
      story.file(at < 100 ? 'made' : 'renamed', file.inode, 66, { file, rawName: name(at) });
      if (at % 50 === 0) story.ledger.batch();
    }
    for (let at = 0; at < 2000; at++) {
      const file = facts(9000 + at, { uid: 66, device: '0:99', links: 0 });
      story.file('made', file.inode, 66, { file, rawName: name(at) }).file('removed', file.inode, 66, { file });
    }
    const { lives } = story.ledger.batch(true);
    expect(JSON.stringify(lives).length).toBeLessThan(400_000);
    expect(lives.filter(({ uid, bornMs }) => uid === 1000 && bornMs !== undefined).length).toBe(20);
  });

  test('what had to give way and is told of again is not born anew', () => {
    const story = new Story(ALL, { living: 100, gone: 50, bytes: 1_000_000 });
    for (let inode = 1; inode <= 100; inode++) story.file('made', inode, 10);
    story.file('made', 7, 66, { file: facts(7, { device: '0:99', bornMs: T }) });
    story.file('made', 100, 66, { rawName: '/link' });
    expect(story.life(100).bornMs).toBeUndefined();
  });

  test('of what has gone the oldest of the user with most is forgotten first', () => {
    const story = new Story(ALL, { living: 100, gone: 10, bytes: 1_000_000 });
    const gone = (inode: number, uid: number) => {
      story.file('made', inode, 10, { file: facts(inode, { uid }) });
      story.file('removed', inode, 10, { file: facts(inode, { uid, links: 0 }) });
    };
    gone(1, 1000);
    for (let inode = 2; inode < 100; inode++) gone(inode, 2000);
    const { lives, forgotten } = story.ledger.batch(true);
    expect(lives.length).toBe(10);
    expect(lives.some(({ uid }) => uid === 1000)).toBe(true);
    expect(forgotten.length).toBe(89);
  });
});

test('what was written is taken up again: who still lives is told of from now on', () => {
  const first = new Story().file('made', 5, 100).fork(1, 100).fork(1, 101).file('opened', 5, 101);
  first.ended(100);
  const [life] = first.ledger.batch().lives;
  const next = new Story();
  const find = ({ pid }: { readonly pid: number }) => (pid === 101 ? next.ledger.tree.person(101) : undefined);
  next.ledger.load(life ? [life] : [], find, T + 500);
  next.ended(101, 0);
  expect(next.life(5).actors.map(({ pid, ended }) => [pid, ended?.signal, ended?.exitCode])).toEqual([
    [100, 9, undefined],
    [101, undefined, 0],
  ]);
  expect(next.life(5).deeds).toEqual(life?.deeds);
});
