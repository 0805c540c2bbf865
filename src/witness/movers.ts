// Who has come into another control group, until it is known which: looked at, and believed when no further move was told since.
import { lineOf } from '../probe/parse/pid-stat.ts';
import { type Io, readText } from '../probe/source/io.ts';
import { MOST_STATUS_BYTES } from '../probe/territory/patience/caps.ts';
import { Group } from './model/kinship.ts';
import type { Person } from './model/person.ts';
import type { ProcessTree } from './model/process-tree.ts';
import type { Look } from './model/seen.ts';
import type { Looker } from './source/looker.ts';

interface Seen {
  readonly person: Person;
  readonly group: Group;
  readonly look: Look;
}

export interface MoversOptions {
  readonly io: Io;
  readonly procRoot: string;
  readonly tree: ProcessTree;
  readonly looker: Looker;
  /** Whose thread it was is not known: nothing is, of control groups. */
  readonly unknown: () => void;
}

/** A storm of moves is not looked at: what those processes make is then not gapless. */
const MOST = 500;

export class Movers {
  readonly #options: MoversOptions;
  #moved = new Set<Person>();
  #seen: readonly Seen[] = [];

  constructor(options: MoversOptions) {
    this.#options = options;
  }

  /** `tid`: a process with all its threads, or one of them alone, whose children then are elsewhere than those of the others. */
  moved(tid: number): void {
    const { tree, unknown } = this.#options;
    const person = tree.moved(tid);
    if (person) {
      if (this.#moved.size < MOST) this.#moved.add(person);
      return;
    }
    const pid = this.#processOf(tid);
    if (pid === undefined || !tree.moved(pid)) unknown();
  }

  #processOf(tid: number): number | undefined {
    const { io, procRoot } = this.#options;
    const text = readText(io, `${procRoot}/${tid}/status`, MOST_STATUS_BYTES);
    const pid = typeof text === 'number' ? undefined : lineOf(text, 'Tgid');
    return pid === undefined ? undefined : Number(pid);
  }

  /** After all that a round told: moves from before the last look are told by now. */
  settle(): void {
    for (const { person, group, look } of this.#seen)
      if (person.group === group && person.isAlive) group.place = new Group(look).place;
    this.#seen = [...this.#moved].flatMap((person) => {
      const look = person.isAlive ? this.#options.looker.look(person.pid) : undefined;
      return look?.hasGroup && person.group ? [{ person, group: person.group, look }] : [];
    });
    this.#moved.clear();
  }
}
