// Who holds which range of which object at this moment, as far as live sources have told: the memory of the merging.

/** One attach (shmat or mmap), whole, whatever mprotect(2) made of it since. */
export interface HeldRange {
  readonly start: number;
  readonly end: number;
  prot: number;
  /** Since when it is known, milliseconds since the epoch: an older observation of the same range tells nothing new. */
  readonly sinceMs: number;
  /** mprotect has made pieces of it; a observation of the whole range is then the pieces becoming one again. */
  isSplit: boolean;
}

export class AttachBook {
  readonly #byObject = new Map<string, Map<number, HeldRange[]>>();
  readonly #byPid = new Map<number, Set<string>>();

  of(id: string, pid: number): readonly HeldRange[] {
    return this.#byObject.get(id)?.get(pid) ?? [];
  }

  add(id: string, pid: number, attach: HeldRange): void {
    let holders = this.#byObject.get(id);
    if (!holders) {
      holders = new Map();
      this.#byObject.set(id, holders);
    }
    const attaches = holders.get(pid);
    if (attaches) attaches.push(attach);
    else holders.set(pid, [attach]);
    const held = this.#byPid.get(pid);
    if (held) held.add(id);
    else this.#byPid.set(pid, new Set([id]));
  }

  /** Forgets those of a process that `isGone`; returns how many. */
  drop(id: string, pid: number, isGone: (attach: HeldRange, index: number) => boolean): number {
    const holders = this.#byObject.get(id);
    const attaches = holders?.get(pid);
    if (!holders || !attaches) return 0;
    const kept = attaches.filter((attach, index) => !isGone(attach, index));
    if (kept.length > 0) holders.set(pid, kept);
    else {
      holders.delete(pid);
      if (holders.size === 0) this.#byObject.delete(id);
      const held = this.#byPid.get(pid);
      held?.delete(id);
      if (held?.size === 0) this.#byPid.delete(pid);
    }
    return attaches.length - kept.length;
  }

  /** Objects that a process holds. */
  heldBy(pid: number): readonly string[] {
    const held = this.#byPid.get(pid);
    return held ? [...held] : [];
  }

  /** Processes that hold an object. */
  holdersOf(id: string): readonly number[] {
    const holders = this.#byObject.get(id);
    return holders ? [...holders.keys()] : [];
  }

  /** Attaches of an object by all processes. */
  count(id: string): number {
    let sum = 0;
    for (const attaches of this.#byObject.get(id)?.values() ?? []) sum += attaches.length;
    return sum;
  }
}
