// shm_open, memfd_create, ftruncate and mmap: each once where it succeeds and once where it fails.
import { constants, existsSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { close } from '../../src/native/file.ts';
import { MFD_ALLOW_SEALING, MFD_CLOEXEC } from '../../src/native/layout.ts';
import {
  ftruncate,
  MAP_PRIVATE,
  MAP_SHARED,
  memfdCreate,
  mmap,
  munmap,
  PROT_READ,
  PROT_WRITE,
  shmOpen,
  shmUnlink,
} from '../../src/native/posix-shm.ts';
import {
  EACCES,
  EBADF,
  EEXIST,
  EINVAL,
  ENAMETOOLONG,
  ENODEV,
  ENOENT,
  libc,
  missing,
  NO_FD,
  titled,
  withFd,
} from './workbench.ts';

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL } = constants;
const NAME = `/shmtop-test-${process.pid}`;
const PAGE = 4096;

describe.skipIf(missing)(titled('POSIX shared memory'), () => {
  afterEach(() => shmUnlink(libc(), NAME));

  test.skipIf(!existsSync('/dev/shm'))('shm_open makes a name in /dev/shm that shm_unlink takes away', () => {
    withFd(shmOpen(libc(), NAME, O_RDWR | O_CREAT | O_EXCL, 0o600), (fd) => {
      expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(`/dev/shm${NAME}`);
      expect(statSync(`/dev/shm${NAME}`).mode & 0o777).toBe(0o600);
      expect(shmOpen(libc(), NAME, O_RDWR | O_CREAT | O_EXCL, 0o600)).toBe(-EEXIST);
      expect(shmUnlink(libc(), NAME)).toBe(0);
      expect(readlinkSync(`/proc/self/fd/${fd}`)).toBe(`/dev/shm${NAME} (deleted)`);
    });
    expect(shmUnlink(libc(), NAME)).toBe(-ENOENT);
    expect(shmOpen(libc(), NAME, O_RDONLY, 0)).toBe(-ENOENT);
  });

  test('shm_open refuses a name with a slash inside, and one above 255 bytes', () => {
    expect(shmOpen(libc(), '/a/b', O_RDWR | O_CREAT, 0o600)).toBe(-EINVAL);
    expect([-ENAMETOOLONG, -EINVAL]).toContain(shmOpen(libc(), `/${'x'.repeat(256)}`, O_RDWR | O_CREAT, 0o600));
  });

  test('memfd_create gives a file without a name, and -EINVAL for a name above 249 bytes', () => {
    withFd(memfdCreate(libc(), 'shmtop \x1b[2J', MFD_CLOEXEC | MFD_ALLOW_SEALING), (fd) => {
      expect(readlinkSync(`/proc/self/fd/${fd}`, 'latin1')).toBe('/memfd:shmtop \x1b[2J (deleted)');
    });
    expect(memfdCreate(libc(), 'x'.repeat(250), MFD_CLOEXEC)).toBe(-EINVAL);
    expect(memfdCreate(libc(), 'x', 0x4000_0000)).toBe(-EINVAL);
  });

  test('ftruncate sets the size, above 4 GiB too, and answers -EBADF without a descriptor', () => {
    withFd(memfdCreate(libc(), 'shmtop', MFD_CLOEXEC), (fd) => {
      expect(ftruncate(libc(), fd, 5 * 2 ** 30)).toBe(0);
      expect(statSync(`/proc/self/fd/${fd}`).size).toBe(5 * 2 ** 30);
      expect(ftruncate(libc(), fd, -1)).toBe(-EINVAL);
    });
    expect(ftruncate(libc(), NO_FD, 1)).toBe(-EBADF);
  });

  test('mmap maps what munmap takes away again', () => {
    withFd(memfdCreate(libc(), 'shmtop-map', MFD_CLOEXEC), (fd) => {
      expect(ftruncate(libc(), fd, 2 * PAGE)).toBe(0);
      const address = mmap(libc(), 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
      const line = () => {
        const start = `${address.toString(16)}-${(address + 2 * PAGE).toString(16)} rw-s`;
        return readFileSync('/proc/self/maps', 'latin1').includes(start);
      };
      expect(address).toBeGreaterThan(0);
      expect(line()).toBe(true);
      expect(munmap(libc(), address, 2 * PAGE)).toBe(0);
      expect(line()).toBe(false);
    });
  });

  test('mmap answers -EBADF, -EACCES for writing what is open for reading, and -EINVAL for no length', () => {
    expect(mmap(libc(), PAGE, PROT_READ, MAP_SHARED, NO_FD)).toBe(-EBADF);
    withFd(memfdCreate(libc(), 'shmtop-map', MFD_CLOEXEC), (fd) => {
      expect(mmap(libc(), 0, PROT_READ, MAP_PRIVATE, fd)).toBe(-EINVAL);
      expect(mmap(libc(), PAGE, PROT_READ, MAP_SHARED, fd, 1)).toBe(-EINVAL);
      const readOnly = libc().raw.open(libc().path(`/proc/self/fd/${fd}`), O_RDONLY, 0);
      expect(mmap(libc(), PAGE, PROT_WRITE, MAP_SHARED, readOnly)).toBe(-EACCES);
      close(libc(), readOnly);
    });
    withFd(libc().raw.open(libc().path('/'), O_RDONLY, 0), (fd) => {
      expect(mmap(libc(), PAGE, PROT_READ, MAP_SHARED, fd)).toBe(-ENODEV);
    });
    expect(munmap(libc(), 1, PAGE)).toBe(-EINVAL);
  });
});
