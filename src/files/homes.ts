// Where our files lie (XDG Base Directory Specification): what the environment says, and behind it what the password file says.
import { userInfo } from 'node:os';
import { join } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

const KINDS = {
  config: { variable: 'XDG_CONFIG_HOME', below: '.config' },
  state: { variable: 'XDG_STATE_HOME', below: '.local/state' },
  cache: { variable: 'XDG_CACHE_HOME', below: '.cache' },
} as const;

/** So many folders of ours may be missing below a home: `.local/state/shmtop`. */
export const MOST_FOLDERS = 3;

/**
 * Folders of ours, best first. A relative path in the environment counts as none (as the specification has it): it would depend
 * on where one stands. The last is the home that belongs to this user, whatever HOME says: under sudo(8) that is another.
 */
export function* foldersFor(kind: keyof typeof KINDS, env: Env): Generator<string> {
  const { variable, below } = KINDS[kind];
  const given = env[variable];
  const home = env.HOME;
  const first = given?.startsWith('/') ? given : home?.startsWith('/') ? join(home, below) : undefined;
  if (first !== undefined) yield join(first, 'shmtop');
  const own = ownHome();
  if (own !== undefined && join(own, below) !== first) yield join(own, below, 'shmtop');
}

/** file-hierarchy(7): what a service of the machine keeps. */
const MACHINE_WITNESS = '/var/lib/shmtop';

/**
 * Where a witness of this user keeps what it saw: at most one place, so that whoever reads looks where the other one writes.
 * SHMTOP_WITNESS names it for both (a full path; who could write to it, is asked where it is opened). Else root's is the machine's,
 * whatever XDG says. The password file is asked only where the environment says nothing.
 */
export function witnessFolders(env: Env): readonly string[] {
  const given = env.SHMTOP_WITNESS;
  if (given?.startsWith('/')) return [given];
  if ((process.geteuid?.() ?? 0) === 0) return [MACHINE_WITNESS];
  for (const folder of foldersFor('state', env)) return [folder];
  return [];
}

/** passwd(5) of the effective user; undefined where it has no entry. */
export function ownHome(): string | undefined {
  try {
    const { homedir } = userInfo();
    return homedir.startsWith('/') ? homedir : undefined;
  } catch {
    return undefined; // ENOENT: no such entry
  }
}
