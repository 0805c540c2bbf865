// What suggests that the makers of a name in /dev/shm are gone, or that they are not: the kernel keeps none, so that all this is
// no proof. It ranks, it explains, and what speaks for a return is heard.

import type { Maker } from '../object.ts';
import type { Evidence } from './evidence.ts';
import { isGone } from './maker.ts';

interface Known {
  readonly pid: number;
  readonly comm: string;
}

export interface NameClues {
  /** State of the process that a number in a name of unknown software may be the pid of. */
  readonly digitsPid?: Maker;
  /** A living process of its owner, or of root, in whose command line or environment the name stands. */
  readonly namedBy?: Known & { readonly where: 'command line' | 'environment' };
  /** Processes of its owner that can reach it. Absent: root's, of whom some always run, or not known. */
  readonly owner?: OwnerProcesses;
  /**
   * Other objects of its owner, on the same file system, whose names differ by their numbers only. `alive`: one that is as
   * old as this one is in use; `newer`: all of them were made after its last use.
   */
  readonly family?: 'alive' | 'newer';
}

/** `none`: no process runs. `later`: so many, all begun after its last use. Else one that is older than that. */
export type OwnerProcesses =
  | { readonly are: 'none' }
  | { readonly are: 'later'; readonly count: number }
  | ({ readonly are: 'older' } & Known);

/** What speaks for a return, so that it is no orphan. */
export function cluesAgainst({ digitsPid, namedBy, family }: NameClues): Evidence[] {
  const against: Evidence[] = [];
  if (namedBy) against.push({ code: 'named-by', pid: namedBy.pid, comm: namedBy.comm, detail: namedBy.where });
  if (digitsPid && !isGone(digitsPid)) {
    against.push({ code: 'digits-pid-alive', pid: digitsPid.pid, comm: digitsPid.comm });
  }
  if (family === 'alive') against.push({ code: 'family-alive' });
  return against;
}

/** What is to be weighed: it is said, for and against, and decides nothing. */
export function cluesToWeigh({ digitsPid, owner, family }: NameClues): Evidence[] {
  const clues: Evidence[] = [];
  if (digitsPid && isGone(digitsPid)) clues.push({ code: 'digits-pid-dead', pid: digitsPid.pid });
  if (owner?.are === 'none') clues.push({ code: 'owner-absent' });
  if (owner?.are === 'later') clues.push({ code: 'owner-younger', count: owner.count });
  if (family === 'newer') clues.push({ code: 'family-newer' });
  // Of the same user, and that is all that is known: nearly every user has some such process.
  if (owner?.are === 'older') clues.push({ code: 'owner-older', pid: owner.pid, comm: owner.comm });
  return clues;
}
