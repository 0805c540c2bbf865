// What is judged: the cases of a System V segment and of a name in /dev/shm, with all that is known of each, as data.

import type { Standing } from '../life/life.ts';
import type { EntryType, Maker, Times } from '../object.ts';
import type { Evidence } from './evidence.ts';
import type { NameClues } from './name-clues.ts';
import type { SoftwareHit } from './software.ts';

/** What the knowledge of a witness about this very object comes to, as weighed in life/. */
export interface Witnessed {
  readonly standing: Standing;
  readonly evidence: readonly Evidence[];
}

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
  /**
   * The same where none of them made it, but may still be told of it: all began after its last use, or have not loaded what makes
   * such objects.
   */
  readonly bystander?: { readonly pid: number; readonly comm: string; readonly because: 'later' | 'not-loaded' };
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
  /** Absent: no witness knows anything of it. */
  readonly witnessed?: Witnessed;
}

/**
 * Whether a process is bound to a socket file, by connect(2): `none` is for ever, since whoever binds makes a new inode.
 * `unknown`: it could not be asked.
 */
export type Listener = 'none' | 'bound' | 'unknown';

/** What lies in a directory, by verdict, at any depth. */
export interface DirectoryContent {
  readonly abandoned: number;
  readonly orphaned: number;
  /** Unheld and unknown. */
  readonly wanted: number;
}

/** Whether a directory is the working directory or the root of a process; `unknown`: one could not be asked. */
export type StoodIn = 'no' | 'unknown' | { readonly pid: number; readonly comm: string };

export interface NameCase extends Times {
  readonly kind: 'posix';
  readonly type: EntryType;
  readonly holderCount: number;
  /** Objects inside a directory that are in use. */
  readonly childrenInUse: number;
  /** Directories only; absent: not asked. */
  readonly content?: DirectoryContent;
  readonly stoodIn?: StoodIn;
  /** Sockets only; absent: not asked. */
  readonly listener?: Listener;
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
  /** Absent: not looked for, since it is decided without. */
  readonly clues?: NameClues;
  readonly witnessed?: Witnessed;
}
