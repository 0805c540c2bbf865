// Where the rules of this machine and of this user lie, and whether there are any: asked at the start of each command.
import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../fault/thrown.ts';
import { type Env, foldersFor } from '../files/homes.ts';

/** Root's, for everybody: its rows and never-touch list hold beside a user's own. */
export const SYSTEM_FOLDER = '/etc/shmtop';
export const CONFIG_NAME = 'config.toml';

/** False: nobody wrote any, which two lookups tell. True also where it cannot be told: then the reader says why. */
export function mayHaveRules(env: Env, systemFolder = SYSTEM_FOLDER): boolean {
  const [own] = foldersFor('config', env);
  return isThere(join(systemFolder, CONFIG_NAME)) || (own !== undefined && mayBeOurs(join(own, CONFIG_NAME)));
}

/** False where there certainly is none: ENOENT, or ENOTDIR (HOME is /dev/null, as that of some service accounts). */
export function isThere(path: string): boolean {
  return lookUp(path) !== 'none';
}

/**
 * As `isThere`, of the user's own: who runs with the home of another (su, setpriv) and may not even look into it has no list of his
 * there. The machine's list that he may not look at is another matter.
 */
export function mayBeOurs(path: string): boolean {
  return lookUp(path) === 'there' || lookUp(path) === 'unknown';
}

function lookUp(path: string): 'there' | 'none' | 'closed' | 'unknown' {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? 'none' : 'there';
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOTDIR' ? 'none' : code === 'EACCES' ? 'closed' : 'unknown';
  }
}
