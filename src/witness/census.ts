// Which processes there are, by /proc: at the start, and now and then to find those whose end nobody told.
import { type Io, listPids } from '../probe/source/io.ts';
import { Group } from './model/kinship.ts';
import type { Person } from './model/person.ts';
import type { ProcessTree } from './model/process-tree.ts';
import type { Looker } from './source/looker.ts';

const EVERY_MS = 30_000;

export class Census {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #tree: ProcessTree;
  /** Not there at the last look: what tells of their end may be on its way. */
  #missing = new Set<Person>();
  #nextMs = 0;
  readonly #looker: Looker;
  readonly #tellsKin: boolean;

  /** `tellsKin`: sessions and control groups may be handed on (see Sources). */
  constructor(io: Io, procRoot: string, tree: ProcessTree, looker: Looker, tellsKin: boolean) {
    this.#looker = looker;
    this.#tellsKin = tellsKin;
    this.#io = io;
    this.#procRoot = procRoot;
    this.#tree = tree;
  }

  /** Who descends from whom, and who is in a session or control group with whom, as far as that can be seen: some 30 µs for each process. */
  seed(): void {
    const pids = listPids(this.#io, this.#procRoot);
    const groups = new Map<string, Group>();
    for (const pid of typeof pids === 'number' ? [] : pids) {
      const look = this.#looker.look(pid);
      if (!look || look.isZombie) continue;
      const place = `${look.unit} ${look.container?.runtime} ${look.container?.id}`;
      let group = groups.get(place);
      if (!group) {
        group = new Group(look);
        groups.set(place, group);
      }
      this.#tree.seed(pid, { ...look, group: this.#tellsKin && look.hasGroup ? group : undefined });
    }
    // Of clocks that nobody sets, as the times of forks are.
    this.#tree.knowKin(this.#tellsKin ? performance.timeOrigin + performance.now() : undefined);
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
