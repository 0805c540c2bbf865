// When the machine was started, and whether the clock was set since: start times of processes are worth what this is worth.
import type { Clock } from '../model/judge/maker.ts';
import { parseBootTime } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';
import type { ProcKind } from './proc-kind.ts';

/** A mount at /dev (blanks in names are escaped), and what it is of, on one line; from the last such place on. */
const DEVTMPFS_AT_DEV = / \/dev (?:(?!\/dev )[^\n])*- devtmpfs /;

/** The kernel makes its device nodes within seconds of boot; where only their ctime is kept, udev sets it somewhat later. */
const NODES_DELAY_SEC = { birth: 2, change: 20 } as const;
/** Time stamps have whole seconds and are of the last tick of the clock; start times have hundredths. */
const STAMP_SLACK_SEC = 1.1;
/** Where boot time has whole seconds too. */
const WHOLE_SLACK_SEC = 2;
/** Uptime has hundredths, and is read a moment before or after the clock. */
const UPTIME_ERROR_SEC = 0.1;

/**
 * Boot time, and what it is worth. The witness is /dev/null on the kernel's own devtmpfs. Undefined where there is none (containers
 * have a /dev of their own), and where it shows that the clock was set since boot: then nothing follows from times, and no pid
 * is ever called reused by them. A clock that was set, and set back by as much, it cannot show.
 * In a captured tree the only witness is `oldestSec`, the oldest segment, which a boot cannot outlive.
 */
export function readClock(
  io: Io,
  procRoot: string,
  kind: ProcKind,
  oldestSec: number,
  nowMs: () => number = Date.now,
): Clock | undefined {
  const text = readText(io, `${procRoot}/stat`);
  const bootSec = typeof text === 'number' ? undefined : parseBootTime(text);
  if (bootSec === undefined) return undefined;
  if (kind === 'captured') return oldestSec < bootSec - 1 ? undefined : { bootSec, slackSec: WHOLE_SLACK_SEC };
  const exactSec = exactBoot(io, procRoot, bootSec, nowMs);
  return exactSec === undefined
    ? nodesClock(io, bootSec, WHOLE_SLACK_SEC, 1)
    : nodesClock(io, exactSec, STAMP_SLACK_SEC, UPTIME_ERROR_SEC);
}

/** Realtime less boottime (proc_uptime(5)): undefined where it is not that of the same machine as /proc/stat. */
function exactBoot(io: Io, procRoot: string, bootSec: number, nowMs: () => number): number | undefined {
  const text = readText(io, `${procRoot}/uptime`);
  const uptime = typeof text === 'number' ? undefined : /^(\d+\.\d{2}) /.exec(text)?.[1];
  if (uptime === undefined) return undefined;
  const exactSec = nowMs() / 1000 - Number(uptime);
  return Math.abs(exactSec - bootSec) <= 1 + UPTIME_ERROR_SEC ? exactSec : undefined;
}

function nodesClock(io: Io, bootSec: number, stampSlackSec: number, errorSec: number): Clock | undefined {
  const mounts = readText(io, '/proc/self/mountinfo');
  if (typeof mounts === 'number' || !DEVTMPFS_AT_DEV.test(mounts)) return undefined;
  const node = io.stat('/dev/null', 'follow');
  if (typeof node === 'number') return undefined;
  const { btimeSec, ctimeSec } = node;
  const witnessSec = btimeSec ?? ctimeSec;
  const delaySec = btimeSec === undefined ? NODES_DELAY_SEC.change : NODES_DELAY_SEC.birth;
  // Later than that, it was made anew, or the clock was set back: it witnesses nothing of what was before.
  if (witnessSec > bootSec + delaySec) return undefined;
  // From before boot: the clock was set forward, who knows how often.
  if (witnessSec < Math.floor(bootSec - errorSec)) return undefined;
  return { bootSec, slackSec: stampSlackSec + Math.max(0, bootSec + delaySec - witnessSec) };
}
