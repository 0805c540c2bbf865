// What this process may do to objects of others, read once.
import { statSync } from 'node:fs';
import { nodeIo } from '../probe/source/io-node.ts';
import { CAP, readRights } from '../probe/source/rights.ts';
import type { RemovalRights } from './model/rights.ts';

export interface Privileges {
  readonly uid: number;
  /** True where IPC_RMID can be expected to be permitted (shmctl(2)): owner, creator or CAP_SYS_ADMIN. */
  readonly ownsOrMayAdminister: (uid: number, cuid: number) => boolean;
  /** False in a user namespace, where IPC_SET could not give back an owner that it does not map. */
  readonly mapsAllUsers: boolean;
}

export function readPrivileges(procRoot = '/proc'): Privileges {
  const uid = process.geteuid?.() ?? 0;
  const { has, mapsAllUsers } = readRights(nodeIo(), procRoot);
  const isAdmin = has(CAP.SYS_ADMIN);
  return { uid, ownsOrMayAdminister: (owner, creator) => isAdmin || uid === owner || uid === creator, mapsAllUsers };
}

/** The same as plain data, for who plans; read once. Where /dev/shm cannot be looked at nothing is foretold of its names. */
export function readRemovalRights(procRoot = '/proc', shmRoot = '/dev/shm'): RemovalRights {
  const uid = process.geteuid?.() ?? 0;
  const { has } = readRights(nodeIo(), procRoot);
  const top = statSync(shmRoot, { throwIfNoEntry: false });
  return {
    uid,
    isIpcAdmin: has(CAP.SYS_ADMIN),
    isFileAdmin: has(CAP.FOWNER) || has(CAP.DAC_OVERRIDE),
    isShmSticky: top !== undefined && (top.mode & STICKY) !== 0 && top.uid !== uid,
  };
}

/** S_ISVTX of inode(7), for which node:fs has no name. */
const STICKY = 0o1000;
