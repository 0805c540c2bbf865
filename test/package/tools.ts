// Tools of a distribution that tests of packaging use where they are there.
import { accessSync, constants } from 'node:fs';

/** Can the command be run by its name? */
export function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      accessSync(`${folder}/${command}`, constants.X_OK);
      return true;
    } catch {
      return false; // ENOENT: not in this folder
    }
  });
}
