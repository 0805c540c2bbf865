// The identity of an object as a witness knows it, from what a snapshot tells; the forms are those of Life.identity.
import type { Identified } from './life.ts';

/** Undefined where something that it needs is not known: then nothing is known of the object either. */
export function identityOf(object: Identified): string | undefined {
  if (object.kind === 'posix') {
    const { device, inode, birthNs } = object;
    return device === undefined || inode === undefined || birthNs === undefined
      ? undefined
      : `file ${device} ${inode} ${birthNs}`;
  }
  const { ipcNamespace, shmid, ctimeSec, cpid, key } = object;
  return ipcNamespace === undefined ||
    shmid === undefined ||
    ctimeSec === undefined ||
    cpid === undefined ||
    key === undefined
    ? undefined
    : `sysv ${ipcNamespace} ${shmid} ${ctimeSec} ${cpid} ${key}`;
}
