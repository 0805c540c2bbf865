// fcntl(2), "Leases": what the kernel says of a file that somebody or nobody else has open.
import { constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EAGAIN } from '../../src/native/errno.ts';
import * as file from '../../src/native/file.ts';
import { EBADF, libc, missing, NO_FD, scratchFolder, titled, withFd } from './workbench.ts';

const { O_RDONLY, O_RDWR, O_NONBLOCK } = constants;

describe.skipIf(missing)(titled('leases'), () => {
  const folder = scratchFolder();
  const path = (name: string) => join(folder(), name);
  const made = (name: string) => {
    writeFileSync(path(name), 'shared');
    return path(name);
  };

  test('takeLease says 0 of a file that nobody else has open, and with its descriptor the lease is gone', () => {
    withFd(file.open(libc(), made('i'), O_RDONLY), (fd) => {
      expect(file.takeLease(libc(), fd)).toBe(0);
      expect(file.isLeaseUndisturbed(libc(), fd)).toBe(true);
    });
    withFd(file.open(libc(), path('i'), O_RDWR | O_NONBLOCK), (fd) => expect(fd).toBeGreaterThanOrEqual(0));
  });

  test('takeLease says -EAGAIN while another descriptor is open, to read or to write, and 0 again afterwards', () => {
    for (const flags of [O_RDONLY, O_RDWR]) {
      withFd(file.open(libc(), made('j'), O_RDONLY), (fd) => {
        withFd(file.open(libc(), path('j'), flags), () => expect(file.takeLease(libc(), fd)).toBe(-EAGAIN));
        expect(file.takeLease(libc(), fd)).toBe(0);
      });
    }
    expect(file.takeLease(libc(), NO_FD)).toBe(-EBADF);
  });
});
