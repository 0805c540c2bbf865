// Walking /dev/shm: types, names in folders, and each thing that cannot be looked at as a gap.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { GapList } from '../../../src/probe/model/gap.ts';
import { deviceNumber } from '../../../src/probe/model/mapping-record.ts';
import { readShmTree } from '../../../src/probe/source/dev-shm.ts';
import { FILE_TYPES, type FileStat, type Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';

const [EACCES, EIO, ENOENT] = [13, 5, 2];

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
    const tree = readShmTree(nodeIo(), { reachedBy: folder, path: '/dev/shm' }, gaps);
    const types = Object.fromEntries(tree?.entries.map(({ name, type }) => [name, type]) ?? []);
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
    expect(tree?.entries.find(({ name }) => name === '/object')).toMatchObject({
      path: '/dev/shm/object',
      reachedBy: `${folder}/object`,
      sizeBytes: 5000,
      links: 1,
    });
    expect(gaps.list()).toEqual([]);
  });

  test('are none, and no gap, where there is no such folder', () => {
    const gaps = new GapList();
    expect(readShmTree(nodeIo(), { reachedBy: join(folder, 'none') }, gaps)).toBeUndefined();
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
  function walk(stats: Record<string, FileStat | number>, folders: Record<string, string[] | number>) {
    const gaps = new GapList();
    const tree = readShmTree(ioOf(stats, folders), { reachedBy: '/shm', path: '/dev/shm' }, gaps);
    return { names: tree?.entries.map(({ name }) => name), isWhole: tree?.isWhole, gaps: gaps.list() };
  }

  test('a folder of another user is a gap that names it, and the tree is not whole', () => {
    expect(walk({ '/private': FOLDER, '/x': status() }, { '': ['private', 'x'], '/private': -EACCES })).toEqual({
      names: ['/private', '/x'],
      isWhole: false,
      gaps: [{ source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/private: EACCES' }],
    });
  });

  test('a name whose status cannot be read is a gap, and the tree is not whole: an inode is not accounted for', () => {
    const { names, gaps, isWhole } = walk({ '/x\x1b': -EIO, '/y': status() }, { '': ['x\x1b', 'y'] });
    expect(names).toEqual(['/y']);
    expect(gaps).toEqual([{ source: 'dev-shm', reason: 'io', count: 1, detail: '/dev/shm/x\\x1b: EIO' }]);
    expect(isWhole).toBe(false);
  });

  test('what vanishes meanwhile is no gap', () => {
    expect(walk({ '/folder': FOLDER }, { '': ['gone', 'folder'] })).toEqual({
      names: ['/folder'],
      isWhole: true,
      gaps: [],
    });
  });

  test('another file system mounted inside is not walked, and that is said', () => {
    const other = status({ mode: FILE_TYPES.directory | 0o755, device: deviceNumber(0, 99) });
    const { names, gaps } = walk({ '/mount': other, '/mount/x': status() }, { '': ['mount'], '/mount': ['x'] });
    expect(names).toEqual(['/mount']);
    expect(gaps.map(({ source }) => source)).toEqual(['dev-shm']);
  });
});
