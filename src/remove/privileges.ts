// What this process may do to objects of others, read once.
import { nodeIo } from '../probe/source/io-node.ts';
import { CAP, readRights } from '../probe/source/rights.ts';

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
