// /proc/PID/stat, and what it means that there is none.
import { ENOENT, ESRCH } from '../../native/errno.ts';
import { type PidStat, parsePidStat } from '../parse/pid-stat.ts';
import { MOST_STAT_BYTES } from '../territory/patience/caps.ts';
import { type Io, readText } from './io.ts';

/** `gone`: there is no such process, or /proc hides it whole. `unreadable`: there is one, but nothing can be said of it. */
export type NoStat = 'gone' | 'unreadable';

/** /proc/PID/stat. Never blocks on the process's memory lock. */
export function readPidStat(io: Io, procRoot: string, pid: number | string): PidStat | NoStat {
  const text = readText(io, `${procRoot}/${pid}/stat`, MOST_STAT_BYTES);
  if (typeof text === 'number') return text === -ENOENT || text === -ESRCH ? 'gone' : 'unreadable';
  return parsePidStat(text) ?? 'unreadable';
}

/** True for a process that could be read. */
export function isStat(stat: PidStat | NoStat): stat is PidStat {
  return typeof stat !== 'string';
}
