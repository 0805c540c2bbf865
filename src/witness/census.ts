// Which processes there are, by /proc: at the start, and now and then to find those whose end nobody told.
import { type Io, listPids } from '../probe/source/io.ts';
import { isStat, readPidStat } from '../probe/source/pid-stat.ts';
import type { Person, ProcessTree } from './model/process-tree.ts';

const EVERY_MS = 30_000;

export class Census {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #tree: ProcessTree;
  /** Not there at the last look: what tells of their end may be on its way. */
  #missing = new Set<Person>();
  #nextMs = 0;

  constructor(io: Io, procRoot: string, tree: ProcessTree) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#tree = tree;
  }

  /** Who descends from whom, as far as that can still be seen: about 10 µs for each process. */
  seed(): void {
    const pids = listPids(this.#io, this.#procRoot);
    for (const pid of typeof pids === 'number' ? [] : pids) {
      const stat = readPidStat(this.#io, this.#procRoot, pid);
      if (isStat(stat) && stat.state !== 'Z') this.#tree.seed(pid, stat.ppid);
    }
  }

  check(nowMs: number): void {
    if (nowMs < this.#nextMs && nowMs > this.#nextMs - 2 * EVERY_MS) return;
    this.#nextMs = nowMs + EVERY_MS;
    const known = [...this.#tree.alive()];
    const pids = listPids(this.#io, this.#procRoot);
    if (typeof pids === 'number') return;
    const there = new Set(pids);
    const missing = new Set<Person>();
    for (const person of known) {
      if (there.has(person.pid)) continue;
      if (this.#missing.has(person)) this.#tree.lose(person);
      else missing.add(person);
    }
    this.#missing = missing;
  }
}
