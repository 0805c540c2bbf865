// What could not be seen, in as few sentences as tell it, each with what the reader can do.
import type { Gap, GapReason, GapSource } from '../../probe/model/gap.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import { safeText } from './safe-text.ts';
import { countOf } from './totals.ts';

/** Sources that are about looking into one process. */
const ABOUT_PROCESSES: ReadonlySet<GapSource> = new Set(['maps', 'fd', 'stat', 'ns', 'proc']);

const REASONS: Readonly<Record<GapReason, string>> = {
  permission: 'permission denied',
  vanished: 'ended meanwhile',
  io: 'read error',
  malformed: 'not understood',
  unsupported: 'not supported here',
  limit: 'more than is looked at',
  'no-answer': 'no answer in time',
};

/** Of one process or several, in the words of one. */
const OF_PROCESSES: Partial<Readonly<Record<GapSource, string>>> = {
  maps: 'the mappings',
  fd: 'the descriptors',
  stat: 'the state',
  ns: 'the namespaces',
};

const SOURCES: Readonly<Record<GapSource, string>> = {
  maps: 'the mappings of processes',
  fd: 'the descriptors of processes',
  stat: 'the state of processes',
  ns: 'the namespaces of processes',
  sysv: 'the table of System V segments',
  'dev-shm': 'names in a shared memory file system',
  'tmpfs-inodes': 'the use of a shared memory file system',
  lease: 'whether the kernel sees a holder',
  proc: 'the list of processes',
  rss: 'the memory in use by segments',
  native: 'native system calls',
};

/** Sentences for people, the most important first; none when all was seen. `isRoot` leaves out advice to become root. */
export function gapLines({ visibility, gaps, host }: Pick<Snapshot, 'visibility' | 'gaps' | 'host'>): string[] {
  const isRoot = host.uid === 0;
  const lines: string[] = [];
  const all = [...visibility.gaps, ...gaps];
  const missed = visibility.processes - visibility.inspected;
  const refused = new Set<number>();
  const vanished = new Set<number>();
  const rest: Gap[] = [];
  for (const gap of all) {
    const isNamed = ABOUT_PROCESSES.has(gap.source) && gap.pids !== undefined && gap.detail === undefined;
    if (isNamed && gap.reason === 'permission') for (const pid of gap.pids ?? []) refused.add(pid);
    else if (isNamed && gap.reason === 'vanished') for (const pid of gap.pids ?? []) vanished.add(pid);
    else rest.push(gap);
  }
  // Whoever ended between two questions was refused one of them and is not counted as a process.
  const unseen = Math.min(Math.max(missed - vanished.size, refused.size), visibility.processes);
  if (unseen > 0) lines.push(unseenLine(unseen, visibility.processes, refused.size > 0, isRoot));
  for (const group of groupGaps(rest)) lines.push(otherLine(group, isRoot));
  if (vanished.size > 0) lines.push(`${countOf(vanished.size, 'process', 'processes')} ended while being looked into.`);
  return lines;
}

function unseenLine(unseen: number, processes: number, isRefused: boolean, isRoot: boolean): string {
  const why = isRefused ? ' (permission denied)' : '';
  const who = unseen === 1 ? 'it' : 'they';
  const advice =
    isRefused && !isRoot
      ? `run as root to see what ${who} ${unseen === 1 ? 'holds' : 'hold'}.`
      : `${who} may hold objects shown as unheld or unknown.`;
  return `${unseen} of ${countOf(processes, 'process', 'processes')} could not be looked into${why}: ${advice}`;
}

/** Gaps of one source and reason together. */
function groupGaps(gaps: readonly Gap[]): [Gap, ...Gap[]][] {
  const groups = new Map<string, [Gap, ...Gap[]]>();
  for (const gap of gaps) {
    const key = `${gap.source} ${gap.reason}`;
    const group = groups.get(key);
    if (group) group.push(gap);
    else groups.set(key, [gap]);
  }
  return [...groups.values()];
}

function otherLine(group: readonly [Gap, ...Gap[]], isRoot: boolean): string {
  const [{ source, reason, detail }] = group;
  if (source === 'native' && detail !== undefined) {
    return `Without native calls ${safeText(detail)}; shmtop doctor says what to do.`;
  }
  const count = group.reduce((sum, gap) => sum + gap.count, 0);
  const first = detail === undefined ? undefined : safeText(detail);
  const pids = [...new Set(group.flatMap((gap) => gap.pids ?? []))];
  const ofProcesses = first === undefined && pids.length > 0 ? OF_PROCESSES[source] : undefined;
  const isNamed = NAMES_PROCESSES.has(reason) && pids.length > 0;
  const whose = isNamed ? processesText(pids) : countOf(pids.length, 'process', 'processes');
  const advice = reason === 'permission' && !isRoot ? '; run as root to see it' : '';
  if (ofProcesses !== undefined) return `Not seen: ${ofProcesses} of ${whose} (${REASONS[reason]})${advice}.`;
  if (source === 'dev-shm' && reason === 'unsupported' && first !== undefined) {
    const more = count > 1 ? ` ${countOf(count - 1, 'more place')} like that.` : '';
    return `${first}.${more}`;
  }
  const what = group.length === 1 && first !== undefined ? first : SOURCES[source];
  const times = count > 1 ? `, ${count} in all` : '';
  const example = group.length > 1 && first !== undefined ? `, such as ${first}` : '';
  return `Not seen: ${what} (${REASONS[reason]}${times})${isNamed ? `: ${whose}` : ''}${example}${advice}.`;
}

/** Of these one may want to know who they are: it may be meant. */
const NAMES_PROCESSES: ReadonlySet<GapReason> = new Set(['limit', 'no-answer']);
const MOST_NAMED = 8;

function processesText(pids: readonly number[]): string {
  const named = pids.slice(0, MOST_NAMED).join(', ');
  const more = pids.length > MOST_NAMED ? ` and ${pids.length - MOST_NAMED} more` : '';
  return `${pids.length === 1 ? 'process' : 'processes'} ${named}${more}`;
}
