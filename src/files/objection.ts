// What may be wrong with a file that is to be used: who owns it, who else may write or read it.
import type { Stats } from 'node:fs';
import { isWritableByOthers } from './trust.ts';

/** Undefined: fine. Otherwise what is wrong with it, in words that follow its name. */
export type Objection = (stats: Pick<Stats, 'uid' | 'gid' | 'mode' | 'nlink'>) => string | undefined;

const ourUid = () => process.geteuid?.() ?? 0;

/** Ours or root's, and nobody else may write it: what it says may be acted upon. */
export const trustworthy: Objection = (stats) => {
  if (stats.uid !== ourUid() && stats.uid !== 0) return `belongs to user ${stats.uid}`;
  return isWritableByOthers(stats) ? 'can be written by others' : undefined;
};

/** Ours; nobody else may write it, nor has it under another name: what we write there stays where it was meant to be. */
export const ours: Objection = (stats) => {
  if (stats.uid !== ourUid()) return `belongs to user ${stats.uid}`;
  return stats.nlink > 1 ? 'has a second name' : trustworthy(stats);
};

/** As `ours`, and nobody else may read it. */
export const oursAlone: Objection = (stats) =>
  ours(stats) ?? ((stats.mode & 0o077) === 0 ? undefined : 'can be read by others');
