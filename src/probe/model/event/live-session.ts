// A running watch as its users see it: commands and the dashboard start one and get events, without knowing the sources.

import type { DeviceNumber } from '../join/mapping-record.ts';
import type { SysvRow } from '../join/sysv-row.ts';
import type { Snapshot } from '../snapshot.ts';
import type { ShmEvent } from './event.ts';
import type { Observation } from './observation.ts';

/** `quick`: somebody looks at the events. `calm`: they are only remembered, and may cost next to nothing. */
export type Pace = 'quick' | 'calm';

export interface LiveRequest {
  /** System call tracepoints too: exact, at a price for every system call of the machine. */
  readonly isExact: boolean;
  /** How it starts; default `quick`. */
  readonly pace?: Pace;
  /** The thread may be ended at any moment: nothing is put on its event loop but timers, and events come some ms later. */
  readonly isInRounds?: boolean;
}

/** A source that runs, or why one does not. */
export interface SourceNote {
  readonly name: string;
  readonly isActive: boolean;
  /** Of an active one: what it sees. Of another: why it is not available. In our words, safe to print. */
  readonly text: string;
  /** Of an active one: what it cannot see. */
  readonly misses?: string;
}

/**
 * Tracepoints (by id) may write into the rings of perf: the event of each CPU whose ring it is; none where perf does not run. Their hits are
 * handed on in order with the rest; `ints`: what a tracepoint has behind its common fields, as words of 32 bits.
 */
export type ShareRings = (
  ids: Iterable<number>,
  take: (hit: { readonly id: number; readonly ints: readonly number[] }, atMs: number) => void,
) => readonly number[];

/** What the sources of a running watch see, before it is merged, for somebody who looks at the same things. */
export interface LiveTap {
  /** Which of them run: `perf`, `fanotify`, `exact`, `inotify`, `connector`. */
  readonly has: (source: string) => boolean;
  /** From now on `see` is told all; what is returned ends that. */
  readonly listen: (see: (seen: Observation) => void) => () => void;
  /** What the kernel has for them now is told before this returns. */
  readonly drain: () => void;
  /** Mappings of files on these are told too, private ones as well. */
  readonly watchDevices: (devices: Iterable<DeviceNumber>) => void;
  readonly share: ShareRings;
}

/** Records beside a watch, with what that sees. */
export type StartBeside = (tap: LiveTap) => { readonly stop: () => void };

export interface LiveSession {
  /** As they are now: the pace changes them. */
  readonly sources: () => readonly SourceNote[];
  readonly setPace: (pace: Pace) => void;
  /** What there was when the watch began. */
  readonly first: Snapshot;
  /** What there is now; costs a sample, and its own traces are not told as events. */
  readonly sampleNow: () => Snapshot;
  /** Processes known to map the object of this event id; undefined where attaches are not seen one by one. */
  readonly holdersOf: (id: string) => readonly number[] | undefined;
  /** The segment as it is now; undefined when it is gone. */
  readonly segment: (shmid: number) => SysvRow | undefined;
  readonly tap: LiveTap;
  /** Ends all sources. */
  readonly stop: () => void;
}

/** Starts a watch; events come one by one from then on, never while this runs. In words why there can be none. */
export type StartLive = (request: LiveRequest, onEvent: (event: ShmEvent) => void) => LiveSession | string;
