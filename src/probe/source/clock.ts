// When the machine was started, and whether the clock was set since: start times of processes are worth what this is worth.
import { type Clock, steppedSeconds } from '../model/judge/maker.ts';
import { parseBootTime } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';
import type { ProcKind } from './proc-kind.ts';

/** A mount at /dev (blanks in names are escaped), and what it is of, on one line; from the last such place on. */
const DEVTMPFS_AT_DEV = / \/dev (?:(?!\/dev )[^\n])*- devtmpfs /;

/** The kernel makes its device nodes within seconds of boot; where only their ctime is kept, udev sets it somewhat later. */
const NODES_DELAY_SEC = { birth: 2, change: 20 } as const;

/**
 * Boot time, and how far the clock may have been set since. The witness is /dev/null on the kernel's own devtmpfs. Undefined
 * where there is none (containers have a /dev of their own): then no start time is believed and no pid ever called reused.
 * In a captured tree the only witness is `oldestSec`, the oldest segment, which a boot cannot outlive: if it lies before
 * boot, the clock was set, by more than can be told.
 */
export function readClock(io: Io, procRoot: string, kind: ProcKind, oldestSec: number): Clock | undefined {
  const text = readText(io, `${procRoot}/stat`);
  const bootSec = typeof text === 'number' ? undefined : parseBootTime(text);
  if (bootSec === undefined) return undefined;
  if (kind === 'captured') return oldestSec < bootSec - 1 ? undefined : { bootSec, steppedSec: 0 };
  return nodesClock(io, bootSec);
}

function nodesClock(io: Io, bootSec: number): Clock | undefined {
  const mounts = readText(io, '/proc/self/mountinfo');
  if (typeof mounts === 'number' || !DEVTMPFS_AT_DEV.test(mounts)) return undefined;
  const node = io.stat('/dev/null', 'follow');
  if (typeof node === 'number') return undefined;
  const { btimeSec, ctimeSec } = node;
  const witnessSec = btimeSec ?? ctimeSec;
  const delaySec = btimeSec === undefined ? NODES_DELAY_SEC.change : NODES_DELAY_SEC.birth;
  // Later than that, it was made anew, or the clock was set back: it witnesses nothing of what was before.
  if (witnessSec > bootSec + delaySec) return undefined;
  return { bootSec, steppedSec: steppedSeconds(bootSec, witnessSec, delaySec) };
}
