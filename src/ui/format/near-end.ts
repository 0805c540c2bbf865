// What is near its end, in one line each: "/dev/shm 92% full, inodes 100%; biggest: etl-worker[4] 22.0M".
import type { Account } from '../../probe/model/account/account.ts';
import { consumersOf } from '../../probe/model/account/consumers.ts';
import { alarmsOf, isForeign, NEAR } from '../../probe/model/alarm.ts';
import { escapeBytes } from '../../probe/model/bytes.ts';
import { type Ceiling, ceilingsOf, shareOf } from '../../probe/model/ceilings.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import { partLabel } from './account-words.ts';
import { spellBytes } from './bytes.ts';
import { ceilingWords } from './ceiling-words.ts';
import { safeText } from './safe-text.ts';
import { countOf } from './totals.ts';

/** The limit itself may be in use: then nothing is left. Never `100%` of what has room, and never `99%` of what has none. */
export function spellFull(share: number): string {
  return `${share >= 1 ? Math.round(share * 100) : Math.floor(share * 100)}%`;
}

/** Anybody can make limits of his own and use them up: so many of others have a line, and of ours, which only root makes. */
const MOST_OF_OTHERS = 4;
const MOST_OURS = 24;

export type NearWorld = Pick<Snapshot, 'limits' | 'objects' | 'host'>;
/** The limits that stand in one line; or what is said in place of those beyond. */
export type NearEntry = readonly Ceiling[] | string;

/** Safe to print, without an end; ours first, the worst first. A tmpfs has one line for its bytes and its inodes. */
export const nearEndLines = (
  snapshot: NearWorld & Pick<Snapshot, 'namespaces'>,
  memory?: HostMemory,
): readonly string[] => nearEntries(snapshot, memory).map((entry) => nearEndLine(entry, snapshot));

export function nearEntries(
  snapshot: Pick<Snapshot, 'limits' | 'namespaces'>,
  memory?: HostMemory,
): readonly NearEntry[] {
  const near = alarmsOf(ceilingsOf(snapshot.limits, memory, undefined, snapshot.namespaces)).map(
    ({ ceiling }) => ceiling,
  );
  if (near.length === 0) return [];
  const groups = Map.groupBy(near, (ceiling) => ('mount' in ceiling ? ceiling.mount.device : ceiling.id));
  const isOfOthers = ([first]: readonly Ceiling[]) => first !== undefined && isForeign(first);
  const ours = [...groups.values()].filter((ceilings) => !isOfOthers(ceilings));
  const others = [...groups.values()].filter(isOfOthers);
  return [
    ...ours.slice(0, MOST_OURS),
    ...moreText(ours.length - MOST_OURS, ''),
    ...others.slice(0, MOST_OF_OTHERS),
    ...moreText(others.length - MOST_OF_OTHERS, ' of other users, namespaces and containers'),
  ];
}

const moreText = (more: number, whose: string): readonly string[] =>
  more > 0 ? [`${countOf(more, 'more limit')}${whose} near the end (shmtop summary --json lists all)`] : [];

export function nearEndLine(entry: NearEntry, { objects, host, limits }: NearWorld): string {
  if (typeof entry === 'string') return entry;
  const ceilings = entry;
  const [first] = ceilings;
  if (!first) return '';
  const [biggest] = consumersOf(first, objects, host.ipcNamespace);
  return `${headOf(ceilings, limits)}${biggest ? `; biggest: ${consumerText(biggest, first)}` : ''}`;
}

/** What of a tmpfs is not full is said beside what is. */
function headOf(ceilings: readonly Ceiling[], limits: Snapshot['limits']): string {
  const [first] = ceilings;
  if (!first) return '';
  const share = spellFull(shareOf(first) ?? 0);
  if (!('mount' in first)) return `${NAMES[first.kind] ?? ceilingWords(first).title} ${share} used (${numbers(first)})`;
  const { device, path } = first.mount;
  const ofMount = ceilingsOf(limits, undefined).filter((each) => 'mount' in each && each.mount.device === device);
  const part = (kind: Ceiling['kind'], words: (share: string) => string) => {
    const own = ofMount.find((each) => each.kind === kind);
    const value = own && shareOf(own);
    return value === undefined ? [] : [words(spellFull(value))];
  };
  const parts = [...part('mount-bytes', (text) => `${text} full`), ...part('mount-inodes', (text) => `inodes ${text}`)];
  return `${safeText(path)} ${parts.join(', ')}`;
}

/** The others are called as on the screen. */
const NAMES: Readonly<Partial<Record<Ceiling['kind'], string>>> = {
  shmem: 'memory',
  segments: 'System V segments',
  pages: 'System V memory',
  largest: 'the largest segment',
};

function numbers({ used = 0, limit = 0, unit }: Ceiling): string {
  const text = (value: number) => (unit === 'bytes' ? spellBytes(value, { bytes: 'iec' }) : String(value));
  return `${text(used)} of ${text(limit)}`;
}

function consumerText(
  { comm, isUnseen, processes, objects, bytes }: ReturnType<typeof consumersOf>[number],
  { unit }: Ceiling,
): string {
  const nobody = isUnseen ? 'holders not seen' : 'held by nobody';
  const who = comm === undefined ? nobody : `${escapeBytes(comm)}${processes > 1 ? `[${processes}]` : ''}`;
  return `${who} ${unit === 'count' ? countOf(objects, 'object') : spellBytes(bytes, { bytes: 'iec' })}`;
}

/** Pools of huge pages that are nearly used up, or whose pages files keep that nobody has mapped. */
export function poolLines({ huge }: Pick<Account, 'huge'>): readonly string[] {
  const text = (bytes: number) => spellBytes(bytes, { bytes: 'iec' });
  return huge.flatMap(({ pageBytes, pages, free, parts }) => {
    const files = parts.filter(({ kind }) => kind === 'hugetlb');
    const left = files.reduce((sum, { bytes, listedBytes }) => sum + Math.max(0, bytes - listedBytes), 0);
    const share = (pages - free) / pages;
    if (share < NEAR && left === 0) return [];
    const [biggest] = parts;
    const who = biggest ? `; biggest: ${partLabel(biggest, { mounts: [] })} ${text(biggest.bytes)}` : '';
    const kept = left > 0 ? `; ${text(left)} are kept by files on a hugetlbfs that nobody has mapped` : '';
    return [`huge pages of ${text(pageBytes)} ${spellFull(share)} used (${pages - free} of ${pages})${who}${kept}`];
  });
}
