// Records of taskstats (<linux/taskstats.h>, struct taskstats): who ended, and how.
import type { ByteString } from '../model/bytes.ts';
import { u8, u16, u32 } from './little-endian.ts';
import { latin1 } from './maps.ts';

export interface TaskEnd {
  readonly tid: number;
  /** The process. */
  readonly pid: number;
  readonly parent: number;
  readonly uid: number;
  readonly comm: ByteString;
  /** As wait(2) tells it; only the record of the main thread has that of the process. */
  readonly status: number;
  /** No other thread is left. */
  readonly isLast: boolean;
}

/**
 * Where fields lie in this kernel's record. Version 12 (Linux 5.19) brought the process and whether it was the last thread; version
 * 15 (Linux 6.14) moved everything, a later one moved it back: so it is found by asking about a process that is known.
 */
export interface TaskLayout {
  /** Of ac_comm; uid, gid, pid, ppid follow it. */
  readonly comm: number;
  readonly tgid: number;
}

/** nlmsghdr (16), genlmsghdr (4), then AGGR_PID, in it PID (8 bytes) and STATS. */
const AGGREGATE = 20;
const TYPE_AGGR_PID = 4;
const TYPE_STATS = 3;
const VERSION_WITH_TGID = 12;
const FLAG = 8;
const EXITCODE = 4;
const COMM = 80;
const COMM_BYTES = 32;
const UID = 40;
const PID = 48;
const PPID = 52;
const TGID = 368;
const AGROUP = 0x20;
/** What the extra words of delays (u64) may have moved a field by. */
const MOST_MOVED = 256;

/** Where the struct starts in a message of `count` bytes; undefined for any other message. */
function statsIn(bytes: Uint8Array, count: number): { readonly start: number; readonly end: number } | undefined {
  if (count < AGGREGATE + 4 || u16(bytes, AGGREGATE + 2) !== TYPE_AGGR_PID) return undefined;
  const end = Math.min(count, AGGREGATE + u16(bytes, AGGREGATE));
  for (let at = AGGREGATE + 4; at + 4 <= end; ) {
    const length = u16(bytes, at);
    if (length < 4) return undefined;
    if (u16(bytes, at + 2) === TYPE_STATS) return { start: at + 4, end: Math.min(end, at + length) };
    at += (length + 3) & ~3;
  }
  return undefined;
}

/** From the answer about a process that has this pid and name; undefined: the record is older, or of a form that is not known. */
export function findTaskLayout(
  bytes: Uint8Array,
  count: number,
  pid: number,
  comm: ByteString,
): TaskLayout | undefined {
  const stats = statsIn(bytes, count);
  if (!stats || u16(bytes, stats.start) < VERSION_WITH_TGID) return undefined;
  const { start, end } = stats;
  for (let moved = 0; moved <= MOST_MOVED; moved += 8) {
    const at = start + COMM + moved;
    if (u32(bytes, at + PID) !== pid || commAt(bytes, at) !== comm) continue;
    for (let further = moved; further <= 2 * MOST_MOVED; further += 8) {
      const tgid = TGID + further;
      if (start + tgid + 4 <= end && u32(bytes, start + tgid) === pid) return { comm: COMM + moved, tgid };
    }
  }
  return undefined;
}

/** One message; undefined for anything but the end of a thread (a process of many sends its sums as well). */
export function parseTaskEnd(bytes: Uint8Array, count: number, layout: TaskLayout): TaskEnd | undefined {
  const stats = statsIn(bytes, count);
  if (!stats || stats.start + layout.tgid + 4 > stats.end) return undefined;
  const { start } = stats;
  const at = start + layout.comm;
  return {
    tid: u32(bytes, at + PID),
    pid: u32(bytes, start + layout.tgid),
    parent: u32(bytes, at + PPID),
    uid: u32(bytes, at + UID),
    comm: commAt(bytes, at),
    status: u32(bytes, start + EXITCODE),
    isLast: (u8(bytes, start + FLAG) & AGROUP) !== 0,
  };
}

function commAt(bytes: Uint8Array, at: number): ByteString {
  const nul = bytes.indexOf(0, at);
  return latin1(bytes, at, nul < 0 || nul > at + COMM_BYTES ? at + COMM_BYTES : nul);
}
