// The processes of the machine as forks and ends tell them: who descends from whom, though parents die and pids return.
import { Group, handOn } from './kinship.ts';
import { Person } from './person.ts';
import type { Ended, Look } from './seen.ts';

/** Of a process that ended so long ago, or of more than so many, nothing is known any more unless a life names it. */
const RECENT_MS = 4000;
const MOST_RECENT = 10_000;

export interface TreeEvents {
  /** What is said of these lives has changed. */
  readonly changed: (lives: Iterable<number>) => void;
  /** Who of two did it cannot be told. */
  readonly confused: (lives: Iterable<number>, atMs: number) => void;
}

/** A process as a census sees it. */
export interface Census extends Pick<Look, 'startTicks' | 'parent' | 'session' | 'leadsTerminal'> {
  /** Who is in the same control group. */
  readonly group?: Group;
}

export class ProcessTree {
  readonly #byPid = new Map<number, Person>();
  readonly #events: TreeEvents;
  /** Those that ended in this round, by pid. */
  #endedNow = new Map<number, Person>();
  /** Ended, oldest first. */
  readonly #recent = new Map<number, Person>();
  #round = 0;
  #kinSinceMs = Number.POSITIVE_INFINITY;

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

  /** As /proc tells it, at the start and whenever something was lost. */
  seed(pid: number, { parent, startTicks, session, group, leadsTerminal }: Census): void {
    let person = this.person(pid);
    if (person.startTicks !== undefined && person.startTicks !== startTicks) {
      this.lose(person); // its end, and the fork of who has its pid now, were not told
      person = this.person(pid);
    }
    Object.assign(person, { hasFork: true, startTicks, session, group, leadsTerminal });
    if (parent <= 0 || parent === pid || person.parent) return;
    person.moveBelow(this.person(parent));
    person.above = person.parent;
  }

  /** From now on, what a census tells is handed on by forks; undefined: nothing is. */
  knowKin(sinceMs: number | undefined): void {
    this.#kinSinceMs = sinceMs ?? Number.POSITIVE_INFINITY;
    if (sinceMs !== undefined) return;
    for (const person of this.#byPid.values()) {
      person.session = undefined;
      person.group = undefined;
    }
  }

  /** setsid(2). */
  ownSession(pid: number): void {
    const person = this.#byPid.get(pid);
    if (person?.session === undefined) return;
    person.session = pid;
    person.leadsTerminal = false;
  }

  /** Into another control group, of which nothing is known yet. Undefined: nothing is known of the process either. */
  moved(pid: number): Person | undefined {
    const person = this.#byPid.get(pid);
    if (!person || this.#kinSinceMs === Number.POSITIVE_INFINITY) return undefined;
    person.group = new Group(undefined);
    return person;
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
    if (parent === pid) return;
    const above = this.person(parent);
    person.moveBelow(above);
    person.above = above;
    // What a census saw later may not have been so at the time of the fork.
    if (atMs < this.#kinSinceMs) return;
    person.session = above.session;
    person.group = above.group;
  }

  ended(end: Ended): void {
    const person = this.#byPid.get(end.pid) ?? new Person(end.pid, true);
    person.end(end);
    handOn(person);
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
    handOn(person);
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
