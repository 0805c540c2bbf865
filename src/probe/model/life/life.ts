// The life of an object as a witness saw it: who made it, used it and removed it, how each of them ended, what was not seen.
// Plain data of one boot. Verdicts rest on what the kernel told (pid, start, end, opens); names and commands are for people.
import type { ByteString } from '../bytes.ts';
import type { Container, ShmObject } from '../object.ts';

/** How a process ended, as its parent is told (wait(2)). */
export interface Ending {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** exit(2); absent where a signal ended it, or where how it ended is not known. */
  readonly exitCode?: number;
  /** Number of the signal that ended it. */
  readonly signal?: number;
  /** The kernel killed it for want of memory (its own word: memory.events, the log). */
  readonly isOom?: boolean;
}

/** A process as it was when it was seen to do something. Its pid is one of the witness's pid namespace. */
export interface Actor {
  readonly pid: number;
  /** Clock ticks since boot; absent where it had ended before it could be looked at. */
  readonly startTicks?: number;
  readonly uid?: number;
  readonly comm?: ByteString;
  /** Path of its control group below the root that the witness sees, raw; `/` and absent tell nothing. */
  readonly unit?: ByteString;
  readonly container?: Container;
  /** Its parent when it was looked at, or when it ended. */
  readonly parent?: Ancestor;
  /** Id of its session (setsid(2)), 0 for that of a first process which began none; absent where it was not looked at in time. */
  readonly session?: number;
  /**
   * Who lives above its parent, nearest first, in the same unit: each waits for the next (a supervisor and its supervisor). Not
   * above whoever has ended by himself and left his children to the first process, nor above a person's shell. Absent: nobody.
   */
  readonly ancestors?: readonly Ancestor[];
  /** Absent while it lives, or where its end was not told: then nothing follows from its silence. */
  readonly ended?: Ending;
}

export interface Ancestor {
  readonly pid: number;
  readonly startTicks?: number;
  readonly comm?: ByteString;
}

/** More than these above a process, and who is related to it is taken for unknown. */
export const MOST_ANCESTORS = 32;
/** Of what is done to an object so many are kept, beside the first ones. */
export const LATEST_DEEDS = 24;

/** What happened to an object, by whom as far as the kernel told. */
export type DeedKind = 'made' | 'opened' | 'attached' | 'detached' | 'resized' | 'renamed' | 'removed';
export const DEED_KINDS: readonly DeedKind[] = [
  'made',
  'opened',
  'attached',
  'detached',
  'resized',
  'renamed',
  'removed',
];

export interface Deed {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly what: DeedKind;
  /** Place in `Life.actors`; absent where the kernel did not tell who. */
  readonly by?: number;
  /** After a resize. */
  readonly sizeBytes?: number;
  /** After a renaming: the new name, raw. */
  readonly rawName?: ByteString;
}

export interface Life {
  /**
   * Identity within one boot: `sysv <ipc namespace> <shmid> <ctime at birth> <cpid> <key>` or `file <major>:<minor> <inode>
   * <birth, ns>`. Object ids (`sysv:…:5`, `posix:0:27:12`) return; this does not.
   */
  readonly identity: string;
  /** As `ShmObject.id`. */
  readonly id: string;
  readonly kind: 'sysv' | 'posix';
  /** The latest one. */
  readonly rawName: ByteString;
  /** The name under which it was first seen; absent where that is still its name. Others in between: `Deed.rawName`. */
  readonly firstName?: ByteString;
  readonly sizeBytes?: number;
  readonly uid?: number;
  /** Absent: it was there before the witness (`Watch.sinceMs`), or was made in a gap. */
  readonly bornMs?: number;
  /** Whoever was seen to do something to it; the first is its maker where `bornMs` is there and `isMakerKnown`. */
  readonly actors: readonly Actor[];
  readonly isMakerKnown: boolean;
  /** Users beyond those that are kept: with any, nothing is proven. */
  readonly actorsLeftOut: number;
  /** Oldest first; of many, the first and the latest. */
  readonly deeds: readonly Deed[];
  readonly deedsLeftOut: number;
  /**
   * False where users may have come that no source told (segments seen by polling alone, a lost event): milliseconds of the
   * latest such moment. Absent: gapless since its birth.
   */
  readonly unseenMs?: number;
  /** When it went; absent while it is there. */
  readonly goneMs?: number;
}

