// The verdict on one object from what is known of it. A wrong "abandoned" is the worst that this program can say:
// every doubt ends in `unheld` (nobody holds it, but somebody may come back) or `unknown` (something could not be read).

import type { Standing } from '../life/life.ts';
import { type EntryType, idleSeconds, type Maker, newestSec, type Times, type Verdict } from '../object.ts';
import type { Evidence, EvidenceCode } from './evidence.ts';
import { isGone } from './maker.ts';
import type { SoftwareHit, SoftwareRow } from './software.ts';

/**
 * What the lease oracle said (F_SETLEASE, fcntl(2)): nobody has it open or mapped; somebody has; not ours to ask; cannot be
 * asked; was not asked, so as not to disturb (`isLeaseWanted`).
 */
export type LeaseAnswer = 'free' | 'busy' | 'denied' | 'unavailable' | 'spared';

/** What decides whether a rule of the software table holds. Absent: the rule did not need it. */
export interface SoftwareState {
  /** State of the process whose pid the name carries. */
  readonly namePid?: Maker;
  /** A process of this software that runs (by its command name). */
  readonly running?: { readonly pid: number; readonly comm: string };
  /** True when another object of the same software and user is in use: an instance is alive. */
  readonly isInstanceAlive: boolean;
  /** False when processes may exist that we cannot see at all (we are in a container; hidepid): no rule can hold then. */
  readonly seesAllProcesses: boolean;
}

export interface VerdictContext {
  readonly nowSec: number;
  readonly minAgeSec: number;
}

/** What the knowledge of a witness about this very object comes to, as weighed in life/. */
export interface Witnessed {
  readonly standing: Standing;
  readonly evidence: readonly Evidence[];
}

export interface SysvCase extends Times {
  readonly kind: 'sysv';
  readonly nattch: number;
  readonly holderCount: number;
  readonly hiddenMappings: number;
  readonly creator: Maker;
  /** Absent: never attached. */
  readonly lastUser?: Maker;
  readonly software?: SoftwareHit;
  /** Absent: no witness knows anything of it. */
  readonly witnessed?: Witnessed;
}

export interface NameCase extends Times {
  readonly kind: 'posix';
  readonly type: EntryType;
  readonly holderCount: number;
  /** Objects inside a directory that are in use. */
  readonly childrenInUse: number;
  /** Further hard links. */
  readonly otherNames: number;
  /** Mounted at another place, itself or a folder above it. Absent: not asked, since no rule would call it a leftover. */
  readonly mounted?: 'no' | 'mounted' | 'unknown';
  /** False where its /dev/shm is a folder of a tmpfs, or a tmpfs that is more than that: rules of programs prove nothing there. */
  readonly isDedicated: boolean;
  /** True where not every name beside it was looked at: another object of the same software may be in use. */
  readonly isCut?: boolean;
  /** Absent: not asked, since somebody holds it or it is no regular file. */
  readonly lease?: LeaseAnswer;
  /** Processes that could hold it but could not be looked into. */
  readonly notInspected: number;
  /** False when processes may exist that we cannot see at all (we are in a container; hidepid). */
  readonly seesAllProcesses: boolean;
  readonly software?: SoftwareHit;
  readonly softwareState?: SoftwareState;
  readonly witnessed?: Witnessed;
}

/** Judges a System V segment: nattch is the kernel's truth over all processes, so only the makers are in question. */
export function judgeSysv(segment: SysvCase, context: VerdictContext): Verdict {
  // Read at different moments, the two may differ; either is enough.
  if (segment.nattch > 0 || segment.holderCount > 0) {
    const evidence: Evidence[] = [];
    if (segment.holderCount > 0) evidence.push({ code: 'held', count: segment.holderCount });
    if (segment.nattch > 0) evidence.push({ code: 'attached', count: segment.nattch });
    if (segment.hiddenMappings > 0) evidence.push({ code: 'hidden-mappings', count: segment.hiddenMappings });
    return { state: 'in-use', evidence };
  }
  const evidence: Evidence[] = [{ code: 'nobody-attached' }, makerEvidence('creator', segment.creator)];
  if (segment.lastUser) evidence.push(makerEvidence('last-user', segment.lastUser));
  else evidence.push({ code: 'never-attached' });
  const makersAreGone = isGone(segment.creator) && (!segment.lastUser || isGone(segment.lastUser));
  const veto = softwareVeto(segment.software);
  if (veto) evidence.push(veto);
  const young = youth(segment, context, segment.software);
  if (young) evidence.push(young);
  return { state: makersAreGone && !veto && !young ? 'abandoned' : 'unheld', evidence };
}

