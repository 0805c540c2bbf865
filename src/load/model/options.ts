// PURE: what a person may choose of a load, and what it is unless chosen.

/** How the reader learns that a message has come. The order is written into the ring: append only. */
export const SYNC_MODES = ['spin', 'futex', 'sem', 'semop', 'eventfd', 'flag', 'none', 'signal'] as const;
export type SyncMode = (typeof SYNC_MODES)[number];
export const BUFFERINGS = ['bounded', 'unbounded'] as const;
type Buffering = (typeof BUFFERINGS)[number];
export const BACKINGS = ['sysv', 'posix', 'memfd'] as const;
export type Backing = (typeof BACKINGS)[number];
/** What carries the messages: the ring in shared memory, or one of those it is compared with. Append only. */
export const TRANSPORTS = [
  'shm',
  'pipe',
  'pipe-1m',
  'unix',
  'stdio',
  'fifo',
  'vmsplice',
  'tcp',
  'sysv-mq',
  'posix-mq',
  'vm-readv',
  'vm-writev',
] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * How a program gets at its messages. `copy`: into the ring and out of it again. `view`: the reader works on the message where it lies,
 * and gives the slot back afterwards. `pool`: buffers that are loaned, published by number and released in any order.
 */
export const APIS = ['copy', 'view', 'pool'] as const;
export type Api = (typeof APIS)[number];

/** `full`: every byte of every message. `sample`: both stamps, every byte of each 16th. `seq`: the first stamp. */
export type VerifyLevel = 'full' | 'sample' | 'seq' | 'off';
export const VERIFY_LEVELS: readonly VerifyLevel[] = ['full', 'sample', 'seq', 'off'];

/** Sizes that tell something apart, 8 B to 16 MiB, each four or eight times the one before. */
export const SIZES: readonly number[] = [
  8, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
];

export interface LoadOptions {
  readonly sizeBytes: number;
  readonly sync: SyncMode;
  readonly backing: Backing;
  readonly pairs: number;
  readonly verify: VerifyLevel;
  /** Measured time, without the warm-up. */
  readonly durationSec: number;
  readonly warmUpSec: number;
  /** Messages per second and pair to offer; absent: as many as possible. */
  readonly rate?: number;
  /** Messages that the producer fills with one copy (they lie ready side by side); 1: each by itself. */
  readonly group: number;
  /** How long to poll before sleeping, in µs (`futex`); absent: 50, and 0 on one processor. */
  readonly spinUs?: number;
  /** Binds the two sides of each pair to processors of their own. */
  readonly pin: boolean;
  readonly transport: Transport;
  readonly api: Api;
  /** So many share one ring of fixed slots; absent both: pairs with a ring each. */
  readonly producers?: number;
  readonly consumers?: number;
  /** Backs the segment with huge pages that the machine has set aside. */
  readonly huge: boolean;
  /** Nodes of memory whose processors the producers and (second, or the same) the consumers are bound to. */
  readonly nodes?: readonly number[];
  /** Where the reader is slower: the writer waits, or the buffer grows by further segments, up to `mostBytes` a pair. */
  readonly buffer: Buffering;
  readonly mostBytes: number;
  /** Messages per second and pair that the reader takes at most; absent: as many as it can. */
  readonly readerRate?: number;
  readonly job: 'stream' | 'duplex';
  /** A number of FAULT: for tests. */
  readonly fault: number;
  /** Sequence number of the first message (int32): for tests. */
  readonly first: number;
}

export const DEFAULT_OPTIONS: LoadOptions = {
  sizeBytes: 64,
  sync: 'futex',
  backing: 'sysv',
  pairs: 1,
  verify: 'sample',
  durationSec: 10,
  warmUpSec: 0.4,
  group: 1,
  pin: false,
  transport: 'shm',
  api: 'copy',
  huge: false,
  buffer: 'bounded',
  mostBytes: 256 * 1024 ** 2,
  job: 'stream',
  fault: 0,
  first: 0,
};

/** What the form of the dashboard offers. */
export type LoadChoices = Pick<
  LoadOptions,
  'sync' | 'sizeBytes' | 'backing' | 'pairs' | 'verify' | 'durationSec' | 'rate' | 'buffer'
>;
