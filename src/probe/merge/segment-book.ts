// The segments of our IPC namespace as they were last told of, and which process made which.
import type { SysvRow } from '../model/join/sysv-row.ts';

export class SegmentBook {
  readonly #rows = new Map<number, SysvRow>();
  readonly #byCreator = new Map<number, Set<number>>();

  get(shmid: number): SysvRow | undefined {
    return this.#rows.get(shmid);
  }

  get size(): number {
    return this.#rows.size;
  }

  set(row: SysvRow): void {
    const known = this.#rows.get(row.shmid);
    this.#rows.set(row.shmid, row);
    if (known?.cpid === row.cpid) return; // also where it was disowned
    if (known) this.#forgetCreator(known);
    const made = this.#byCreator.get(row.cpid);
    if (made) made.add(row.shmid);
    else this.#byCreator.set(row.cpid, new Set([row.shmid]));
  }

  delete(shmid: number): void {
    const known = this.#rows.get(shmid);
    if (!known) return;
    this.#rows.delete(shmid);
    this.#forgetCreator(known);
  }

  /** Its creator's death was told: once is enough. */
  disown(shmid: number): void {
    const known = this.#rows.get(shmid);
    if (known) this.#forgetCreator(known);
  }

  /** Segments that a process made; a pid of 0 (not visible from here) is nobody. */
  madeBy(pid: number): readonly number[] {
    return pid === 0 ? [] : [...(this.#byCreator.get(pid) ?? [])];
  }

  /** Processes that made a segment that still exists. */
  creators(): readonly number[] {
    return [...this.#byCreator.keys()].filter((pid) => pid !== 0);
  }

  #forgetCreator({ cpid, shmid }: SysvRow): void {
    const made = this.#byCreator.get(cpid);
    made?.delete(shmid);
    if (made?.size === 0) this.#byCreator.delete(cpid);
  }
}
