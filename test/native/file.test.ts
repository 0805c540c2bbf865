// Each function over files once where it succeeds and once where it fails: results are what Node sees, errors are -errno.
import {
  constants,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  EACCES,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  ENOTEMPTY,
  ENOTTY,
  EXDEV,
} from '../../src/native/errno.ts';
import * as file from '../../src/native/file.ts';
import {
  AT_FDCWD,
  AT_REMOVEDIR,
  DIRENT64,
  PROCMAP,
  PROCMAP_QUERY_LAYOUT,
  RENAME_NOREPLACE,
  RESOLVE,
  STATX_LAYOUT,
} from '../../src/native/layout.ts';
import type { NativeMemory } from '../../src/native/memory.ts';
import { readU64 } from '../../src/native/memory.ts';
import { EBADF, libc, missing, NO_FD, scratchFolder, titled, withFd } from './workbench.ts';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW } = constants;
const F_GETFL = 3;

const textOf = (memory: NativeMemory, length: number) => Buffer.from(memory.bytes.buffer).toString('latin1', 0, length);

describe.skipIf(missing)(titled('files'), () => {
  const folder = scratchFolder();
  const path = (name: string) => join(folder(), name);
  const made = (name: string, content = 'shared') => {
    writeFileSync(path(name), content);
    return path(name);
  };

  test('open gives a descriptor that reads what the file holds, and -ENOENT where there is none', () => {
    const memory = libc().allocate(64);
    withFd(file.open(libc(), made('a'), O_RDONLY), (fd) => {
      expect(file.read(libc(), fd, memory.address, 64)).toBe(6);
      expect(textOf(memory, 6)).toBe('shared');
      expect(file.read(libc(), fd, memory.address, 64)).toBe(0);
    });
    expect(file.open(libc(), path('none'), O_RDONLY)).toBe(-ENOENT);
  });

  test('open makes a file with the mode asked for, and with O_EXCL refuses one that is there', () => {
    const flags = O_RDWR | O_CREAT | O_EXCL;
    withFd(file.open(libc(), path('new'), flags, 0o600), () => {
      expect(lstatSync(path('new')).mode & 0o777).toBe(0o600);
    });
    expect(file.open(libc(), path('new'), flags, 0o600)).toBe(-EEXIST);
  });

  test('open takes names as raw bytes, and refuses one above PATH_MAX instead of cutting it', () => {
    const name = Buffer.from('\xff\x1b[2J\n', 'latin1');
    writeFileSync(Buffer.concat([Buffer.from(`${folder()}/`), name]), 'x');
    withFd(file.open(libc(), `${folder()}/${name.toString('latin1')}`, O_RDONLY), (fd) =>
      expect(fd).toBeGreaterThan(0),
    );
    for (const length of [4096, 8191, 8192, 8193, 20_000]) {
      expect(file.open(libc(), `/${'x'.repeat(length)}`, O_RDONLY)).toBe(-ENAMETOOLONG);
    }
  });

  test('openat looks below its directory, and answers -ENOTDIR below a file', () => {
    made('b');
    withFd(file.open(libc(), folder(), O_RDONLY | O_DIRECTORY), (dirfd) => {
      withFd(file.openat(libc(), dirfd, 'b', O_RDONLY), (fd) => expect(fd).toBeGreaterThan(dirfd));
    });
    withFd(file.open(libc(), path('b'), O_RDONLY), (fd) => {
      expect(file.openat(libc(), fd, 'c', O_RDONLY)).toBe(-ENOTDIR);
    });
    symlinkSync('b', path('link'));
    expect(file.openat(libc(), AT_FDCWD, path('link'), O_RDONLY | O_NOFOLLOW)).toBe(-ELOOP);
  });

  test('openat2 in a root takes an absolute link as one inside the root, and never leads out of it', () => {
    mkdirSync(path('root/dev'), { recursive: true });
    mkdirSync(path('root/run/shm'), { recursive: true });
    symlinkSync('/run/shm', path('root/dev/shm'));
    symlinkSync('/../../../../../../../../../../proc', path('root/dev/out'));
    const how = libc().allocate(file.OPEN_HOW_BYTES);
    const openInRoot = (root: number, name: string, flags: number) =>
      file.openat2(libc(), root, name, flags, RESOLVE.IN_ROOT, how);
    const record = libc().allocate(STATX_LAYOUT.size);
    withFd(file.open(libc(), path('root'), O_RDONLY | O_DIRECTORY), (root) => {
      withFd(openInRoot(root, 'dev/shm', O_RDONLY | O_DIRECTORY), (fd) => {
        expect(file.statx(libc(), AT_FDCWD, `/proc/self/fd/${fd}`, record.address, false)).toBe(0);
        expect(readU64(record.u32, STATX_LAYOUT.ino / 4)).toBe(lstatSync(path('root/run/shm')).ino);
      });
      expect(openInRoot(root, 'dev/out', O_RDONLY | O_DIRECTORY)).toBe(-ENOENT);
      expect(openInRoot(root, '../../a', O_RDONLY)).toBe(-ENOENT);
    });
  });

  test('close answers 0 once and -EBADF after that', () => {
    const fd = file.open(libc(), made('c'), O_RDONLY);
    expect(file.close(libc(), fd)).toBe(0);
    expect(file.close(libc(), fd)).toBe(-EBADF);
  });

  test('read of a directory is -EISDIR', () => {
    const memory = libc().allocate(64);
    withFd(file.open(libc(), folder(), O_RDONLY), (fd) => {
      expect(file.read(libc(), fd, memory.address, 64)).toBe(-EISDIR);
    });
  });

  test('pread reads at an offset, nothing past the end, and answers -EBADF without a descriptor', () => {
    const memory = libc().allocate(64);
    withFd(file.open(libc(), made('d', 'shared memory'), O_RDONLY), (fd) => {
      expect(file.pread(libc(), fd, memory.address, 64, 7)).toBe(6);
      expect(textOf(memory, 6)).toBe('memory');
      expect(file.pread(libc(), fd, memory.address, 64, 2 ** 40)).toBe(0);
    });
    expect(file.pread(libc(), NO_FD, memory.address, 64, 0)).toBe(-EBADF);
  });

  test('getdents64 lists every name as raw bytes, dot files too, and answers -ENOTDIR for a file', () => {
    mkdirSync(path('many'));
    const names = ['.hidden', 'a b', 'line\nbreak', '\xff\xfe', 'x'.repeat(255)];
    for (const name of names) writeFileSync(Buffer.from(`${folder()}/many/${name}`, 'latin1'), '');
    const memory = libc().allocate(4096);
    const found: string[] = [];
    withFd(file.open(libc(), path('many'), O_RDONLY | O_DIRECTORY), (fd) => {
      for (let count = 1; count > 0; ) {
        count = file.getdents64(libc(), fd, memory.address, 4096);
        for (
          let at = 0;
          at < count;
          at += memory.bytes[at + DIRENT64.recordLength] | (memory.bytes[at + DIRENT64.recordLength + 1] << 8)
        ) {
          const start = at + DIRENT64.name;
          found.push(Buffer.from(memory.bytes.buffer).toString('latin1', start, memory.bytes.indexOf(0, start)));
        }
      }
    });
    expect(found.sort()).toEqual(['.', '..', ...names].sort());
    withFd(file.open(libc(), made('e'), O_RDONLY), (fd) => {
      expect(file.getdents64(libc(), fd, memory.address, 4096)).toBe(-ENOTDIR);
    });
  });

  test('readlinkat gives the target cut at the size of the memory, and -EINVAL for what is no link', () => {
    const memory = libc().allocate(64);
    symlinkSync('ipc:[4026531839]', path('ns'));
    const length = file.readlinkat(libc(), AT_FDCWD, path('ns'), memory.address, 64);
    expect(textOf(memory, length)).toBe('ipc:[4026531839]');
    expect(file.readlinkat(libc(), AT_FDCWD, path('ns'), memory.address, 5)).toBe(5);
    expect(file.readlinkat(libc(), AT_FDCWD, folder(), memory.address, 64)).toBe(-EINVAL);
    expect(file.readlinkat(libc(), AT_FDCWD, path('none'), memory.address, 64)).toBe(-ENOENT);
  });

  test('statx says what lstat says of a file, and of the link itself where it is not to follow', () => {
    const record = libc().allocate(STATX_LAYOUT.size);
    const target = made('f', 'x'.repeat(10_000));
    linkSync(target, path('f2'));
    symlinkSync(target, path('f3'));
    for (const [name, noFollow] of [
      ['f', true],
      ['f3', false],
      ['f3', true],
    ] as const) {
      const stat = lstatSync(noFollow ? path(name) : target);
      expect(file.statx(libc(), AT_FDCWD, path(name), record.address, noFollow)).toBe(0);
      const { u32 } = record;
      expect({
        ino: readU64(u32, STATX_LAYOUT.ino / 4),
        size: readU64(u32, STATX_LAYOUT.fileSize / 4),
        blocks: readU64(u32, STATX_LAYOUT.blocks / 4),
        mode: u32[STATX_LAYOUT.mode / 4] & 0xffff,
        nlink: u32[STATX_LAYOUT.nlink / 4],
        uid: u32[STATX_LAYOUT.uid / 4],
        gid: u32[STATX_LAYOUT.gid / 4],
        mtime: u32[STATX_LAYOUT.mtimeSec / 4],
        ctime: u32[STATX_LAYOUT.ctimeSec / 4],
        birthtime: u32[STATX_LAYOUT.btimeSec / 4],
      }).toEqual({
        ino: stat.ino,
        size: stat.size,
        blocks: stat.blocks,
        mode: stat.mode,
        nlink: stat.nlink,
        uid: stat.uid,
        gid: stat.gid,
        mtime: Math.floor(stat.mtimeMs / 1000),
        ctime: Math.floor(stat.ctimeMs / 1000),
        birthtime: Math.floor(stat.birthtimeMs / 1000),
      });
    }
    expect(file.statx(libc(), AT_FDCWD, path('none'), record.address, true)).toBe(-ENOENT);
  });

  test('fstatfs tells the type of the file system, as Node does, and answers -EBADF without a descriptor', () => {
    const record = libc().allocate(120);
    for (const place of ['/proc', folder()]) {
      withFd(file.open(libc(), place, O_RDONLY | O_DIRECTORY), (fd) => {
        expect(file.fstatfs(libc(), fd, record.address)).toBe(0);
        expect(readU64(record.u32, 0)).toBe(statfsSync(place).type);
      });
    }
    expect(file.fstatfs(libc(), NO_FD, record.address)).toBe(-EBADF);
  });

  test('ioctl answers -ENOTTY for a request that the file does not know', () => {
    const memory = libc().allocate(PROCMAP_QUERY_LAYOUT.size);
    withFd(file.open(libc(), made('g'), O_RDONLY), (fd) => {
      expect(file.ioctl(libc(), fd, PROCMAP.REQUEST, memory.address)).toBe(-ENOTTY);
    });
  });

  test('ioctl asks for a mapping, or answers -ENOTTY on a kernel before 6.11', () => {
    const memory = libc().allocate(PROCMAP_QUERY_LAYOUT.size);
    memory.u32[0] = PROCMAP_QUERY_LAYOUT.size;
    memory.u32[PROCMAP_QUERY_LAYOUT.queryFlags / 4] = PROCMAP.COVERING_OR_NEXT;
    const first = Number.parseInt(readFileSync('/proc/self/maps', 'latin1').split('-')[0], 16);
    withFd(file.open(libc(), '/proc/self/maps', O_RDONLY), (fd) => {
      const result = file.ioctl(libc(), fd, PROCMAP.REQUEST, memory.address);
      expect([0, -ENOTTY]).toContain(result);
      if (result === 0) expect(readU64(memory.u32, PROCMAP_QUERY_LAYOUT.vmaStart / 4)).toBe(first);
    });
  });

  test('fcntl gives what is asked for, and -EBADF without a descriptor', () => {
    withFd(file.open(libc(), made('h'), O_RDWR), (fd) => {
      expect(file.fcntl(libc(), fd, F_GETFL, 0) & 3).toBe(O_RDWR);
    });
    expect(file.fcntl(libc(), NO_FD, F_GETFL, 0)).toBe(-EBADF);
  });

  test('statxOf tells of what is open, whatever its name has become', () => {
    const record = libc().allocate(STATX_LAYOUT.size);
    withFd(file.open(libc(), made('l'), O_RDONLY), (fd) => {
      unlinkSync(path('l'));
      expect(file.statxOf(libc(), fd, record.address)).toBe(0);
      expect(record.u32[STATX_LAYOUT.ino / 4]).toBe(Number(fstatSync(fd).ino % 2 ** 32));
    });
    expect(file.statxOf(libc(), NO_FD, record.address)).toBe(-EBADF);
  });

  test('unlinkat removes a name below its directory, a directory with AT_REMOVEDIR, and nothing that is not empty', () => {
    mkdirSync(path('gone/full'), { recursive: true });
    writeFileSync(path('gone/k'), '');
    withFd(file.open(libc(), path('gone'), O_RDONLY | O_DIRECTORY), (dirfd) => {
      expect(file.unlinkat(libc(), dirfd, 'k')).toBe(0);
      expect(file.unlinkat(libc(), dirfd, 'k')).toBe(-ENOENT);
      expect(file.unlinkat(libc(), AT_FDCWD, path('gone'), AT_REMOVEDIR)).toBe(-ENOTEMPTY);
      expect(file.unlinkat(libc(), dirfd, 'full')).toBe(-EISDIR);
      expect(file.unlinkat(libc(), dirfd, 'full', AT_REMOVEDIR)).toBe(0);
    });
    expect(readdirSync(path('gone'))).toEqual([]);
  });

  test('renameat2 moves a name, and with RENAME_NOREPLACE leaves one that is there alone', () => {
    const bytesOf = (text: string) => {
      const memory = libc().allocate(text.length + 1);
      memory.bytes.set(Buffer.from(text, 'latin1'));
      return memory;
    };
    const [from, to] = [bytesOf(made('l', 'one')), bytesOf(made('m', 'two'))];
    const free = bytesOf(path('n'));
    const rename = (a: NativeMemory, b: NativeMemory) =>
      file.renameat2(libc(), AT_FDCWD, a.address, AT_FDCWD, b.address, RENAME_NOREPLACE);
    expect(rename(from, to)).toBe(-EEXIST);
    expect(readFileSync(path('m'), 'latin1')).toBe('two');
    expect(rename(from, free)).toBe(0);
    expect(readFileSync(path('n'), 'latin1')).toBe('one');
    expect(existsSync(path('l'))).toBe(false);
    expect(rename(from, bytesOf('/proc/self/none'))).not.toBe(0);
    expect([-ENOENT, -EXDEV, -EACCES]).toContain(rename(free, bytesOf('/proc/none')));
  });
});
