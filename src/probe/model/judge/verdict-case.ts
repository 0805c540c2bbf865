// What is judged: the cases of a System V segment and of a name in /dev/shm, with all that is known of each, as data.

import type { EntryType, Maker, Times } from '../object.ts';
import type { SoftwareHit } from './software.ts';

/**
 * What the lease oracle said (F_SETLEASE, fcntl(2)): nobody has it open or mapped; somebody has; not ours to ask; cannot be
 * asked; was not asked, so as not to disturb (`isLeaseWanted`).
 */
export type LeaseAnswer = 'free' | 'busy' | 'denied' | 'unavailable' | 'spared';

/** What decides whether a rule of the software table holds. Absent: the rule did not need it. */
export interface SoftwareState {
  /** State of the process whose pid the name carries. */
  readonly namePid?: Maker;
  /** A process of this software that runs (by its command name). */
  readonly running?: { readonly pid: number; readonly comm: string };
  /** True when another object of the same software and user is in use: an instance is alive. */
  readonly isInstanceAlive: boolean;
  /** False when processes may exist that we cannot see at all (we are in a container; hidepid): no rule can hold then. */
  readonly seesAllProcesses: boolean;
}

export interface VerdictContext {
  readonly nowSec: number;
  readonly minAgeSec: number;
}

export interface SysvCase extends Times {
  readonly kind: 'sysv';
  readonly nattch: number;
  readonly holderCount: number;
  readonly hiddenMappings: number;
  readonly creator: Maker;
  /** Absent: never attached. */
  readonly lastUser?: Maker;
  readonly software?: SoftwareHit;
}

export interface NameCase extends Times {
  readonly kind: 'posix';
  readonly type: EntryType;
  readonly holderCount: number;
  /** Objects inside a directory that are in use. */
  readonly childrenInUse: number;
  /** Further hard links. */
  readonly otherNames: number;
  /** Mounted at another place, itself or a folder above it. Absent: not asked, since no rule would call it a leftover. */
  readonly mounted?: 'no' | 'mounted' | 'unknown';
  /** False where its /dev/shm is a folder of a tmpfs, or a tmpfs that is more than that: rules of programs prove nothing there. */
  readonly isDedicated: boolean;
  /** True where not every name beside it was looked at: another object of the same software may be in use. */
  readonly isCut?: boolean;
  /** Absent: not asked, since somebody holds it or it is no regular file. */
  readonly lease?: LeaseAnswer;
  /** Processes that could hold it but could not be looked into. */
  readonly notInspected: number;
  /** False when processes may exist that we cannot see at all (we are in a container; hidepid). */
  readonly seesAllProcesses: boolean;
  readonly software?: SoftwareHit;
  readonly softwareState?: SoftwareState;
}
