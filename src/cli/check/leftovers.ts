// How many objects are abandoned or orphaned, as `rm` would gather them, and how many more may be: what is not visible hides some.
import type { ObjectFilter } from '../../filter/object-filter.ts';
import { type EvidenceCode, evidenceSide } from '../../probe/model/judge/evidence.ts';
import { costBytes, type ShmObject } from '../../probe/model/object.ts';
import { isOwnMount, type Snapshot } from '../../probe/model/snapshot.ts';
import { isInBulk, isLeftElsewhere, type NamedNamespaces, otherNamespaceOf } from '../../remove/model/policy.ts';
import { spellBytes } from '../../ui/format/bytes.ts';
import { countOf } from '../../ui/format/totals.ts';
import { spellIds } from './plugin-line.ts';
import type { Measured } from './reading.ts';

export interface LeftoverRequest {
  readonly state: 'abandoned' | 'orphaned';
  /** Bytes of memory and swap instead of the number. */
  readonly inBytes: boolean;
  readonly filter: ObjectFilter;
  /** Namespaces beside our own. */
  readonly reach: NamedNamespaces;
  /** Why nobody knows what is to be kept, in words. */
  readonly blocked?: string;
}

const IEC = { bytes: 'iec' } as const;

export function measureLeftovers(snapshot: Snapshot, request: LeftoverRequest): Measured {
  const { state, inBytes, filter, reach, blocked } = request;
  const nowSec = snapshot.takenAtMs / 1000;
  const fits = snapshot.objects.filter((object) => filter.matches(object, nowSec));
  const found = fits.filter((object) => isInBulk(object, [state], reach));
  const hidden = fits.filter((object) => isReached(object, reach) && isHidden(object, state));
  const left = fits.filter((object) => isLeftElsewhere(object, [state], reach)).length;
  const missing = unseenPlaces(snapshot, reach, inBytes);
  const amount = (objects: readonly ShmObject[]) =>
    inBytes ? objects.reduce((sum, object) => sum + (costBytes(object) ?? 0), 0) : objects.length;
  const value = amount(found);
  const sure = amount(found.filter((object) => !hidden.includes(object)));
  const isUnsized = inBytes && [...found, ...hidden].some((object) => costBytes(object) === undefined);
  const isOpen = missing.length > 0 || isUnsized;
  const high = isOpen ? Number.POSITIVE_INFINITY : amount([...new Set([...found, ...hidden])]);
  const bytes = found.reduce((sum, object) => sum + (costBytes(object) ?? 0), 0);
  const what = `${countOf(found.length, `${state} object`)} (${spellBytes(bytes, IEC)} of memory and swap)`;
  const words = `${high > value ? 'at least ' : ''}${what}${found.length > 0 ? `: ${spellIds(found)}` : ''}`;
  const label = `${state}${inBytes ? '_bytes' : ''}`;
  return {
    readings: [{ value, low: blocked === undefined ? sure : 0, high, label, words }],
    notes: [
      ...(blocked === undefined ? [] : [`nobody knows what is to be kept: ${blocked}`]),
      ...(hidden.length > 0 ? [`${countOf(hidden.length, 'object')} of which not enough can be seen`] : []),
      ...missing,
      ...(isUnsized ? ['the memory of some is not known'] : []),
      ...unseenProcesses(snapshot, high > value),
      ...(left > 0 ? [`${left} more in other namespaces (--namespace all counts them)`] : []),
    ],
  };
}

const isReached = (object: ShmObject, reach: NamedNamespaces) => {
  const namespace = otherNamespaceOf(object);
  return namespace === undefined || reach === 'all' || reach.has(namespace);
};

/** What speaks against a leak only since something cannot be seen; whoever sees it may judge otherwise. */
const NOT_SEEN: ReadonlySet<EvidenceCode> = new Set([
  'creator-invisible',
  'creator-hidden',
  'last-user-invisible',
  'last-user-hidden',
  'outside-invisible',
  'names-unlisted',
  'mounts-unknown',
  'age-unknown',
  'clock-ahead',
  'not-inspected',
  'lease-denied',
  'lease-unavailable',
  'listener-unknown',
]);

/** May it be one in truth, though it is not called so, or be none though it is? */
function isHidden({ kind, type, verdict }: ShmObject, state: 'abandoned' | 'orphaned'): boolean {
  if (verdict.state === 'in-use' || (verdict.state === 'abandoned' && state === 'orphaned')) return false;
  const isKind =
    kind === 'sysv' || (kind === 'posix' && (type === 'file' || type === 'semaphore' || type === 'socket'));
  const against = verdict.evidence.filter((evidence) => evidenceSide(evidence) === 'against');
  return isKind && against.length > 0 && against.every(({ code }) => NOT_SEEN.has(code));
}

/** Places of which not everything was looked at, within reach: what lies there is in no count. */
function unseenPlaces({ limits, gaps, leftOut }: Snapshot, reach: NamedNamespaces, needsMemory: boolean): string[] {
  const isFar = reach === 'all' || reach.size > 0;
  const places = limits.mounts.filter((mount) => mount.isPartly && (isFar || isOwnMount(mount)));
  const has = (source: string) => gaps.some((gap) => gap.source === source);
  return [
    ...(places.length > 0 || (isFar && has('dev-shm')) ? ['not every name in /dev/shm could be looked at'] : []),
    ...(has('sysv') ? ['the table of System V segments could not be read'] : []),
    ...(isFar && has('ns') ? ['not every namespace could be looked into'] : []),
    ...(has('native') ? ['the kernel cannot be asked who holds what (no native calls)'] : []),
    ...(needsMemory && has('rss') ? ['the memory of segments could not be read'] : []),
    ...(leftOut ? ['there are more objects than are listed'] : []),
  ];
}

function unseenProcesses({ visibility, host }: Snapshot, matters: boolean): string[] {
  const unseen = visibility.processes - visibility.inspected;
  if (unseen <= 0 || !matters) return [];
  const of = countOf(visibility.processes, 'process', 'processes');
  return [`${unseen} of ${of} could not be looked into${host.uid === 0 ? '' : ' (run as root)'}`];
}
