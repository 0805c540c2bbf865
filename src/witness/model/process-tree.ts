// The processes of the machine as forks and ends tell them: who descends from whom, though parents die and pids return.
import type { Actor, Ending } from '../../probe/model/life/life.ts';
import type { Ended, Look } from './seen.ts';

/** Of a process that ended so long ago, or of more than so many, nothing is known any more unless a life names it. */
const RECENT_MS = 4000;
const MOST_RECENT = 10_000;

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
    this.#parent = { pid: parent.pid, startTicks: parent.look?.startTicks, comm: parent.look?.comm };
  }

  actor(): Actor {
    const { look } = this;
    this.noteParent();
    return {
      pid: this.pid,
      startTicks: look?.startTicks,
      uid: look?.uid ?? this.#uid,
      comm: look?.comm ?? this.#comm,
      unit: look?.unit,
      container: look?.container,
      parent: this.#parent ?? (look && look.parent > 0 ? { pid: look.parent } : undefined),
      session: look?.session,
      ended: this.ended,
    };
  }
}

export interface TreeEvents {
  /** What is said of these lives has changed. */
  readonly changed: (lives: Iterable<number>) => void;
  /** Who of two did it cannot be told. */
  readonly confused: (lives: Iterable<number>, atMs: number) => void;
}

export class ProcessTree {
  readonly #byPid = new Map<number, Person>();
  readonly #events: TreeEvents;
  /** Those that ended in this round, by pid. */
  #endedNow = new Map<number, Person>();
  /** Ended, oldest first. */
  readonly #recent = new Map<number, Person>();
  #round = 0;

  constructor(events: TreeEvents) {
    this.#events = events;
  }

  get size(): number {
    return this.#byPid.size;
  }

  /** Everything told until the next call may have happened at once: one pid twice in a round may be two processes. */
  nextRound(): void {
    this.#round++;
    this.#endedNow.clear();
  }

  /** The living process of this pid, made where it is not known yet. */
  person(pid: number): Person {
    let person = this.#byPid.get(pid);
    if (!person) {
      person = new Person(pid, false);
      this.#byPid.set(pid, person);
    }
    return person;
  }

  /** The one that acts, in order of time: objects are told before the forks and ends of the same round. */
  toucher(pid: number): Person {
    const person = this.person(pid);
    person.touchedRound = this.#round;
    return person;
  }

  find(pid: number): Person | undefined {
    return this.#byPid.get(pid);
  }

  alive(): Iterable<Person> {
    return this.#byPid.values();
  }

  /** As /proc tells it at the start. */
  seed(pid: number, parent: number): void {
    const person = this.person(pid);
    person.hasFork = true;
    if (parent > 0 && parent !== pid && !person.parent) person.moveBelow(this.person(parent));
  }

  fork(parent: number, pid: number, atMs: number): void {
    const before = this.#endedNow.get(pid);
    let child = this.#byPid.get(pid);
    if (before?.touchedRound === this.#round) this.#events.confused(before.lives, atMs);
    if (child?.hasFork) {
      // The end of the one before was not told.
      if (child.touchedRound === this.#round) this.#events.confused(child.lives, atMs);
      this.lose(child);
      child = undefined;
    }
    const person = child ?? this.person(pid);
    person.hasFork = true;
    if (parent !== pid) person.moveBelow(this.person(parent));
  }

  ended(end: Ended): void {
    const person = this.#byPid.get(end.pid) ?? new Person(end.pid, true);
    person.end(end);
    this.#byPid.delete(end.pid);
    this.#recent.delete(end.pid);
    this.#recent.set(end.pid, person);
    // Many at once: a Map that loses its first entry each time is walked over what it has lost.
    if (this.#recent.size > MOST_RECENT) this.#forgetRecent(0, MOST_RECENT / 4);
    if (person.lives.size > 0) {
      this.#endedNow.set(end.pid, person);
      this.#events.changed(person.lives);
    }
    this.#settle(person);
  }

  /** The process of this pid that ended at this time or later, not long ago. */
  recent(pid: number, sinceMs: number): Person | undefined {
    const person = this.#recent.get(pid);
    return person?.ended && person.ended.atMs >= sinceMs ? person : undefined;
  }

  /** Called now and then. */
  tidy(nowMs: number): void {
    this.#forgetRecent(nowMs - RECENT_MS, 0);
  }

  /** Those who ended before, and at least so many. */
  #forgetRecent(beforeMs: number, least: number): void {
    let count = 0;
    for (const [pid, { ended }] of this.#recent) {
      if (ended && ended.atMs >= beforeMs && count >= least) return;
      this.#recent.delete(pid);
      count++;
    }
  }

  /** It is gone and nothing was told of how, or may have gone. */
  lose(person: Person): void {
    person.noteParent();
    person.isLost = true;
    if (this.#byPid.get(person.pid) === person) this.#byPid.delete(person.pid);
    this.#events.changed(person.lives);
    this.#settle(person);
  }

  /** Living descendants of one that may have ended, at most so many of them, and how many there are. */
  heirs(person: Person, most: number, into: Set<Person>): number {
    let count = 0;
    const walk = [...person.children];
    for (let next = walk.pop(); next; next = walk.pop()) {
      if (next.isAlive) {
        count++;
        if (into.size < most) into.add(next);
      }
      if (count <= most) walk.push(...next.children);
    }
    return count;
  }

  /** A life has gone, or names this process no more. */
  release(person: Person, life: number): void {
    person.removeLife(life);
    if (!person.isAlive) this.#settle(person);
  }

  /** Of the dead only those stay that some life names and who have living descendants; children of others go to the one above. */
  #settle(person: Person): void {
    let at: Person | undefined = person;
    while (at && !at.isAlive) {
      const above: Person | undefined = at.parent;
      if (at.children.size > 0 && at.lives.size > 0) return;
      for (const child of at.children) {
        child.noteParent();
        child.moveBelow(above);
      }
      at.noteParent();
      at.moveBelow(undefined);
      // The last of its descendants is gone.
      if (above && !above.isAlive && above.children.size === 0) this.#events.changed(above.lives);
      at = above;
    }
  }
}
