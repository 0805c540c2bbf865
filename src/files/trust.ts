// Whom a folder or file can be changed by: the one rule for everything that the program reads or writes below a name.
import type { Stats } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';

/** Nothing there, or something that is not used: why, in words that begin with the path. */
export interface Refused {
  readonly refusal: 'absent' | 'refused';
  readonly reason: string;
}

export function isRefused(value: object | string | number): value is Refused {
  return typeof value === 'object' && 'refusal' in value;
}

/**
 * Who may stand behind a name: root, this process, and whoever owns `/` (in a user namespace without the machine's root that is
 * the overflow user; elsewhere it is root).
 */
export interface Trusted {
  readonly uid: number;
  readonly machineUid: number;
}

export function isTrustedOwner({ uid }: Pick<Stats, 'uid'>, trusted: Trusted): boolean {
  return uid === 0 || uid === trusted.uid || uid === trusted.machineUid;
}

/**
 * True when somebody beside its owner may write it. Write permission of a group counts unless it is the group of root or the
 * owner's private one (same number: umask 002 is the rule where users have groups of their own).
 */
export function isWritableByOthers({ mode, uid, gid }: Pick<Stats, 'mode' | 'uid' | 'gid'>): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0 && gid !== uid);
}

/** Restricted deletion flag, inode(7): entries are renamed and removed by their owner only. */
export const isSticky = ({ mode }: Pick<Stats, 'mode'>): boolean => (mode & 0o1000) !== 0;

export function refusedFor(path: string, error: unknown): Refused {
  const code = errorCode(error);
  return { refusal: code === 'ENOENT' ? 'absent' : 'refused', reason: `${path}: ${code}` };
}
