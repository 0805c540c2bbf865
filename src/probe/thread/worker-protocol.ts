// What the sampler's thread and the dashboard say to each other: plain data, structured-cloneable.
import type { AccountReadings } from '../model/account/account.ts';
import type { ObjectsDelta } from '../model/delta.ts';
import type { ShmEvent } from '../model/event/event.ts';
import type { SourceNote } from '../model/event/live-session.ts';
import type { HostMemory } from '../model/host-memory.ts';
import type { KnownLife } from '../model/life/life.ts';
import type { Peek } from '../model/peek.ts';
import type { ProcessShare } from '../model/process-share.ts';
import type { Play, ReplayPosition } from '../model/replay-position.ts';
import type { Residents } from '../model/residents.ts';
import type { Snapshot } from '../model/snapshot.ts';

export interface WorkerSettings {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  /** Where a witness may keep what it saw. */
  readonly witnessFolders?: readonly string[];
  /** Where nobody else records, this thread does. */
  readonly mayRecord?: boolean;
  readonly includeFiles: boolean;
  readonly minAgeSec?: number;
  readonly intervalMs: number;
  /** Messages sent and not yet taken (backlog.ts); absent: nobody counts. */
  readonly backlog?: SharedArrayBuffer;
  /** Most objects that are handed on; what is beyond is counted (`leftOut`). */
  readonly mostObjects?: number;
  /** Where others see what the thread waits for (territory/patience/stall-watch.ts). */
  readonly stall?: SharedArrayBuffer;
  /** A process has not answered: those that follow must not hang too. */
  readonly isCareful?: boolean;
}

/** Messages that may wait for the dashboard; further ticks and events then wait until it has taken some. */
export const MOST_UNREAD = 64;

/** What the thread that replays is started with. */
export interface ReplayStart {
  readonly path: string;
}

export type SnapshotHead = Omit<Snapshot, 'objects'>;

/** One tick, or a part of one: many objects come in several messages so that a key never waits for all of them. */
export interface Tick extends ObjectsDelta {
  readonly head: SnapshotHead;
  readonly memory?: HostMemory;
  /** What the sample took, milliseconds. */
  readonly sampleMs: number;
  /** True when further parts of the same tick follow. */
  readonly isPart: boolean;
  /** True for the first part after the thread (re)started: what was known before is void. */
  readonly isFresh: boolean;
  /** No part of it, but some rows without a verdict that are shown until the first tick is there; nobody asks for the next part. */
  readonly isGlance?: boolean;
  /** What happened since it was last told, in order of time; with the first part of a tick. */
  readonly events: readonly ShmEvent[];
  /** Those of `removed` that may be there as before, and only gave way to others in a crowd; with the last part of a tick. */
  readonly unlisted?: readonly string[];
}

export type ToWorker =
  /** A part of a tick was taken: the next one may come. */
  | { readonly type: 'next-part' }
  /** The program ends: what is to be kept is written now. Answered with `ended`, whatever is held. */
  | { readonly type: 'end' }
  | { readonly type: 'interval'; readonly intervalMs: number }
  | { readonly type: 'sample' }
  /** Stand still: whoever removes must be the only one who opens anything. Answered with `held`. */
  | { readonly type: 'hold' }
  /** Go on: what was asked meanwhile is answered, and a sample is taken at once. */
  | { readonly type: 'release' }
  | { readonly type: 'peek'; readonly id: string; readonly offset: number; readonly length: number }
  | { readonly type: 'share'; readonly pid: number }
  | { readonly type: 'residents'; readonly id: string }
  /** Who made it, who used it, how did they end? Of what is gone, too. */
  | { readonly type: 'life'; readonly id: string }
  /** What the account of the machine's shared memory needs beside the objects: of the last look. */
  | { readonly type: 'account' }
  /** Does somebody look at the events? */
  | { readonly type: 'watch'; readonly isWatched: boolean }
  /** A recording only. */
  | ({ readonly type: 'play' } & Play);

export type FromWorker =
  | ({ readonly type: 'tick' } & Tick)
  | { readonly type: 'peek'; readonly id: string; readonly offset: number; readonly peek: Peek }
  | { readonly type: 'share'; readonly share: ProcessShare }
  | { readonly type: 'residents'; readonly residents: Residents }
  | { readonly type: 'life'; readonly known: KnownLife }
  | { readonly type: 'account'; readonly readings: AccountReadings }
  /** The same between two ticks, while somebody looks at the events; never empty. */
  | { readonly type: 'events'; readonly events: readonly ShmEvent[] }
  /** Which sources tell of events from now on; `problem`: none can, and why. */
  | { readonly type: 'live'; readonly sources: readonly SourceNote[]; readonly problem?: string }
  /** Where a replay stands. */
  | ({ readonly type: 'replay' } & ReplayPosition)
  | { readonly type: 'held' }
  | { readonly type: 'ended' };
