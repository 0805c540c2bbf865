// What this process may do to objects of others: capabilities and user namespace, read once.
import { readFileSync } from 'node:fs';

const CAP_SYS_ADMIN = 21n;
/** /proc/self/uid_map of a process that sees all users by their own numbers (user_namespaces(7)). */
const ALL_USERS = /^\s*0\s+0\s+4294967295\s*$/;

export interface Privileges {
  readonly uid: number;
  /** True where IPC_RMID can be expected to be permitted (shmctl(2)): owner, creator or CAP_SYS_ADMIN. */
  readonly ownsOrMayAdminister: (uid: number, cuid: number) => boolean;
  /** False in a user namespace, where IPC_SET could not give back an owner that it does not map. */
  readonly mapsAllUsers: boolean;
}

export function readPrivileges(procRoot = '/proc'): Privileges {
  const uid = process.geteuid?.() ?? 0;
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readOr(`${procRoot}/self/status`))?.[1];
  const isAdmin = effective === undefined ? uid === 0 : ((BigInt(`0x${effective}`) >> CAP_SYS_ADMIN) & 1n) === 1n;
  return {
    uid,
    ownsOrMayAdminister: (owner, creator) => isAdmin || uid === owner || uid === creator,
    mapsAllUsers: ALL_USERS.test(readOr(`${procRoot}/self/uid_map`)),
  };
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // ENOENT, EACCES: /proc is not there or hides us: nothing is assumed
  }
}
