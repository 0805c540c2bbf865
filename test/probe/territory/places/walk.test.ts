// Walking /dev/shm: types, names in folders, and each thing that cannot be looked at as a gap.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GapList } from '../../../../src/probe/model/gap.ts';
import { deviceNumber } from '../../../../src/probe/model/join/mapping-record.ts';
import { FILE_TYPES, type FileStat, type Io } from '../../../../src/probe/source/io.ts';
import { nodeIo } from '../../../../src/probe/source/io-node.ts';
import { pathGround } from '../../../../src/probe/territory/places/ground.ts';
import { OWN_PLACE, type WalkLimits } from '../../../../src/probe/territory/places/limits.ts';
import { type ShmRoot, type Walk, walk } from '../../../../src/probe/territory/places/walk.ts';

const [EACCES, EIO, ENOENT] = [13, 5, 2];

/** Walks a place by its path, as captured trees are. */
function walkPath(io: Io, root: ShmRoot, gaps: GapList, limits: Partial<WalkLimits> = {}): Walk {
  const top = io.stat(root.reachedBy, 'follow');
  if (typeof top === 'number') throw new Error(`no ${root.reachedBy}`);
  const place = { kind: 'given', device: top.device, rootInode: top.inode, isShownElsewhere: false } as const;
  const ground = pathGround(io, root.reachedBy, top, false);
  return walk({ ground, root, place, limits: { ...OWN_PLACE, untilMs: Number.POSITIVE_INFINITY, ...limits } }, gaps);
}

describe('names of every type', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-shm-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string, sizeBytes: number) => {
    writeFileSync(join(folder, name), '');
    truncateSync(join(folder, name), sizeBytes);
  };
  file('object', 5000);
  file('.hidden', 0);
  file('sem.mutex', 32);
  file('sem.large', 4096);
  mkdirSync(join(folder, 'folder/inner'), { recursive: true });
  file('folder/inner/deep', 1);
  file('folder/sem.deep', 32);
  symlinkSync('/etc', join(folder, 'link'));
  execFileSync('mkfifo', [join(folder, 'fifo')]);

  test('are found in all folders and told apart; no link is followed', () => {
    const gaps = new GapList();
    const tree = walkPath(nodeIo(), { reachedBy: folder, path: '/dev/shm' }, gaps);
    const types = Object.fromEntries(tree.entries.map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      '/object': 'file',
      '/.hidden': 'file',
      '/sem.mutex': 'semaphore',
      '/sem.large': 'file',
      '/folder': 'directory',
      '/folder/inner': 'directory',
      '/folder/inner/deep': 'file',
      '/folder/sem.deep': 'semaphore',
      '/link': 'symlink',
      '/fifo': 'fifo',
    });
    expect(tree).toMatchObject({ isWhole: true });
    expect(tree.entries.find(({ name }) => name === '/object')).toMatchObject({
      path: '/dev/shm/object',
      reachedBy: `${folder}/object`,
      sizeBytes: 5000,
      links: 1,
    });
    expect(gaps.list()).toEqual([]);
  });
});

