// Threads in namespaces of their own (unshare(2) or setns(2) in one thread), and processes whose main thread has exited: what is
// below /proc/PID/ns is that of the main thread alone.
import { monotonicMs } from '../../native/monotonic.ts';
import { MOST_THREADS_ASKED, THREADS_ASKED_MS } from '../territory/patience/caps.ts';
import type { Io } from './io.ts';
import type { PidNamespaces, ThreadNamespaces } from './process-notes.ts';
import { LINKS_OF_ONE_THREAD } from './thread-tables.ts';

/** A thread enters a namespace seldom, and a busy process runs all the time: what its threads said is kept for so long. */
const KEPT_MS = 5000;
/** So many threads of one pair of namespaces are kept: the first may have ended by the time it is asked again. */
const KEPT_OF_EACH = 4;
const NONE: ThreadNamespaces['others'] = [];

/** How many threads may be asked in one look, over all processes: about 5 µs each. */
export class ThreadBudget {
  readonly #untilMs = monotonicMs() + THREADS_ASKED_MS;
  #left = MOST_THREADS_ASKED;

  take(): boolean {
    return this.#left-- > 0 && monotonicMs() < this.#untilMs;
  }
}

/** Asks one thread; as for a process. */
export type AskThread = (tid: number) => PidNamespaces;

/** Those of its threads that are in other namespaces than the main one. `before`: what they said in an earlier look. */
export function readThreadNamespaces(
  io: Io,
  directory: string,
  pid: number,
  main: PidNamespaces,
  ask: AskThread,
  budget: ThreadBudget,
  before: ThreadNamespaces | undefined,
): ThreadNamespaces {
  const readMs = monotonicMs();
  if (before && readMs - before.readMs < KEPT_MS) return before;
  const task = io.stat(directory, 'nofollow');
  const isAlone = typeof task === 'number' || task.links <= LINKS_OF_ONE_THREAD;
  const names = isAlone ? 0 : io.readDir(directory);
  if (typeof names === 'number') return { others: NONE, isWhole: true, readMs };
  const others: ThreadNamespaces['others'][number][] = [];
  const seen = new Map<string, number>([[keyOf(main), KEPT_OF_EACH]]);
  for (const name of names) {
    const tid = Number(name);
    if (tid === pid) continue;
    if (!budget.take()) return { others, isWhole: false, readMs: 0 };
    const { ipc, mount } = ask(tid);
    if (ipc === undefined && mount === undefined) continue; // it has ended
    const key = keyOf({ ipc, mount });
    const count = seen.get(key) ?? 0;
    if (count >= KEPT_OF_EACH) continue;
    seen.set(key, count + 1);
    others.push({ tid, ipc, mount });
  }
  return { others, isWhole: true, readMs };
}

const keyOf = ({ ipc, mount }: Pick<PidNamespaces, 'ipc' | 'mount'>) => `${ipc} ${mount}`;
