// Looks for what suggests that the makers of a name are gone, or that somebody may come back for it: only for names that nobody
// holds and of which nothing else tells.
import { monotonicMs } from '../../native/monotonic.ts';
import type { ByteString } from '../model/bytes.ts';
import type { NameDraft } from '../model/join/join.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import { type Clock, isGone, judgeMaker } from '../model/judge/maker.ts';
import type { NameClues, OwnerProcesses } from '../model/judge/name-clues.ts';
import type { SoftwareHit } from '../model/judge/software.ts';
import { type Maker, newestSec } from '../model/object.ts';
import type { Reach } from '../territory/places/reach.ts';
import type { MentionPlace } from './mentions.ts';
import type { PidBook } from './pid-book.ts';

export interface ClueContext {
  readonly pids: PidBook;
  readonly clock: () => Clock | undefined;
  readonly reach: Pick<Reach, 'canReach'>;
}

export interface ClueCandidate {
  readonly draft: NameDraft;
  readonly software?: SoftwareHit;
}

/** A name beside those in question. */
export interface Sibling {
  readonly entry: ShmEntry;
  readonly isInUse: boolean;
}

/** Root has processes at all times: that one of them could come back says nothing. */
const ROOT = 0;
/** Shorter names stand in many command lines for other things. */
const SHORTEST_NAME = 5;
/** Of one look: command lines and environments of all the owners' processes. Beyond it nothing is told by them. */
const MOST_MS = 200;
/** Names that are looked for in one go through the processes. */
const AT_A_TIME = 1000;
/** Numbers of one name, and of all names of a look, that are tried; processes of one owner that are asked. */
const NUMBERS_OF_NAME = 2;
const MOST_NUMBERS = 4000;
const MOST_OF_OWNER = 2000;
/** Numbers below are versions, counters and ranks; above PID_MAX_LIMIT there is no pid. */
const SMALLEST_PID = 300;
const LARGEST_PID = 4_194_304;

/** Clues in the order of the candidates; `siblings` are all names of this look. */
export function findClues(
  candidates: readonly ClueCandidate[],
  siblings: readonly Sibling[],
  context: ClueContext,
): NameClues[] {
  if (candidates.length === 0) return [];
  const families = familiesOf(candidates, siblings);
  const fair = fairly(candidates);
  const mentions = findMentions(fair, context);
  const owners = new Owners(context);
  const numbers = { left: MOST_NUMBERS };
  const named = new Map(fair.map((candidate) => [candidate, digitsPid(candidate, numbers, context)]));
  return candidates.map((candidate) => {
    const { entry } = candidate.draft;
    return {
      digitsPid: named.get(candidate),
      namedBy: mentions.get(candidate),
      owner: owners.of(entry),
      family: familyOf(entry, families.get(familyKey(entry))),
    };
  });
}

/** Root's, then those of whoever has the fewest: what one user has made by the thousand uses up the bounds of a look last. */
function fairly(candidates: readonly ClueCandidate[]): readonly ClueCandidate[] {
  const counts = new Map<number, number>();
  for (const { draft } of candidates) counts.set(draft.entry.uid, (counts.get(draft.entry.uid) ?? 0) + 1);
  const rank = ({ draft: { entry } }: ClueCandidate) => (entry.uid === ROOT ? 0 : (counts.get(entry.uid) ?? 0));
  return [...candidates].sort((a, b) => rank(a) - rank(b) || a.draft.entry.uid - b.draft.entry.uid);
}

/** Of software that is known the table says where a pid stands. A process that cannot reach it, or began later, is not meant. */
function digitsPid(
  { draft: { entry }, software }: ClueCandidate,
  budget: { left: number },
  context: ClueContext,
): Maker | undefined {
  if (software !== undefined && !software.row.isInterface) return undefined;
  let gone: Maker | undefined;
  let tried = 0;
  for (const [digits] of entry.name.matchAll(/(?<=^|[^A-Za-z0-9])\d{3,7}(?![A-Za-z0-9])/g)) {
    const pid = Number(digits);
    if (pid < SMALLEST_PID || pid > LARGEST_PID) continue;
    if (tried++ >= NUMBERS_OF_NAME || budget.left-- <= 0) break;
    const maker = makerInReach(pid, entry, context);
    if (!isGone(maker)) return maker;
    gone ??= maker;
  }
  return gone;
}

/** Of a process that /proc hides nobody can say that it has no way there. */
export function mayReach({ pid, state }: Maker, { device }: ShmEntry, reach: ClueContext['reach']): boolean {
  return pid === undefined || state === 'invisible' || reach.canReach(pid, device);
}

function makerInReach(pid: number, entry: ShmEntry, { pids, clock, reach }: ClueContext): Maker {
  const maker = judgeMaker(pid, pids.answer(pid), entry.btimeSec ?? entry.ctimeSec, clock());
  return isGone(maker) || mayReach(maker, entry, reach) ? maker : { pid, state: 'dead' };
}

/** The processes of an owner that can reach a file system: asked once, however many names he has there. */
class Owners {
  readonly #context: ClueContext;
  readonly #known = new Map<string, Eldest | undefined>();

  constructor(context: ClueContext) {
    this.#context = context;
  }

