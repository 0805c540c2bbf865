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
  const mentions = findMentions(candidates, context);
  return candidates.map((candidate) => {
    const { entry } = candidate.draft;
    return {
      digitsPid: digitsPid(candidate, context),
      namedBy: mentions.get(candidate),
      owner: ownerProcesses(entry, context),
      family: familyOf(entry, families.get(familyKey(entry)) ?? []),
    };
  });
}

/** Of software that is known the table says where a pid stands. A process that cannot reach it, or began later, is not meant. */
function digitsPid({ draft: { entry }, software }: ClueCandidate, context: ClueContext): Maker | undefined {
  if (software !== undefined && !software.row.isInterface) return undefined;
  const numbers = Array.from(entry.name.matchAll(/(?<=^|[^A-Za-z0-9])\d{3,7}(?![A-Za-z0-9])/g), ([digits]) =>
    Number(digits),
  );
  const makers = numbers
    .filter((number) => number >= SMALLEST_PID && number <= LARGEST_PID)
    .map((pid) => makerInReach(pid, entry, context));
  return makers.find((maker) => !isGone(maker)) ?? makers[0];
}

function makerInReach(pid: number, entry: ShmEntry, { pids, clock, reach }: ClueContext): Maker {
  const maker = judgeMaker(pid, pids.answer(pid), entry.btimeSec ?? entry.ctimeSec, clock());
  return isGone(maker) || reach.canReach(pid, entry.device) ? maker : { pid, state: 'dead' };
}

function ownerProcesses(entry: ShmEntry, { pids, clock, reach }: ClueContext): OwnerProcesses | undefined {
  const { uid, device } = entry;
  if (uid === ROOT) return undefined;
  const inReach = pids.ofUser(uid).filter((pid) => reach.canReach(pid, device));
  const used = newestSec(entry);
  let count = 0;
  for (const pid of inReach) {
    const maker = judgeMaker(pid, pids.answer(pid), used, clock());
    if (maker.state === 'dead' || maker.state === 'zombie') continue;
    if (maker.state !== 'reused') return { are: 'older', pid, comm: maker.comm ?? '' };
    count++;
  }
  return count === 0 ? { are: 'none' } : { are: 'later', count };
}

/** Who of its owner and of root has it in its command line or environment: others could only pretend to want it. */
function findMentions(candidates: readonly ClueCandidate[], { pids, reach }: ClueContext) {
  const found = new Map<ClueCandidate, { pid: number; comm: ByteString; where: MentionPlace }>();
  const wanted = candidates.filter(({ draft }) => wordOf(draft.entry).length >= SHORTEST_NAME);
  const endMs = monotonicMs() + MOST_MS;
  for (const uid of new Set([ROOT, ...wanted.map(({ draft }) => draft.entry.uid)])) {
    const ofUser = wanted.filter(({ draft }) => uid === ROOT || draft.entry.uid === uid);
    const words = [...new Set(ofUser.map(({ draft }) => wordOf(draft.entry)))];
    if (words.length === 0) continue;
    for (const pid of pids.ofUser(uid)) {
      if (monotonicMs() > endMs) return found;
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
  return found;
}

/** What a program would call it: the last part of its path, for sem_open(3) without what glibc puts before it. */
function wordOf({ name, type }: ShmEntry): ByteString {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return type === 'semaphore' && base.startsWith('sem.') ? base.slice(4) : base;
}

/** Names that differ by their numbers, or by what looks random, only. */
const familyKey = ({ device, uid, name }: ShmEntry): string =>
  `${device} ${uid} ${name.replace(/[0-9a-f]*\d[0-9a-f]*|[0-9A-F]*\d[0-9A-F]*/g, '#')}`;

function familiesOf(candidates: readonly ClueCandidate[], siblings: readonly Sibling[]): Map<string, Sibling[]> {
  const families = new Map<string, Sibling[]>(candidates.map(({ draft }) => [familyKey(draft.entry), []]));
  for (const sibling of siblings) families.get(familyKey(sibling.entry))?.push(sibling);
  return families;
}

/** By the births of the others: one as old as this one, in use, is of the same run. */
function familyOf(entry: ShmEntry, family: readonly Sibling[]): NameClues['family'] {
  const used = newestSec(entry);
  let isNewer = false;
  if (!/\d/.test(entry.name)) return undefined;
  for (const { entry: other, isInUse } of family) {
    if (other.inode === entry.inode || other.btimeSec === undefined) continue;
    if (isInUse && other.btimeSec <= used) return 'alive';
    if (other.btimeSec > used) isNewer = true;
  }
  return isNewer ? 'newer' : undefined;
}