/** Judges many segments of one sample: those alike in everything that matters share one verdict. */
export class VerdictBook {
  readonly #known = new Map<Maker, Map<Maker | undefined, Map<SoftwareRow | undefined, Map<string, Verdict>>>>();
  #last:
    | { creator: Maker; lastUser: Maker | undefined; software?: SoftwareRow; usedSec: number; verdict: Verdict }
    | undefined;

  /** As `judgeSysv`; makers are shared objects too (MakerBook). */
  judge(segment: SysvCase, context: VerdictContext): Verdict {
    if (segment.nattch > 0 || segment.holderCount > 0) return judgeSysv(segment, context);
    const { creator, lastUser, software } = segment;
    const usedSec = newestSec(segment);
    const last = this.#last;
    if (
      last?.creator === creator &&
      last.lastUser === lastUser &&
      last.usedSec === usedSec &&
      last.software === software?.row
    ) {
      return last.verdict;
    }
    const verdict = this.#find(segment, context);
    this.#last = { creator, lastUser, software: software?.row, usedSec, verdict };
    return verdict;
  }

  #find(segment: SysvCase, context: VerdictContext): Verdict {
    const { creator, lastUser, software } = segment;
    const ofCreator = getOrMake(
      this.#known,
      creator,
      newMap<Maker | undefined, Map<SoftwareRow | undefined, Map<string, Verdict>>>,
    );
    const ofLastUser = getOrMake(ofCreator, lastUser, newMap<SoftwareRow | undefined, Map<string, Verdict>>);
    const ofSoftware = getOrMake(ofLastUser, software?.row, newMap<string, Verdict>);
    const young = youth(segment, context, software);
    const age = young ? `${young.code} ${young.seconds} ${young.limitSeconds}` : '';
    return getOrMake(ofSoftware, age, () => judgeSysv(segment, context));
  }
}

const newMap = <Key, Value>() => new Map<Key, Value>();

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Judges a name in /dev/shm, which has no recorded maker: only its software's rule can prove that it is a leftover. */
export function judgeName(object: NameCase, context: VerdictContext): Verdict {
  if (object.holderCount > 0) return { state: 'in-use', evidence: [{ code: 'held', count: object.holderCount }] };
  if (object.lease === 'busy') return { state: 'in-use', evidence: [{ code: 'lease-busy' }] };
  if (object.childrenInUse > 0) {
    return { state: 'in-use', evidence: [{ code: 'children-held', count: object.childrenInUse }] };
  }
  const isSpared = object.lease === 'spared';
  if (object.lease !== 'free' && !isSpared) return withoutLease(object);
  const evidence: Evidence[] = [isSpared ? unaskedEvidence(object) : { code: 'lease-free' }];
  const rule = leftoverEvidence(object);
  evidence.push(...rule.evidence);
  const young = youth(object, context, object.software);
  if (young) evidence.push(young);
  return { state: rule.isLeftover && !young && !isSpared ? 'abandoned' : 'unheld', evidence };
}

const unaskedEvidence = ({ notInspected }: NameCase): Evidence =>
  notInspected > 0 ? { code: 'not-inspected', count: notInspected } : { code: 'nobody-holds' };

/**
 * Whether the kernel is to be asked who has a file that nobody was found to hold. Asking disturbs whoever opens it in that
 * moment (lease.ts): who may ask about the files of all users spares what is young, kept on purpose or named after a living
 * process, whose verdict the answer would hardly change. Who sees not all processes, or asks about his own files only, has
 * no other witness. `leftover`: the answer decides whether it is abandoned.
 */
export function isLeaseWanted(
  object: NameCase,
  context: VerdictContext,
  asksForAll: boolean,
): 'no' | 'yes' | 'leftover' {
  if ((object.type !== 'file' && object.type !== 'semaphore') || object.holderCount > 0) return 'no';
  const { isLeftover, evidence } = leftoverEvidence(object);
  const isYoung = youth(object, context, object.software) !== undefined;
  if (isLeftover && !isYoung) return 'leftover';
  if (!asksForAll || !object.seesAllProcesses) return 'yes';
  return isYoung || evidence.some(({ code }) => SPEAKS_FOR_IT.has(code)) ? 'no' : 'yes';
}

const SPEAKS_FOR_IT: ReadonlySet<EvidenceCode> = new Set([
  'software-keeps',
  'user-data',
  'vendor-tool',
  'name-pid-alive',
  'other-names',
  'mounted-elsewhere',
]);

