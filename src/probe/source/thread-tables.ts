// Threads with a table of descriptors of their own (unshare(2) or clone(2) without CLONE_FILES): what only they have open is not in
// /proc/PID/fd. kcmp(2) tells tables apart, at about a microsecond a thread.
import type { Libc } from '../../native/libc.ts';
import { compareDescriptorTables } from '../../native/process.ts';
import type { LookBudget } from '../territory/patience/budget.ts';
import { MOST_TABLES, MOST_THREADS } from '../territory/patience/caps.ts';
import type { Io } from './io.ts';

/** A directory has two links more than directories in it; /proc/PID/task counts threads that way (fs/proc/base.c). */
export const LINKS_OF_ONE_THREAD = 3;
const NONE = { tids: [], isWhole: true };

export interface OtherTables {
  /** One thread of each table. */
  readonly tids: readonly number[];
  /** False where there are more threads or tables than are looked at. */
  readonly isWhole: boolean;
}

export class ThreadTables {
  readonly #io: Io;
  readonly #libc: Libc;
  readonly #procRoot: string;
  readonly #budget: LookBudget;

  /** Only for the pids of our own namespace: kcmp(2) knows no others. */
  constructor(io: Io, libc: Libc, procRoot: string, budget: LookBudget) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#budget = budget;
  }

  /** The tables of a process beside that of thread `known`. Where kcmp(2) is not allowed or not there: none, as far as we know. */
  others(pid: number, known: number): OtherTables {
    const directory = `${this.#procRoot}/${pid}/task`;
    const task = this.#io.stat(directory, 'nofollow');
    if (typeof task === 'number' || task.links <= LINKS_OF_ONE_THREAD) return NONE;
    const names = this.#io.readDir(directory);
    if (typeof names === 'number') return NONE; // it has just ended
    const first: number[] = [known];
    for (const name of names.slice(0, MOST_THREADS)) {
      if (!this.#budget.mayGoOn() || first.length > MOST_TABLES) return { tids: first.slice(1), isWhole: false };
      const tid = Number(name);
      if (tid !== known && first.every((other) => this.#differ(other, tid))) first.push(tid);
    }
    return { tids: first.slice(1), isWhole: names.length <= MOST_THREADS };
  }

  /** 1 and 2: another address, 3: not the same and not ordered (kcmp(2)). */
  #differ(one: number, other: number): boolean {
    return compareDescriptorTables(this.#libc, one, other) > 0;
  }
}
