// What the kernel will refuse whoever removes: foretold where it is certain, so that nothing is offered that EPERM takes back. PURE.
import type { ShmObject } from '../../probe/model/object.ts';
import { otherNamespaceOf } from './policy.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What this process may do to objects of others; plain data. */
export interface RemovalRights {
  /** Effective. */
  readonly uid: number;
  /** CAP_SYS_ADMIN: IPC_RMID on segments of anybody (shmctl(2)). */
  readonly isIpcAdmin: boolean;
  /** CAP_FOWNER or CAP_DAC_OVERRIDE, either of which may make a name of another user go (unlink(2)); nothing is foretold then. */
  readonly isFileAdmin: boolean;
  /** Our /dev/shm has the sticky bit and belongs to another user: a name right in it goes by its owner only. */
  readonly isShmSticky: boolean;
}

/** Why the kernel will not let it go; undefined where it will, or where nobody can tell before it is tried. */
export function foretellRefusal(
  object: ShmObject,
  rights: RemovalRights,
  directoryOf: (object: ShmObject) => ShmObject | undefined,
): Refusal | undefined {
  // Another namespace may be one of ours to administer: what it lets us do is found out there.
  if (otherNamespaceOf(object) !== undefined || object.uid === undefined) return undefined;
  if (object.uid === rights.uid) return undefined;
  if (object.kind === 'sysv') {
    return rights.isIpcAdmin || object.cuid === rights.uid || object.cuid === undefined ? undefined : notOurs(object);
  }
  if (object.kind !== 'posix' || rights.isFileAdmin || object.rawPath === undefined) return undefined;
  const isAtTop = object.rawName.lastIndexOf('/') === 0;
  if (isAtTop) return rights.isShmSticky ? notOurs(object) : undefined;
  return isClosed(directoryOf(object), rights.uid) ? notOurs(object) : undefined;
}

/** Nobody but its owner can write in it: no group, no other and, since the bits of the group are their mask, no entry of acl(5). */
function isClosed(directory: ShmObject | undefined, uid: number): boolean {
  if (directory?.uid === undefined || directory.uid === uid || directory.perms === undefined) return false;
  return (Number.parseInt(directory.perms, 8) & 0o022) === 0;
}

const notOurs = ({ uid }: ShmObject): Refusal => refuse('permission', `belongs to another user (${uid})`);
