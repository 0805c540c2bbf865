// Ids: unique within a snapshot, the same across snapshots as long as the kernel object is the same one.
import { type ByteString, escapeBytes } from './bytes.ts';
import { type DeviceNumber, deviceText } from './join/mapping-record.ts';
import type { Kind } from './object.ts';

/** `sysv:<ipc namespace>:<shmid>`. A shmid returns after 4 million others: across time compare ctime, cpid and size too. */
export const sysvId = (ipcNamespace: string, shmid: number): string => `sysv:${ipcNamespace}:${shmid}`;

/** `<kind>:<major>:<minor>:<inode>`: never the path, which lies across mount namespaces in both directions. */
export const fileId = (kind: Kind, device: DeviceNumber, inode: number): string =>
  `${kind}:${deviceText(device)}:${inode}`;

/** What `ls` prints: `sysv:5` in our own IPC namespace, else `sysv:5@<namespace>`. */
export const sysvShortId = (ipcNamespace: string, shmid: number, own: string | undefined): string =>
  ipcNamespace === own ? `sysv:${shmid}` : `sysv:${shmid}@${ipcNamespace}`;

/** What `ls` prints for a name in our own /dev/shm: `posix:/name`, escaped. */
export const posixShortId = (name: ByteString): string => `posix:${escapeBytes(name)}`;

const IPC_PRIVATE_TEXT = '0x00000000';

/** A key as ipcs prints it: `0x0052e2c1`. */
export const keyText = (key: number): string =>
  key === 0 ? IPC_PRIVATE_TEXT : `0x${key.toString(16).padStart(8, '0')}`;
