// Where the docker daemon of this machine listens, and whether it is its socket: no setting of the environment is asked.
import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { O_PATH, withFolder } from '../../files/folder.ts';

export const DOCKER_SOCKETS: readonly string[] = ['/run/docker.sock', '/var/run/docker.sock'];

/**
 * A descriptor of it (O_PATH), which the caller closes; connect(2) to it goes through /proc/self/fd. Undefined where there is none, and
 * where somebody beside root may stand behind it: its owner and all folders on the way are root's (or ours), and of others only its
 * group may write to it. Never blocks.
 */
export function openDockerSocket(places: readonly string[]): number | undefined {
  for (const path of places) {
    const fd = withFolder(dirname(path), { owner: 'safe' }, (folder) => openSocket(folder.at(basename(path))));
    if (typeof fd === 'number') return fd;
  }
  return undefined;
}

function openSocket(path: string): number | undefined {
  try {
    const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
    const stats = fstatSync(fd);
    if (stats.isSocket() && stats.uid === 0 && (stats.mode & 0o002) === 0) return fd;
    closeSync(fd);
  } catch {
    // ENOENT: no daemon; EMFILE: no descriptor left
  }
  return undefined;
}
