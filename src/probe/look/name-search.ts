// Who knows a name? Looks for its random part in the memory of its owner's processes, through a process that may hang and is then
// given up; within limits of bytes, time and processes. Opt-in: it reads what others keep to themselves.
import { setPriority } from 'node:os';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import type { ShmObject } from '../model/object.ts';
import type { FoundName, NameSearch, SearchPlan } from '../model/search/name-search.ts';
import { randomPart } from '../model/search/needle.ts';
import { listPids, readText } from '../source/io.ts';
import { isStat, readPidStat } from '../source/pid-stat.ts';
import { ReaderProcess } from '../territory/patience/reader-process.ts';
import { openMachine } from './machine.ts';

const MOST = { bytes: 8 * 1024 ** 3, ms: 30_000, processes: 2000, silent: 8 } as const;
const STEP_BYTES = 64 * 1024 * 1024;
/** A step ends by itself after a quarter of a second; who keeps it longer plays games. */
const PATIENCE_MS = 1500;
const START_MS = 3000;
const MOST_STATUS_BYTES = 8192;
const LOWEST_PRIORITY = 19;

/** What would be looked for, and where; or why that makes no sense, in words. */
export function planNameSearch(object: ShmObject, procRoot = '/proc'): SearchPlan | { readonly problem: string } {
  if (object.kind !== 'posix' || object.uid === undefined)
    return { problem: `${object.shortId} has no name in /dev/shm that a program could know` };
  const text = randomPart(object.rawName);
  if (text === undefined)
    return {
      problem: `the name of ${object.shortId} has no random part of some length: it would be found by chance, or as a word`,
    };
  const machine = openMachine(procRoot);
  const libc = loadLibc();
  if (!isLibc(libc)) return { problem: `memory cannot be searched without native calls (${libc.reason})` };
  if (machine.procKind === 'captured')
    return { problem: `${procRoot} is a captured tree: there is no memory behind it` };
  const { io } = machine;
  const { uid } = object;
  const all = listPids(io, procRoot);
  const uidOf = (pid: number) => {
    const status = readText(io, `${procRoot}/${pid}/status`, MOST_STATUS_BYTES);
    const found = typeof status === 'string' ? /^Uid:\t(\d+)\t(\d+)/m.exec(status) : undefined;
    return found ? [Number(found[1]), Number(found[2])] : [];
  };
  const owned = typeof all === 'number' ? [] : all.filter((pid) => pid !== process.pid && uidOf(pid).includes(uid));
  machine.ownTools.refresh();
  const pids = owned.filter((pid) => !machine.ownTools.isOurs(pid)).sort((a, b) => a - b);
  const observers = owned.length - pids.length;
  const statOf = (pid: number) => {
    const stat = readPidStat(io, procRoot, pid);
    return isStat(stat) ? stat : undefined;
  };
  const start = () => ReaderProcess.start(libc, procRoot, machine.procKind === 'own', START_MS);
  const isOfOthers = uid !== process.geteuid?.();
  const run: SearchPlan['run'] = (onProgress) =>
    search({ text, uid, pids, observers, start, statOf, ancestors: ancestorsOf(process.ppid, statOf) }, onProgress);
  return { text, uid, processes: pids.length, isOfOthers, run };
}

interface Search {
  readonly text: string;
  readonly uid: number;
  readonly pids: readonly number[];
  readonly observers: number;
  readonly start: () => ReaderProcess | undefined;
  readonly statOf: (pid: number) => { readonly comm: string; readonly ppid: number } | undefined;
  readonly ancestors: ReadonlySet<number>;
}

function search(
  { text, uid, pids, observers, start, statOf, ancestors }: Search,
  onProgress: (done: number, readBytes: number) => void,
): NameSearch {
  const untilMs = monotonicMs() + MOST.ms;
  const found: FoundName[] = [];
  const sum = { processes: 0, readBytes: 0, unreadable: 0, partly: 0, silent: 0 };
  let reader: ReaderProcess | undefined;
  const isOver = () => (sum.readBytes >= MOST.bytes ? 'bytes' : monotonicMs() >= untilMs ? 'time' : undefined);
  const lookInto = (pid: number) => {
    for (let from = 0; isOver() === undefined; ) {
      reader ??= gently(start());
      const step = { pid, text, from, mostBytes: Math.min(STEP_BYTES, MOST.bytes - sum.readBytes) };
      const answer = reader?.ask<'search'>({ ask: 'search', step }, PATIENCE_MS) ?? 'no-answer';
      if (answer === 'no-answer') {
        reader = undefined;
        sum.silent++;
        return;
      }
      if (from === 0) sum[answer.error === undefined ? 'processes' : 'unreadable']++;
      if (answer.isPartly) sum.partly++;
      sum.readBytes += answer.readBytes;
      onProgress(sum.processes, sum.readBytes);
      if (answer.place !== undefined) {
        const place = answer.place === '' ? {} : { place: answer.place };
        found.push({ pid, comm: statOf(pid)?.comm ?? '', ...place, isAncestor: ancestors.has(pid) });
        return;
      }
      if (answer.next === undefined || answer.next <= from) return;
      from = answer.next;
    }
  };
  let at = 0;
  try {
    for (; at < pids.length && at < MOST.processes && isOver() === undefined && sum.silent < MOST.silent; at++) {
      const pid = pids[at];
      if (pid !== undefined && pid !== reader?.pid && statOf(pid)) lookInto(pid);
    }
  } finally {
    reader?.end();
  }
  const ended = isOver() ?? (at >= pids.length ? undefined : at >= MOST.processes ? 'processes' : 'silent');
  return { text, uid, found, observers, ...sum, ...(ended === undefined ? {} : { ended }) };
}

/** Whoever works on this machine goes first. */
function gently(reader: ReaderProcess | undefined): ReaderProcess | undefined {
  try {
    if (reader) setPriority(reader.pid, LOWEST_PRIORITY);
  } catch {
    // ESRCH: it is gone already, and the first question will tell
  }
  return reader;
}

/** In their memory the name stands since it was typed or shown there: shells, terminals, sudo. */
function ancestorsOf(parent: number, statOf: Search['statOf']): ReadonlySet<number> {
  const ancestors = new Set<number>();
  for (let pid = parent; pid > 1 && !ancestors.has(pid); pid = statOf(pid)?.ppid ?? 0) ancestors.add(pid);
  return ancestors;
}
