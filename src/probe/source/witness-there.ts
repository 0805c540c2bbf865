// Whether a witness keeps anything here: one lookup, so that who has none loads nothing of what reads it.
import { statSync } from 'node:fs';

export const DATABASE_NAME = 'witness.db';

/** Inode of the store in this folder; undefined: none is there, or we may not look. One stat(2). */
export function witnessInode(folder: string): number | undefined {
  try {
    return statSync(`${folder}/${DATABASE_NAME}`, { throwIfNoEntry: false })?.ino;
  } catch {
    return undefined; // EACCES, ELOOP, ENOTDIR: as if it were not there
  }
}

/** `folders`: see `witnessFolders` (files/homes.ts). */
export const mayHaveWitness = (folders: readonly string[]): boolean =>
  folders.some((folder) => witnessInode(folder) !== undefined);