describe('what cannot be looked at', () => {
  const OURS = deviceNumber(0, 27);
  const status = (more: Partial<FileStat> = {}): FileStat => ({
    device: OURS,
    inode: 2,
    mode: FILE_TYPES.regular | 0o600,
    links: 1,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    allocatedBytes: 0,
    atimeSec: 1,
    mtimeSec: 1,
    ctimeSec: 1,
    ...more,
  });
  const FOLDER = status({ mode: FILE_TYPES.directory | 0o755 });
  /** A /dev/shm of which each path has a status, or an error, and each folder names, or an error. */
  function ioOf(stats: Record<string, FileStat | number>, folders: Record<string, string[] | number>): Io {
    const below = (path: string) => path.slice('/shm'.length);
    return {
      readFile: () => -ENOENT,
      readPids: () => -ENOENT,
      readLines: () => -ENOENT,
      readLink: () => -ENOENT,
      stat: (path) => (path === '/shm' ? FOLDER : (stats[below(path)] ?? -ENOENT)),
      readDir: (path) => folders[below(path)] ?? -ENOENT,
    };
  }
  function walkOf(stats: Record<string, FileStat | number>, folders: Record<string, string[] | number>) {
    const gaps = new GapList();
    const tree = walkPath(ioOf(stats, folders), { reachedBy: '/shm', path: '/dev/shm' }, gaps);
    return { names: tree.entries.map(({ name }) => name), isWhole: tree.isWhole, gaps: gaps.list() };
  }

  test('a folder of another user is a gap that names it, and the tree is not whole', () => {
    expect(walkOf({ '/private': FOLDER, '/x': status() }, { '': ['private', 'x'], '/private': -EACCES })).toEqual({
      names: ['/private', '/x'],
      isWhole: false,
      gaps: [{ source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/private: EACCES' }],
    });
  });

  test('a name whose status cannot be read is a gap, and the tree is not whole: an inode is not accounted for', () => {
    const { names, gaps, isWhole } = walkOf({ '/x\x1b': -EIO, '/y': status() }, { '': ['x\x1b', 'y'] });
    expect(names).toEqual(['/y']);
    expect(gaps).toEqual([{ source: 'dev-shm', reason: 'io', count: 1, detail: '/dev/shm/x\\x1b: EIO' }]);
    expect(isWhole).toBe(false);
  });

  test('what vanishes meanwhile is no gap', () => {
    expect(walkOf({ '/folder': FOLDER }, { '': ['gone', 'folder'] })).toEqual({
      names: ['/folder'],
      isWhole: true,
      gaps: [],
    });
  });

  test('another file system mounted inside is not walked, and that is said', () => {
    const other = status({ mode: FILE_TYPES.directory | 0o755, device: deviceNumber(0, 99) });
    const { names, gaps } = walkOf({ '/mount': other, '/mount/x': status() }, { '': ['mount'], '/mount': ['x'] });
    expect(names).toEqual(['/mount']);
    expect(gaps.map(({ source }) => source)).toEqual(['dev-shm']);
  });
});

describe('more names than are kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-shm-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (let at = 0; at < 40; at++) writeFileSync(join(folder, `f${at}`), Buffer.alloc(4096 * (1 + (at % 10))));
  mkdirSync(join(folder, 'a/b/c/d'), { recursive: true });
  writeFileSync(join(folder, 'a/b/c/d/deep'), Buffer.alloc(4096 * 50));

  test('leave the largest, and the number of the others is a gap that names the place', () => {
    const gaps = new GapList();
    const { entries, unlisted } = walkPath(nodeIo(), { reachedBy: folder, path: '/dev/shm' }, gaps, { names: 5 });
    expect(entries).toHaveLength(5);
    expect(entries[0]?.name).toBe('/a/b/c/d/deep');
    expect(entries.slice(1).map(({ name }) => name.slice(-1))).toEqual(['9', '9', '9', '9']);
    expect(unlisted).toBe(40);
    expect(gaps.list()).toEqual([
      {
        source: 'dev-shm',
        reason: 'limit',
        count: 40,
        detail: 'names in /dev/shm beyond the largest 5',
      },
    ]);
  });

  test('are told by the length of their paths too', () => {
    const { entries, unlisted } = walkPath(nodeIo(), { reachedBy: folder }, new GapList(), { pathBytes: 60 });
    expect(entries.reduce((sum, { name }) => sum + name.length, 0)).toBeLessThanOrEqual(60);
    expect(entries.length + unlisted).toBe(45);
  });

  test('below more folders than are walked are a gap', () => {
    const gaps = new GapList();
    const { entries, isWhole } = walkPath(nodeIo(), { reachedBy: folder, path: '/dev/shm' }, gaps, { depth: 2 });
    expect(entries.map(({ name }) => name)).toContain('/a/b/c');
    expect(entries.map(({ name }) => name)).not.toContain('/a/b/c/d');
    expect(isWhole).toBe(false);
    expect(gaps.list().map(({ source, reason }) => ({ source, reason }))).toEqual([
      { source: 'dev-shm', reason: 'limit' },
    ]);
  });

  test('end with the time that they are given', () => {
    const gaps = new GapList();
    const wide: Record<string, string[]> = { '': Array.from({ length: 5000 }, (_, at) => `f${at}`) };
    const stat = nodeIo().stat(folder, 'follow');
    const file = nodeIo().stat(join(folder, 'f1'), 'follow');
    if (typeof stat === 'number' || typeof file === 'number') throw new Error('no folder');
    const io: Io = { ...nodeIo(), stat: () => file, readDir: (path) => wide[path.slice('/shm'.length)] ?? [] };
    const place = { kind: 'given', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
    const limits = { ...OWN_PLACE, untilMs: performance.now() - 1 };
    const { entries, isWhole } = walk(
      { ground: pathGround(io, '/shm', stat, true), root: { reachedBy: '/shm' }, place, limits },
      gaps,
    );
    expect(isWhole).toBe(false);
    expect(entries.length).toBeLessThan(500);
    expect(gaps.list()[0]?.detail).toBe('the rest of /shm, which was not walked to its end in time');
  });
});
