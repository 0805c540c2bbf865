// When the machine was started, and whether the clock was set since: start times of processes are worth what this is worth.
import { statfsSync } from 'node:fs';
import { type Clock, steppedSeconds } from '../model/maker.ts';
import { parseBootTime } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';
import type { ProcKind } from './pid-book.ts';

const PROC_SUPER_MAGIC = 0x9fa0;
const DEVTMPFS_AT_DEV = / \/dev [^\n]* - devtmpfs /;

/** Is there a live proc file system at this path? */
export function isProcfs(path: string): boolean {
  try {
    return statfsSync(path).type === PROC_SUPER_MAGIC;
  } catch {
    return false; // ENOENT, EACCES
  }
}

/**
 * Boot time and the steps of the clock since. The kernel makes its device nodes within a second of boot: what they, or
 * `othersSec` (times of things that a boot cannot outlive), show to lie before boot time is how far the clock was set forward.
 * Undefined where no such witness can be had (containers have a /dev of their own): then no process start time is believed,
 * and no pid is ever called reused. A captured tree is believed as it is.
 */
export function readClock(
  io: Io,
  procRoot: string,
  kind: ProcKind,
  othersSec: readonly (number | undefined)[],
): Clock | undefined {
  const text = readText(io, `${procRoot}/stat`);
  const bootSec = typeof text === 'number' ? undefined : parseBootTime(text);
  if (bootSec === undefined) return undefined;
  if (kind === 'captured') return { bootSec, steppedSec: steppedSeconds(bootSec, othersSec) };
  const nodesSec = deviceNodesSec(io);
  return nodesSec === undefined
    ? undefined
    : { bootSec, steppedSec: steppedSeconds(bootSec, [...othersSec, nodesSec]) };
}

/** When the kernel made /dev/null, seconds since the epoch; undefined where /dev is not the kernel's own (devtmpfs). */
function deviceNodesSec(io: Io): number | undefined {
  const mounts = readText(io, '/proc/self/mountinfo');
  if (typeof mounts === 'number' || !DEVTMPFS_AT_DEV.test(mounts)) return undefined;
  const device = io.stat('/dev/null', 'follow');
  return typeof device === 'number' ? undefined : device.ctimeSec;
}
