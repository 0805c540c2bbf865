// Attaches of segments that no table has shown yet: kept for a moment, by the number of the segment.
import type { Person } from './person.ts';
import type { AttachTold } from './seen.ts';

export interface Early extends AttachTold {
  readonly person: Person;
  /** Absent: it may be any. */
  readonly ipcNamespace?: string;
}

/** Tables are looked at each second. */
const KEPT_MS = 5000;
const MOST = 4096;

export class EarlyAttaches {
  #byShmid = new Map<number, Early[]>();
  #count = 0;
  /** When some were forgotten for want of room. */
  lostMs = 0;

  add(shmid: number, early: Early): void {
    if (this.#count >= MOST) {
      this.#byShmid = new Map();
      this.#count = 0;
      this.lostMs = early.atMs;
    }
    const list = this.#byShmid.get(shmid);
    if (list) list.push(early);
    else this.#byShmid.set(shmid, [early]);
    this.#count++;
  }

  /** Those between two times that may be of this segment. */
  of(shmid: number, ipcNamespace: string, sinceMs: number, untilMs: number): readonly Early[] {
    return (this.#byShmid.get(shmid) ?? []).filter(
      (each) =>
        each.atMs >= sinceMs - 1 && each.atMs <= untilMs && (each.ipcNamespace ?? ipcNamespace) === ipcNamespace,
    );
  }

  tidy(nowMs: number): void {
    for (const [shmid, list] of this.#byShmid) {
      const fresh = list.filter(({ atMs }) => nowMs - atMs < KEPT_MS);
      this.#count -= list.length - fresh.length;
      if (fresh.length === 0) this.#byShmid.delete(shmid);
      else if (fresh.length < list.length) this.#byShmid.set(shmid, fresh);
    }
  }
}
