// Records of perf's ring (perf_event_open(2)) as values: mappings, forks, execs, exits, losses, syscall tracepoints.
import type { ByteString } from '../model/bytes.ts';
import { type DeviceNumber, deviceNumber } from '../model/join/mapping-record.ts';
import { u8, u16, u32, u64 } from './little-endian.ts';
import { latin1 } from './maps.ts';

/** Times are milliseconds of CLOCK_MONOTONIC. Pids are those of the pid namespace that opened the event. */
export type PerfRecord =
  | {
      readonly type: 'map';
      readonly timeMs: number;
      readonly pid: number;
      readonly start: number;
      readonly end: number;
      readonly prot: number;
      readonly isShared: boolean;
      readonly device: DeviceNumber;
      readonly inode: number;
      readonly name: ByteString;
    }
  | { readonly type: 'fork'; readonly timeMs: number; readonly pid: number; readonly parent: number }
  | {
      readonly type: 'comm';
      readonly timeMs: number;
      readonly pid: number;
      readonly comm: ByteString;
      readonly isExec: boolean;
    }
  | { readonly type: 'exit'; readonly timeMs: number; readonly pid: number; readonly tid: number }
  | { readonly type: 'lost'; readonly timeMs: number; readonly count: number };

/** Which mappings are wanted: shared ones (and private ones of /dev/shm) on these devices; the rest is skipped unread. */
export type WantedDevices = ReadonlySet<DeviceNumber>;

const MMAP2 = 10;
const LOST = 2;
const COMM = 3;
const EXIT = 4;
const FORK = 7;
const LOST_SAMPLES = 13;
const MISC_COMM_EXEC = 1 << 13;
const MAP_SHARED = 1;
/** With sample_id_all and TID|TIME|CPU: pid, tid (u32 each), time (u64), cpu, reserved (u32 each). */
const TRAILER = 24;
const MMAP2_NAME = 72;
const COMM_NAME = 16;

/** u64 nanoseconds as milliseconds, without losing precision after 104 days of uptime. */
const nsToMs = (b: Uint8Array, at: number) => u32(b, at) / 1e6 + u32(b, at + 4) * 4294.967296;

/**
 * The record of `length` bytes at `at`; undefined for what is of no interest: private or foreign mappings, thread starts,
 * other types. Made for tens of thousands of records a second: an uninteresting one costs some byte reads.
 */
export function parsePerfRecord(
  bytes: Uint8Array,
  at: number,
  length: number,
  wanted: WantedDevices,
): PerfRecord | undefined {
  switch (bytes[at]) {
    case MMAP2:
      return parseMmap2(bytes, at, length, wanted);
    case FORK: {
      const pid = u32(bytes, at + 8);
      const parent = u32(bytes, at + 12);
      // A new thread has its maker's pid.
      return pid === parent ? undefined : { type: 'fork', pid, parent, timeMs: timeOf(bytes, at, length) };
    }
    case COMM: {
      const isExec = (u16(bytes, at + 4) & MISC_COMM_EXEC) !== 0;
      const pid = u32(bytes, at + 8);
      if (!isExec && pid !== u32(bytes, at + 12)) return undefined; // the name of a thread
      return {
        type: 'comm',
        pid,
        comm: textAt(bytes, at + COMM_NAME, at + length - TRAILER),
        isExec,
        timeMs: timeOf(bytes, at, length),
      };
    }
    case EXIT:
      return { type: 'exit', pid: u32(bytes, at + 8), tid: u32(bytes, at + 16), timeMs: timeOf(bytes, at, length) };
    case LOST:
      return { type: 'lost', count: u64(bytes, at + 16), timeMs: timeOf(bytes, at, length) };
    case LOST_SAMPLES:
      return { type: 'lost', count: u64(bytes, at + 8), timeMs: timeOf(bytes, at, length) };
    default:
      return undefined;
  }
}

function parseMmap2(bytes: Uint8Array, at: number, length: number, wanted: WantedDevices): PerfRecord | undefined {
  const isShared = (u8(bytes, at + 68) & MAP_SHARED) !== 0;
  const device = deviceNumber(u32(bytes, at + 40), u32(bytes, at + 44));
  if (!wanted.has(device)) return undefined;
  const start = u64(bytes, at + 16);
  return {
    type: 'map',
    pid: u32(bytes, at + 8),
    start,
    end: start + u64(bytes, at + 24),
    prot: u32(bytes, at + 64),
    isShared,
    device,
    inode: u64(bytes, at + 48),
    name: textAt(bytes, at + MMAP2_NAME, at + length - TRAILER),
    timeMs: timeOf(bytes, at, length),
  };
}

const timeOf = (bytes: Uint8Array, at: number, length: number) => nsToMs(bytes, at + length - 16);

/** NUL-terminated bytes between two offsets. */
function textAt(bytes: Uint8Array, start: number, limit: number): ByteString {
  const end = bytes.indexOf(0, start);
  return latin1(bytes, start, end < 0 || end > limit ? limit : end);
}

/** One hit of a syscall tracepoint: its type (the tracepoint's id), who, when, and the words after the syscall number. */
export interface TracepointHit {
  readonly type: 'hit';
  readonly id: number;
  readonly pid: number;
  readonly tid: number;
  readonly timeMs: number;
  /** Up to three arguments at the entry; the result (signed) at the exit. Exact up to 2^53, which user addresses are. */
  readonly words: readonly number[];
  /** What the tracepoint has behind its common fields (from byte 8 on), as words of 32 bits: at most eight. */
  readonly ints: readonly number[];
}

const SAMPLE = 9;
const RAW = 28;
const FIRST_WORD = RAW + 16;

/** A PERF_RECORD_SAMPLE of TID|TIME|RAW whose raw part is a syscall tracepoint; undefined for other records. */
export function parseTracepointHit(bytes: Uint8Array, at: number, length: number): TracepointHit | undefined {
  if (bytes[at] !== SAMPLE || length < FIRST_WORD + 8) return undefined;
  const words: number[] = [];
  for (let word = at + FIRST_WORD; word + 8 <= at + length && words.length < 3; word += 8) words.push(i64(bytes, word));
  const ints: number[] = [];
  for (let int = at + RAW + 8; int + 4 <= at + length && ints.length < 8; int += 4) ints.push(u32(bytes, int));
  return {
    type: 'hit',
    id: u16(bytes, at + RAW),
    pid: u32(bytes, at + 8),
    tid: u32(bytes, at + 12),
    timeMs: nsToMs(bytes, at + 16),
    words,
    ints,
  };
}

const i64 = (b: Uint8Array, at: number) => u32(b, at) + (u32(b, at + 4) | 0) * 4294967296;
