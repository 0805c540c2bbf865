// Which live sources this machine and these privileges allow: the lines of `doctor` about watching. Each is tried and closed.

import { detachedMount } from '../../native/detached-mount.ts';
import { errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import { inotifyInit } from '../../native/inotify.ts';
import { IPC, SHMID_DS } from '../../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { openProcConnector } from '../../native/netlink.ts';
import { openSideBand } from '../../native/perf-event.ts';
import { shmctl } from '../../native/sysv.ts';
import { openGroup } from '../live/fanotify.ts';
import { whyNoConnector } from '../live/proc-connector.ts';
import type { Capability } from '../model/capability.ts';

interface Attempt {
  readonly name: string;
  /** A descriptor, -errno, or in words why not. */
  readonly open: (libc: Libc) => number | string;
  readonly found: string;
  readonly lost: string;
  readonly advice?: string;
}

const ROOT = 'run as root';

const ATTEMPTS: readonly Attempt[] = [
  {
    name: 'watch: perf',
    open: (libc) => openSideBand(libc, 0),
    found: 'every attach, fork, exec and exit of the machine, with pid, at once',
    lost: 'attaches are found by polling: those shorter than a millisecond may be missed',
    advice: `${ROOT}, or grant CAP_PERFMON`,
  },
  {
    name: 'watch: fanotify',
    open: openGroup,
    found: 'detaches with pid; what happens in /dev/shm, with pid',
    lost: 'who opens and closes what in /dev/shm',
    advice: ROOT,
  },
  {
    name: 'watch: tracepoints',
    open: (libc) => detachedMount(libc, 'tracefs'),
    found: 'shmtop watch --exact: every shmat and shmdt, even back to back',
    lost: '--exact',
    advice: ROOT,
  },
  {
    name: 'watch: processes',
    open: (libc) => whyNoConnector() ?? openProcConnector(libc),
    found: 'deaths of creators at once, by the process connector',
    lost: 'nothing as root (perf tells); else deaths of creators are found within a second',
  },
  {
    name: 'watch: inotify',
    open: inotifyInit,
    found: 'what happens to names in /dev/shm',
    lost: 'what happens in /dev/shm, where fanotify is not available either',
    advice: 'raise fs.inotify.max_user_instances, or end a program that uses many',
  },
];

/** Costs some 100 µs. Nothing is left open. */
export function liveCapabilities(): Capability[] {
  const libc = loadLibc();
  if (!isLibc(libc)) {
    const found = `what changed between two looks, without native calls (${libc.reason})`;
    return [{ name: 'watch', state: 'partly', found, lost: 'what comes and goes between two looks, and who did it' }];
  }
  const tried = ATTEMPTS.map(({ name, open, found, lost, advice }): Capability => {
    const fd = open(libc);
    if (typeof fd === 'string') return { name, state: 'no', found: fd, lost };
    if (fd < 0) return { name, state: 'no', found: errnoName(fd), lost, advice };
    close(libc, fd);
    return { name, state: 'yes', found };
  });
  return [...tried, pollCapability(libc)];
}

/** Every watch has it. */
function pollCapability(libc: Libc): Capability {
  const name = 'watch: poll';
  const highest = shmctl(libc, 0, IPC.INFO, libc.allocate(SHMID_DS.size).address);
  if (highest < 0) return { name, state: 'no', found: errnoName(highest), lost: 'all of System V' };
  return {
    name,
    state: 'yes',
    found: 'the segment table, again and again: what is made, marked and destroyed, and nattch',
  };
}