/** A witness that runs says so more often than this; one that did not for longer proves nothing: it may stand still. */
export const MOST_SILENCE_MS = 10_000;

/** A time in which something may have happened unseen. */
export interface WatchGap {
  readonly fromMs: number;
  /** Absent: it lasts. */
  readonly untilMs?: number;
  /** `stopped` (no witness ran), `overflow` (more events than the kernel keeps), `clock` (set while it ran), `started late`, … in words. */
  readonly why: string;
}

/** Who records: a witness of its own, or beside its work what looks anyway. */
export const WRITER_ROLES = ['witness', 'watch', 'dashboard'] as const;
export type WriterRole = (typeof WRITER_ROLES)[number];

/** What one witness has watched, on this boot. */
export interface Watch {
  /** /proc/sys/kernel/random/boot_id. */
  readonly bootId: string;
  /** When its sources first ran. */
  readonly sinceMs: number;
  /** Its last sign of life (it writes one every few seconds). */
  readonly seenMs: number;
  /** It runs now: its store is locked by a living process. */
  readonly isRunning: boolean;
  readonly pid?: number;
  /** Of the one that runs now. */
  readonly role?: WriterRole;
  /** Which sources it has: without those of the kernel it proves less. */
  readonly sources: readonly { readonly name: string; readonly isActive: boolean; readonly text: string }[];
  readonly gaps: readonly WatchGap[];
  /** Living objects that its store had no room for: of them nothing is known. Absent: none. */
  readonly leftOut?: number;
}

/** What identifies an object to a witness, from a snapshot; absent fields are not known there. */
export interface Identified {
  readonly kind: 'sysv' | 'posix';
  readonly ipcNamespace?: string;
  readonly shmid?: number;
  readonly ctimeSec?: number;
  readonly cpid?: number;
  readonly key?: string;
  readonly device?: string;
  readonly inode?: number;
  /** Nanoseconds since the epoch (statx stx_btime), decimal text. */
  readonly birthNs?: string;
}

/** What is known over time, as a snapshot is judged with it. */
export interface Knowledge {
  readonly watch?: Watch;
  /** Undefined: nothing is known of this very object. */
  readonly lifeOf: (object: Identified) => Life | undefined;
}

/**
 * What follows from a life for an object that nobody holds now.
 * `proven`: gapless from birth, everyone who made or used it has ended, its maker by a signal or with its unit or container,
 * and no relative lives: nobody will come back. `ended`: all of them have ended, but something is missing for a proof.
 * `awaited`: somebody of them, or a relative, lives. `partial`: too little was seen to say either.
 */
export type Standing = 'proven' | 'ended' | 'awaited' | 'partial';

/** What is known over time of all objects, those that are gone too, for people. */
export interface KnownLives {
  /** Absent: nothing was watched on this boot. */
  readonly watch?: Watch;
  readonly lives: readonly Life[];
  /** Of whoever asks: its segments need no `@`. Absent: not known. */
  readonly ipcNamespace?: string;
}

/** The same of one object. */
export interface KnownLife {
  /** As `ShmObject.id`. */
  readonly id: string;
  readonly watch?: Watch;
  readonly life?: Life;
  /** Why nothing can be told, in words. */
  readonly problem?: string;
}

/** Answers for one object; without it (it is gone) the latest one that had this id. */
export type LifeReader = (id: string, object: ShmObject | undefined) => KnownLife;
