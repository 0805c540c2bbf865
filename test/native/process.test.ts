// pidfd_open, setns, geteuid, getpagesize, CPU times: whether a process is there, has run, and the way into a namespace.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import * as file from '../../src/native/file.ts';
import {
  cpuTimeNs,
  effectiveUid,
  enterIpcNamespace,
  pageSizeBytes,
  pidfdOpen,
  processGroup,
  TIMESPEC_BYTES,
} from '../../src/native/process.ts';
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

  test('the CPU time of a process grows with every run of it, stands still while it sleeps, and is that of getrusage', async () => {
    const time = libc().allocate(TIMESPEC_BYTES);
    const { user, system } = process.cpuUsage();
    const own = cpuTimeNs(libc(), process.pid, time);
    expect(Math.abs(own / 1000 - user - system)).toBeLessThan(100_000);
    expect(cpuTimeNs(libc(), process.pid, time)).toBeGreaterThan(own);
    const sleeper = spawn('cat', { stdio: ['pipe', 'pipe', 'ignore'] });
    const { pid = 0 } = sleeper;
    const echo = async () => {
      sleeper.stdin.write('x');
      await once(sleeper.stdout, 'data');
      await setTimeout(50); // until it sleeps again
      return cpuTimeNs(libc(), pid, time);
    };
    for (let before = await echo(), round = 0; round < 5; round++) {
      expect(cpuTimeNs(libc(), pid, time)).toBe(before);
      const after = await echo();
      expect(after).toBeGreaterThan(before);
      before = after;
    }
    sleeper.stdin.end();
    await once(sleeper, 'exit');
    expect(cpuTimeNs(libc(), pid, time)).toBe(-EINVAL);
  });

  test('the process group is that of ps, and -ESRCH where there is no process', () => {
    const group = execFileSync('ps', ['-o', 'pgid=', '-p', String(process.pid)], { encoding: 'utf8' });
    expect(processGroup(libc(), process.pid)).toBe(Number(group));
    expect(processGroup(libc(), ABOVE_PID_MAX)).toBe(-ESRCH);
  });

  test('the effective user and the page size are those that Node and getconf report', () => {
    expect(effectiveUid(libc())).toBe(process.geteuid?.());
    expect(pageSizeBytes(libc())).toBe(Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })));
  });
});
