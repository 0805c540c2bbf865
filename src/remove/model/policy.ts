// What may be removed and how sure the user has to be. PURE. A wrong removal is worse than anything this program can leave.
import type { EvidenceCode } from '../../probe/model/judge/evidence.ts';
import type { ShmObject, VerdictState } from '../../probe/model/object.ts';
import { type Refusal, refuse } from './refusal.ts';

/**
 * What the user must do: `plain` (one key, or one question for all), `ask` (told why it may be wanted), `typed` (the id,
 * typed: somebody holds it, or nobody knows).
 */
export type Consent = 'plain' | 'ask' | 'typed';

export interface PolicyRequest {
  /** Objects that are in use, unknown or on the never-touch list too. */
  readonly force: boolean;
  /** Each object was named by its id; otherwise they were gathered by their verdict. */
  readonly isNamed: boolean;
  /** What the kernel will not allow whoever removes; absent: found out when it is tried. */
  readonly foretell?: (object: ShmObject) => Refusal | undefined;
}

const CONSENT: Readonly<Record<VerdictState, Consent>> = {
  abandoned: 'plain',
  orphaned: 'ask',
  unheld: 'ask',
  'in-use': 'typed',
  unknown: 'typed',
};

/** Evidence with which no object is part of a bulk removal: kept on purpose, data, of unknown age, or without memory. */
const NEVER_IN_BULK: ReadonlySet<EvidenceCode> = new Set([
  'never-touch',
  'software-keeps',
  'user-data',
  'vendor-tool',
  'directory',
  'not-a-file',
  'too-young',
  'clock-ahead',
]);

/** May it go, and with which consent? */
export function judgeRemoval(object: ShmObject, { force, isNamed, foretell }: PolicyRequest): Consent | Refusal {
  const { kind, verdict, type } = object;
  if (kind === 'file') return refuse('ordinary-file', 'is an ordinary file, not shared memory');
  if (kind !== 'sysv' && kind !== 'posix') return refuse('no-name', 'has no name that could be removed');
  if (kind === 'posix' && (type === undefined || object.inode === undefined)) {
    return refuse('not-seen', 'has its name in another mount namespace, seen only through its mappings');
  }
  const never = verdict.evidence.find(({ code }) => code === 'never-touch');
  if (never && !(force && isNamed)) return refuse('never-touch', `is on the never-touch list: ${never.detail}`);
  if (!isNamed && verdict.evidence.some(({ code }) => NEVER_IN_BULK.has(code))) {
    return type === 'directory' ? refuse('directory', 'is a directory') : refuse('by-design', 'is kept by design');
  }
  // Before what --force would help against: it does not help against the kernel.
  const forbidden = foretell?.(object);
  if (forbidden) return forbidden;
  if (!force && verdict.state === 'in-use') return refuse('in-use', 'is in use');
  if (!force && verdict.state === 'unknown') {
    return refuse('unknown', 'may be in use: something that could hold it could not be looked into');
  }
  return never ? 'typed' : CONSENT[verdict.state];
}

/** Namespaces beside our own that whoever removes in bulk has named, by their inodes; `all` of them. */
export type NamedNamespaces = ReadonlySet<string> | 'all';

const NONE: NamedNamespaces = new Set();

/**
 * The IPC namespace of a segment, or the mount namespace of a name, where it is not ours; undefined: ours. Whoever made such
 * a namespace chose what is in it.
 */
export function otherNamespaceOf({ kind, shortId, ipcNamespace, mountNamespace }: ShmObject): string | undefined {
  if (kind === 'sysv') return shortId.includes('@') ? (ipcNamespace ?? 'unknown') : undefined;
  return mountNamespace;
}

/** What `--abandoned`, `--orphaned` and `--unheld` gather: the verdicts asked for, in our own namespaces and in those that were named. */
export function isInBulk(object: ShmObject, states: readonly VerdictState[], named: NamedNamespaces = NONE): boolean {
  return isBulkKind(object, states) && isReached(object, named);
}

/** What would be gathered, were its namespace named. */
export function isLeftElsewhere(
  object: ShmObject,
  states: readonly VerdictState[],
  named: NamedNamespaces = NONE,
): boolean {
  return isBulkKind(object, states) && !isReached(object, named);
}

function isReached(object: ShmObject, named: NamedNamespaces): boolean {
  const namespace = otherNamespaceOf(object);
  return namespace === undefined || named === 'all' || named.has(namespace);
}

/** Without what never goes in bulk. */
function isBulkKind(object: ShmObject, states: readonly VerdictState[]): boolean {
  const { kind, type, verdict, links, rawPath, mountNamespace } = object;
  if (!states.includes(verdict.state) || verdict.state === 'in-use' || verdict.state === 'unknown') return false;
  if (kind === 'posix' && (!isBulkType(type, verdict.state) || (links ?? 1) > 1)) return false;
  // In the /dev/shm of a chroot only what is proven abandoned.
  const isInChroot = kind === 'posix' && rawPath === undefined && mountNamespace === undefined;
  if (verdict.state !== 'abandoned' && isInChroot) return false;
  return (kind === 'sysv' || kind === 'posix') && !verdict.evidence.some(({ code }) => NEVER_IN_BULK.has(code));
}

/** A socket only where it is proven that nobody is bound to it, since nobody can ever be again; fifos, links and folders never. */
function isBulkType(type: ShmObject['type'], state: VerdictState): boolean {
  return type === 'file' || type === 'semaphore' || (type === 'socket' && state === 'abandoned');
}