  of(entry: ShmEntry): OwnerProcesses | undefined {
    const { uid, device } = entry;
    if (uid === ROOT) return undefined;
    const key = `${uid} ${device}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#find(uid, device));
    const eldest = this.#known.get(key);
    if (!eldest) return undefined;
    const { pid, count } = eldest;
    if (pid === undefined) return { are: 'none' };
    const { pids, clock } = this.#context;
    const maker = judgeMaker(pid, pids.answer(pid), newestSec(entry), clock());
    return maker.state === 'reused' ? { are: 'later', count } : { are: 'older', pid, comm: maker.comm ?? '' };
  }

  /** Undefined: there are too many to be asked. */
  #find(uid: number, device: ShmEntry['device']): Eldest | undefined {
    const { pids, reach } = this.#context;
    const all = pids.ofUser(uid);
    if (all.length > MOST_OF_OWNER) return undefined;
    let eldest: { readonly pid: number; readonly startTicks: number } | undefined;
    let count = 0;
    for (const pid of all) {
      const answer = pids.answer(pid);
      if (answer === 'none' || (typeof answer !== 'string' && answer.state === 'Z' && answer.threads <= 1)) continue;
      if (!reach.canReach(pid, device)) continue;
      count++;
      // Of one that is hidden nobody knows when it began.
      const startTicks = typeof answer === 'string' ? 0 : answer.startTicks;
      if (!eldest || startTicks < eldest.startTicks) eldest = { pid, startTicks };
    }
    return { pid: eldest?.pid, count };
  }
}

interface Eldest {
  /** Absent: there is none. */
  readonly pid?: number;
  readonly count: number;
}

type Mentions = Map<ClueCandidate, { readonly pid: number; readonly comm: ByteString; readonly where: MentionPlace }>;

/** Who of its owner and of root has it in its command line or environment: others could only pretend to want it. */
function findMentions(candidates: readonly ClueCandidate[], context: ClueContext): Mentions {
  const found: Mentions = new Map();
  const wanted = candidates.filter(({ draft }) => wordOf(draft.entry).length >= SHORTEST_NAME);
  const endMs = monotonicMs() + MOST_MS;
  for (let at = 0; at < wanted.length && monotonicMs() < endMs; at += AT_A_TIME)
    findMentionsOf(wanted.slice(at, at + AT_A_TIME), context, endMs, found);
  return found;
}

function findMentionsOf(
  wanted: readonly ClueCandidate[],
  { pids, reach }: ClueContext,
  endMs: number,
  found: Mentions,
): void {
  for (const uid of new Set([ROOT, ...wanted.map(({ draft }) => draft.entry.uid)])) {
    const ofUser = wanted.filter(({ draft }) => uid === ROOT || draft.entry.uid === uid);
    const words = [...new Set(ofUser.map(({ draft }) => wordOf(draft.entry)))];
    if (words.length === 0) continue;
    for (const pid of pids.ofUser(uid)) {
      if (monotonicMs() > endMs) return;
      const mentions = pids.mentions(pid, words);
      for (const candidate of ofUser) {
        const { entry } = candidate.draft;
        const where = mentions.get(wordOf(entry));
        if (where === undefined || found.has(candidate) || !reach.canReach(pid, entry.device)) continue;
        const answer = pids.answer(pid);
        found.set(candidate, { pid, comm: typeof answer === 'string' ? '' : answer.comm, where });
      }
    }
  }
}

/** What a program would call it: the last part of its path, for sem_open(3) without what glibc puts before it. */
function wordOf({ name, type }: ShmEntry): ByteString {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return type === 'semaphore' && base.startsWith('sem.') ? base.slice(4) : base;
}

/** Names that differ by their numbers, or by what looks random, only. */
const familyKey = ({ device, uid, name }: ShmEntry): string =>
  `${device} ${uid} ${name.replace(/[0-9a-f]+|[0-9A-F]+/g, (run) => (/\d/.test(run) ? '#' : run))}`;

/** Births of a family, seconds since the epoch. */
interface Family {
  latestBirth: number;
  firstBirthInUse: number;
}

function familiesOf(candidates: readonly ClueCandidate[], siblings: readonly Sibling[]): Map<string, Family> {
  const families = new Map<string, Family>();
  for (const { draft } of candidates) {
    families.set(familyKey(draft.entry), { latestBirth: -Infinity, firstBirthInUse: Infinity });
  }
  for (const { entry, isInUse } of siblings) {
    const family = families.get(familyKey(entry));
    if (!family || entry.btimeSec === undefined) continue;
    family.latestBirth = Math.max(family.latestBirth, entry.btimeSec);
    if (isInUse) family.firstBirthInUse = Math.min(family.firstBirthInUse, entry.btimeSec);
  }
  return families;
}

/** By the births of the others: one as old as this one, in use, is of the same run. */
function familyOf(entry: ShmEntry, family: Family | undefined): NameClues['family'] {
  const used = newestSec(entry);
  if (!family || !/\d/.test(entry.name)) return undefined;
  if (family.firstBirthInUse <= used) return 'alive';
  return family.latestBirth > used ? 'newer' : undefined;
}
