// pidfd_open, setns, geteuid and getpagesize: whether a process is there, and the way into a namespace.
import { execFileSync, spawnSync } from 'node:child_process';
import { constants, readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as file from '../../src/native/file.ts';
import { effectiveUid, enterIpcNamespace, pageSizeBytes, pidfdOpen } from '../../src/native/process.ts';
import { EBADF, EINVAL, EPERM, ESRCH, libc, missing, NO_FD, titled, withFd } from './workbench.ts';

const ABOVE_PID_MAX = 4_999_999;
const ipcOfThread = () => readlinkSync('/proc/thread-self/ns/ipc');

describe.skipIf(missing)(titled('processes and namespaces'), () => {
  test('pidfd_open finds a living process, and answers -ESRCH for one that is gone', () => {
    withFd(pidfdOpen(libc(), process.pid), (fd) => {
      expect(readlinkSync(`/proc/self/fd/${fd}`)).toMatch(/pidfd/);
    });
    expect(pidfdOpen(libc(), ABOVE_PID_MAX)).toBe(-ESRCH);
    const { pid } = spawnSync('true');
    expect(pidfdOpen(libc(), pid)).toBe(-ESRCH);
    expect(pidfdOpen(libc(), -1)).toBe(-EINVAL);
  });

  test('setns enters the namespace behind a descriptor, and answers -EBADF and -EINVAL for anything else', () => {
    const before = ipcOfThread();
    withFd(file.open(libc(), '/proc/thread-self/ns/ipc', constants.O_RDONLY), (fd) => {
      expect([0, -EPERM]).toContain(enterIpcNamespace(libc(), fd));
    });
    withFd(file.open(libc(), '/proc/thread-self/ns/mnt', constants.O_RDONLY), (fd) => {
      expect(enterIpcNamespace(libc(), fd)).toBe(-EINVAL);
    });
    withFd(file.open(libc(), '/proc/self/stat', constants.O_RDONLY), (fd) => {
      expect(enterIpcNamespace(libc(), fd)).toBe(-EINVAL);
    });
    expect(enterIpcNamespace(libc(), NO_FD)).toBe(-EBADF);
    expect(ipcOfThread()).toBe(before);
  });

  test('the effective user and the page size are those that Node and getconf report', () => {
    expect(effectiveUid(libc())).toBe(process.geteuid?.());
    expect(pageSizeBytes(libc())).toBe(Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })));
  });
});
