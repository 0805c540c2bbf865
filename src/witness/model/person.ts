// A process as forks, ends and looks tell it: where it came from, what it was, and how it ended.
import type { Actor, Ending } from '../../probe/model/life/life.ts';
import { ancestorsOf, type Group } from './kinship.ts';
import type { Ended, Look } from './seen.ts';

const NOBODY: ReadonlySet<Person> = new Set();
const NOTHING: ReadonlySet<number> = new Set();

export class Person {
  readonly pid: number;
  #children: Set<Person> | undefined;
  #lives: Set<number> | undefined;
  parent: Person | undefined;
  look: Look | undefined;
  ended: Ending | undefined;
  /** It ended untold, or a loss may have hidden that: nothing follows from its silence. */
  isLost = false;
  /** Round in which it last did something to an object. */
  touchedRound = -1;
  /** Whether its fork was told: one that is not may still be to come. */
  hasFork: boolean;
  /** Clock ticks since boot, where a census has seen it. */
  startTicks: number | undefined;
  /** Its session, by fork and setsid(2) from what a census saw; undefined: not known. */
  session: number | undefined;
  /** Who is in the same control group; undefined: not known. */
  group: Group | undefined;
  /** Its session is its own and has a terminal: a person's shell, as a rule. */
  leadsTerminal = false;
  /** The nearest process above it that may wait for it (see kinship.ts). */
  above: Person | undefined;
  #uid: number | undefined;
  #comm: string | undefined;
  #parent: Actor['parent'];

  constructor(pid: number, hasFork: boolean) {
    this.pid = pid;
    this.hasFork = hasFork;
  }

  get children(): ReadonlySet<Person> {
    return this.#children ?? NOBODY;
  }

  /** Lives that name it, by their number. */
  get lives(): ReadonlySet<number> {
    return this.#lives ?? NOTHING;
  }

  addLife(life: number): void {
    this.#lives ??= new Set();
    this.#lives.add(life);
  }

  removeLife(life: number): void {
    this.#lives?.delete(life);
  }

  /** Its parent is this one from now on; undefined: none that is known. */
  moveBelow(parent: Person | undefined): void {
    const { parent: before } = this;
    if (before) before.#children?.delete(this);
    this.parent = parent;
    if (!parent) return;
    parent.#children ??= new Set();
    parent.#children.add(this);
  }

  get isAlive(): boolean {
    return this.ended === undefined && !this.isLost;
  }

  end({ atMs, status, isOom, uid, comm, parent }: Ended): void {
    const isSignal = status !== undefined && (status & 0x7f) !== 0;
    this.ended = {
      atMs: Math.round(atMs),
      ...(status === undefined || isSignal ? {} : { exitCode: (status >> 8) & 0xff }),
      ...(isSignal ? { signal: status & 0x7f } : {}),
      ...(isOom ? { isOom } : {}),
    };
    this.#uid = uid;
    this.#comm = comm;
    this.noteParent();
    if (parent !== undefined && parent > 0) this.#parent ??= { pid: parent };
  }

  /** Who its parent is now, before it may become another. */
  noteParent(): void {
    const { parent } = this;
    if (!parent || this.#parent) return;
    this.#parent = {
      pid: parent.pid,
      startTicks: parent.look?.startTicks ?? parent.startTicks,
      comm: parent.look?.comm,
    };
  }

  /** `isAsked`: its object is there, and who stands above matters. */
  actor(isAsked = true): Actor {
    const { look, session, group } = this;
    this.noteParent();
    // Who was gone before anybody looked, or while somebody did: its session tells something only where its group is known as well.
    const seen = look?.hasGroup === false ? undefined : look;
    const inherited = seen || session === undefined ? undefined : group?.place;
    const ancestors = !isAsked ? [] : ancestorsOf(this, (seen ?? inherited)?.unit);
    return {
      pid: this.pid,
      startTicks: look?.startTicks,
      uid: look?.uid ?? this.#uid,
      comm: look?.comm ?? this.#comm,
      unit: (seen ?? inherited)?.unit,
      container: (seen ?? inherited)?.container,
      parent: this.#parent ?? (look && look.parent > 0 ? { pid: look.parent } : undefined),
      session: ancestors && (seen?.session ?? (inherited && session)),
      ...(ancestors && ancestors.length > 0 ? { ancestors } : {}),
      ended: this.ended,
    };
  }
}
