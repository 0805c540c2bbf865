// What this process may do beyond its own objects: its effective capabilities, and the users that its namespace maps.
import { lineOf } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';

/** include/uapi/linux/capability.h */
export const CAP = { DAC_OVERRIDE: 1, FOWNER: 3, SYS_ADMIN: 21, LEASE: 28 } as const;
/** /proc/self/uid_map of a process that sees all users by their own numbers (user_namespaces(7)). */
const ALL_USERS = /^\s*0\s+0\s+4294967295\s*$/;

export interface Rights {
  readonly has: (capability: number) => boolean;
  /** False in a user namespace: what belongs to users that it does not map is nobody's there, root's neither. */
  readonly mapsAllUsers: boolean;
}

/** Where /proc does not tell, root is taken to have every capability, and nothing is assumed of its users. */
export function readRights(io: Io, procRoot = '/proc'): Rights {
  const text = (path: string) => {
    const read = readText(io, `${procRoot}/self/${path}`);
    return typeof read === 'number' ? '' : read;
  };
  const effective = /^[0-9a-f]{1,16}$/.exec(lineOf(text('status'), 'CapEff') ?? '')?.[0];
  const isRoot = process.geteuid?.() === 0;
  return {
    has: (capability) =>
      effective === undefined ? isRoot : ((BigInt(`0x${effective}`) >> BigInt(capability)) & 1n) === 1n,
    mapsAllUsers: ALL_USERS.test(text('uid_map')),
  };
}
