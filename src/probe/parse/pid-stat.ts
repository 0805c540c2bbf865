// /proc/PID/stat and /proc/PID/status: state, start time, threads, user, nested pids (proc_pid_stat(5), proc_pid_status(5)).
import type { ByteString } from '../model/bytes.ts';

const PF_KTHREAD = 0x00200000;

export interface PidStat {
  /** Raw, at most 15 bytes; may hold blanks, brackets and newlines. */
  readonly comm: ByteString;
  /** One letter: R S D Z X T t I … */
  readonly state: string;
  readonly ppid: number;
  /** Its id (setsid(2)); 0 where its leader is of another pid namespace. */
  readonly session: number;
  /** It has a controlling terminal. */
  readonly hasTerminal: boolean;
  readonly isKernelThread: boolean;
  readonly threads: number;
  /** Clock ticks (1/100 s) since boot. */
  readonly startTicks: number;
}

/** Parses the text (latin1) of /proc/PID/stat; undefined where it is not of that form. The comm ends at the last `)`. */
export function parsePidStat(text: ByteString): PidStat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  const startTicks = Number(fields[19]);
  const [state] = fields;
  if (state?.length !== 1 || !Number.isSafeInteger(startTicks)) return undefined;
  return {
    comm: text.slice(open + 1, close),
    state,
    ppid: Number(fields[1]),
    session: Number(fields[3]),
    hasTerminal: Number(fields[4]) !== 0,
    isKernelThread: (Number(fields[6]) & PF_KTHREAD) !== 0,
    threads: Number(fields[17]),
    startTicks,
  };
}

/** Its session (setsid(2)) is its own and has a terminal: a shell, as a rule. */
export const leadsTerminal = (
  pid: number,
  { session, hasTerminal }: Pick<PidStat, 'session' | 'hasTerminal'>,
): boolean => session === pid && hasTerminal;

export interface PidStatus {
  /** Effective user id. */
  readonly uid?: number;
  /** Real, effective, saved and file system user id, each once. */
  readonly uids?: readonly number[];
  /** Its pid in each nested pid namespace, outermost (ours) first; absent before Linux 4.1. */
  readonly nsPids?: readonly number[];
}

/**
 * Picks what we need from the bytes of /proc/PID/status. The name on its first line is the process's own choice: the kernel writes
 * newlines and backslashes in it as `\n` and `\\` (proc_task_name, fs/proc/array.c) but not a carriage return, which would begin a
 * line for `^` with the m flag. `\s` would take more than the tabs that the kernel writes.
 */
export function parsePidStatus(text: ByteString): PidStatus {
  const users = lineOf(text, 'Uid') ?? '';
  const uid = /^\d+\t(\d+)/.exec(users)?.[1];
  const isWhole = /^\d+\t\d+\t\d+\t\d+$/.test(users);
  const nsPids = lineOf(text, 'NSpid');
  return {
    uid: uid === undefined ? undefined : Number(uid),
    ...(isWhole ? { uids: [...new Set(users.split('\t').map(Number))] } : {}),
    nsPids: nsPids !== undefined && /^\d+(?:\t\d+)*$/.test(nsPids) ? nsPids.split('\t').map(Number) : undefined,
  };
}

/** What stands behind `NAME:` and its tab on the first line of this name; only a newline ends a line. */
export function lineOf(text: ByteString, name: string): ByteString | undefined {
  const begin = `${name}:\t`;
  const before = text.startsWith(begin) ? 0 : text.indexOf(`\n${begin}`) + 1;
  if (before === 0 && !text.startsWith(begin)) return undefined;
  const start = before + begin.length;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

/** Boot time in seconds since the epoch from /proc/stat (`btime`); it moves when the clock is set. */
export function parseBootTime(text: string): number | undefined {
  const found = /^btime (\d+)$/m.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