/** Directories, sockets and the like, and files that the kernel would not tell about: never "abandoned". */
function withoutLease(object: NameCase): Verdict {
  const hidden: Evidence[] = [];
  if (object.notInspected > 0) hidden.push({ code: 'not-inspected', count: object.notInspected });
  if (!object.seesAllProcesses) hidden.push({ code: 'outside-invisible' });
  const scan: Evidence[] = hidden.length > 0 ? hidden : [{ code: 'nobody-holds' }];
  switch (object.type) {
    case 'directory':
      return { state: 'unheld', evidence: [{ code: 'directory' }, ...scan] };
    case 'socket':
      return { state: 'unknown', evidence: [{ code: 'listener-unknown' }, ...scan] };
    case 'file':
    case 'semaphore': {
      const why: EvidenceCode = object.lease === 'denied' ? 'lease-denied' : 'lease-unavailable';
      return { state: hidden.length > 0 ? 'unknown' : 'unheld', evidence: [...scan, { code: why }] };
    }
    default:
      return {
        state: hidden.length > 0 ? 'unknown' : 'unheld',
        evidence: [{ code: 'not-a-file', detail: object.type }, ...scan],
      };
  }
}

/** What the software's rule says of a name that nobody holds. */
function leftoverEvidence(object: NameCase): { isLeftover: boolean; evidence: Evidence[] } {
  const { software, softwareState } = object;
  const veto = softwareVeto(software);
  if (veto) return { isLeftover: false, evidence: [veto] };
  const kept = keptEvidence(object);
  if (kept.length > 0) return { isLeftover: false, evidence: kept };
  if (!software || !softwareState) return { isLeftover: false, evidence: [{ code: 'maker-unknown' }] };
  const { leftover, name } = software.row;
  const { namePid, running, isInstanceAlive, seesAllProcesses } = softwareState;
  const alive: Evidence[] = [];
  if (running) alive.push({ code: 'software-alive', software: name, pid: running.pid, comm: running.comm });
  else if (isInstanceAlive) alive.push({ code: 'software-alive', software: name });
  if (namePid && !isGone(namePid)) alive.push({ code: 'name-pid-alive', pid: namePid.pid, comm: namePid.comm });
  if (alive.length > 0) return { isLeftover: false, evidence: alive };
  if (!seesAllProcesses) return { isLeftover: false, evidence: [{ code: 'outside-invisible' }] };
  const dead: Evidence[] = namePid ? [{ code: 'name-pid-dead', pid: namePid.pid }] : [];
  switch (leftover.when) {
    case 'name-pid-dead':
      return namePid
        ? { isLeftover: true, evidence: dead }
        : { isLeftover: false, evidence: [{ code: 'maker-unknown' }] };
    case 'no-process':
      return {
        isLeftover: true,
        evidence: [...dead, { code: 'software-leftover', software: name, detail: 'none of its processes runs' }],
      };
    case 'unheld':
      return { isLeftover: true, evidence: [...dead, { code: 'software-leftover', software: name }] };
    default:
      return { isLeftover: false, evidence: [...dead, { code: 'maker-unknown' }] };
  }
}

/** Signs that a person wants it (no program leaves a second name or a bind mount behind), or that nobody can tell. */
function keptEvidence({ otherNames, mounted, isDedicated, isCut }: NameCase): Evidence[] {
  const kept: Evidence[] = otherNames > 0 ? [{ code: 'other-names', count: otherNames }] : [];
  if (!isDedicated) kept.push({ code: 'not-dedicated' });
  if (mounted === 'mounted') kept.push({ code: 'mounted-elsewhere' });
  if (mounted === 'unknown') kept.push({ code: 'mounts-unknown' });
  if (isCut) kept.push({ code: 'names-unlisted' });
  return kept;
}

function softwareVeto(software: SoftwareHit | undefined): Evidence | undefined {
  if (software?.row.leftover.when !== 'never') return undefined;
  const { name, cleanup, leftover } = software.row;
  switch (leftover.because) {
    case 'keeps':
      return { code: 'software-keeps', software: name };
    case 'user-data':
      return { code: 'user-data', software: name };
    case 'vendor-tool':
      return { code: 'vendor-tool', software: name, detail: cleanup };
  }
}

/** Too young to be called abandoned, or of an age that the clock does not tell. */
function youth(times: Times, { nowSec, minAgeSec }: VerdictContext, software?: SoftwareHit): Evidence | undefined {
  if (minAgeSec === 0) return undefined;
  const limitSeconds = Math.max(minAgeSec, software?.row.patienceSec ?? 0);
  const seconds = idleSeconds(times, nowSec);
  if (seconds === undefined) return { code: 'age-unknown' };
  if (seconds < -1) return { code: 'clock-ahead' };
  return seconds < limitSeconds
    ? { code: 'too-young', seconds: Math.max(0, Math.floor(seconds)), limitSeconds }
    : undefined;
}

function makerEvidence(role: 'creator' | 'last-user', { pid, state, comm }: Maker): Evidence {
  if (state === 'invisible') {
    return pid === undefined ? { code: `${role}-invisible` } : { code: `${role}-hidden`, pid };
  }
  if (role === 'creator') return { code: `creator-${state}`, pid, comm };
  return state === 'alive' ? { code: 'last-user-alive', pid, comm } : { code: 'last-user-dead', pid };
}
