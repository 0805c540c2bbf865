// The folder of Node's compile cache: what lies there is executed, so it is ours alone, or there is none.
import { closeSync } from 'node:fs';
import { openFolder } from './folder.ts';
import { isRefused } from './trust.ts';

/**
 * A folder below XDG_CACHE_HOME or ~/.cache that belongs to this user, mode 0700, on a way that nobody else can change; made where
 * it is missing. Root's is /var/cache/shmtop where that cannot be. Undefined: no cache.
 */
export function codeCacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_CACHE_HOME: given, HOME: home } = env;
  const first = given?.startsWith('/') ? given : home?.startsWith('/') ? `${home}/.cache` : undefined;
  return (
    (first === undefined ? undefined : ownFolder(`${first}/shmtop`, 2)) ??
    (process.geteuid?.() === 0 ? ownFolder('/var/cache/shmtop', 1) : undefined)
  );
}

function ownFolder(path: string, make: number): string | undefined {
  const folder = openFolder(path, { owner: 'ours', make, isForPath: true });
  if (isRefused(folder)) return undefined;
  closeSync(folder.fd);
  return folder.path;
}
