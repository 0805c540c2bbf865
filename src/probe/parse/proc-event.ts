// Messages of the process events connector (<linux/cn_proc.h>): forks, execs and exits of whole processes.
import { u32 } from './little-endian.ts';

/** Pids are those of the initial pid namespace; `timeMs` is CLOCK_MONOTONIC. */
export type ProcEvent =
  | { readonly type: 'fork'; readonly timeMs: number; readonly pid: number; readonly parent: number }
  | { readonly type: 'exec'; readonly timeMs: number; readonly pid: number }
  /** `status` as wait(2) tells it. */
  | { readonly type: 'exit'; readonly timeMs: number; readonly pid: number; readonly status: number };

/** nlmsghdr (16) and cn_msg (20) come before: u32 what, u32 cpu, u64 time, then the union. */
const WHAT = 36;
const TIME = 44;
const DATA = 52;
const FORK = 1;
const EXEC = 2;
const EXIT = 0x80000000;
const SID = 0x80;

/** A message that says that this process began a session (setsid(2)); undefined for any other. */
export function parseSetsid(
  bytes: Uint8Array,
  count: number,
): { readonly pid: number; readonly timeMs: number } | undefined {
  if (count < DATA + 8 || u32(bytes, WHAT) !== SID) return undefined;
  return { pid: u32(bytes, DATA + 4), timeMs: timeOf(bytes) };
}

const timeOf = (bytes: Uint8Array) => u32(bytes, TIME) / 1e6 + u32(bytes, TIME + 4) * 4294.967296;

/** One datagram of `count` bytes; undefined for threads and other events. */
export function parseProcEvent(bytes: Uint8Array, count: number): ProcEvent | undefined {
  if (count < DATA + 8) return undefined;
  const word = (at: number) => u32(bytes, at);
  const timeMs = timeOf(bytes);
  const tid = word(DATA);
  const pid = word(DATA + 4);
  switch (word(WHAT)) {
    case FORK: {
      // parent pid, parent tgid, child pid, child tgid
      const child = word(DATA + 12);
      return word(DATA + 8) === child ? { type: 'fork', timeMs, pid: child, parent: pid } : undefined;
    }
    case EXEC:
      return { type: 'exec', timeMs, pid };
    case EXIT:
      return tid === pid ? { type: 'exit', timeMs, pid, status: word(DATA + 8) } : undefined;
    default:
      return undefined;
  }
}
