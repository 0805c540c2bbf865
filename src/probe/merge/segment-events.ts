// Events of System V segments that their table tells: created, marked, destroyed, and all of them where nothing else tells.

import type { MarkSeen, RowSeen } from '../model/event/observation.ts';
import { SHM_DEST, type SysvRow } from '../model/join/sysv-row.ts';
import type { Told } from './event-teller.ts';
import type { KnownObject } from './known-objects.ts';
import type { MergeState } from './merge-state.ts';
import type { Reconciler } from './reconcile.ts';

/** The kernel dates by its last tick (10 ms at most), and the polling thread a moment after it has looked. */
const LATE_MS = 30;

export class SegmentEvents {
  readonly #state: MergeState;
  readonly #reconciler: Reconciler;
  /** When the present state was taken, milliseconds since the epoch. */
  seededMs = 0;

  constructor(state: MergeState, reconciler: Reconciler) {
    this.#state = state;
    this.#reconciler = reconciler;
  }

  /** The row of a segment of our own namespace as it is now, without telling of anything. */
  now({ ipcNamespace, inode }: KnownObject): SysvRow | undefined {
    return ipcNamespace === this.#state.ownNamespace ? this.#state.around.segment(inode) : undefined;
  }

  /** The same; a segment that was not known is told to be created first. */
  present(object: KnownObject, seen: Told): SysvRow | undefined {
    const row = this.now(object);
    if (row && !this.#state.segments.get(row.shmid)) this.#created(row, seen);
    return row;
  }

  /** A segment of this id exists or has just been made. */
  look(shmid: number, seen: Told): void {
    if (this.#state.segments.get(shmid)) return;
    const row = this.#state.around.segment(shmid);
    if (row) this.#created(row, seen);
  }

  mark({ pid, shmid, ...seen }: MarkSeen): void {
    const { segments, around, known, ownNamespace, teller } = this.#state;
    if (around.ipcNamespace(pid) !== ownNamespace) return;
    const known_ = segments.get(shmid);
    if (!known_) return;
    const row = around.segment(shmid);
    const object = known.segment(known_);
    if (!row) this.#gone(object, seen, pid);
    else if ((known_.mode & SHM_DEST) === 0 && (row.mode & SHM_DEST) !== 0) {
      segments.set(row);
      teller.tell('marked', object, seen, { pid, nattch: row.nattch });
    }
  }

  /** The table has changed. What was told already, by another source, is not told again. */
  row({ shmid, row, ...seen }: RowSeen): void {
    const { segments, known, hasMaps, teller } = this.#state;
    const before = segments.get(shmid);
    if (before && seen.atMs <= this.seededMs) return; // the polling thread looked before we did
    if (
      before &&
      (!row || row.ctimeSec < before.ctimeSec || row.cpid !== before.cpid || row.sizeBytes !== before.sizeBytes)
    ) {
      this.#gone(known.segment(before), seen);
      if (row) this.row({ shmid, row, ...seen });
      return;
    }
    if (!row) return;
    if (!before) {
      this.#created(row, seen);
      if (hasMaps) this.#reconciler.suspect(row, seen.atMs);
      else if (row.nattch > 0) this.#attached(row, row.nattch, seen);
      else if (row.lpid !== 0) this.#pair(row, seen);
      return;
    }
    if (!hasMaps && isHalfAttached(before, row, seen.atMs)) return; // its end will change the row again
    segments.set(row);
    if ((before.mode & SHM_DEST) === 0 && (row.mode & SHM_DEST) !== 0) {
      teller.tell('marked', known.segment(row), seen, { nattch: row.nattch });
    }
    if (hasMaps) this.#reconciler.suspect(row, seen.atMs);
    else this.#compare(before, row, seen);
  }

  ownerDied(pid: number, seen: Told): void {
    const { segments, known, teller } = this.#state;
    for (const shmid of segments.madeBy(pid)) {
      const row = segments.get(shmid);
      if (row)
        teller.tell('owner-died', known.segment(row), seen, { pid, nattch: this.#state.around.segment(shmid)?.nattch });
      segments.disown(shmid);
    }
  }

  /** Who had died before anybody looked: that is no event, and their pids may be somebody else's by now. */
  forgetDeadOwners(): void {
    const { segments, around } = this.#state;
    for (const pid of segments.creators()) {
      if (!around.isAlive(pid)) for (const shmid of segments.madeBy(pid)) segments.disown(shmid);
    }
  }

  /** After a detach: a segment marked for destruction goes with its last one. */
  checkGone(object: KnownObject, seen: Told, pid: number): void {
    const { ownNamespace, known } = this.#state;
    const isOurs = object.ipcNamespace === ownNamespace && known.get(object.id) === object;
    if (isOurs && !this.now(object)) this.#gone(object, seen, pid);
  }

  #created(row: SysvRow, seen: Told): void {
    const { known, segments, teller, around } = this.#state;
    segments.set(row);
    const object = known.segment(row);
    teller.tell('created', object, seen, { pid: row.cpid, nattch: row.nattch, sizeBytes: row.sizeBytes });
    if (row.cpid !== 0 && !around.isAlive(row.cpid)) this.ownerDied(row.cpid, seen);
  }

  #gone(object: KnownObject, seen: Told, pid?: number): void {
    const { book, known, segments, teller } = this.#state;
    for (const holder of book.holdersOf(object.id)) {
      const count = book.drop(object.id, holder, () => true);
      this.#state.implied.add(holder, object.inode, count, seen.atMs);
      teller.tell('detached', object, seen, { pid: holder, count });
    }
    teller.tell('destroyed', object, seen, { pid });
    segments.delete(object.inode);
    this.#reconciler.forget(object.id);
    known.forget(object);
  }

  /** Two states of the table are all that is known: what lies between is told by count, with the last process. */
  #compare(before: SysvRow, row: SysvRow, seen: Told): void {
    const change = row.nattch - before.nattch;
    if (change > 0) this.#attached(row, change, seen);
    else if (change < 0) {
      // Under an old time it is no detach: an attach had been counted twice for a moment.
      if (isDated(row.dtimeSec, seen.atMs)) this.#detached(row, -change, seen);
    } else if (row.lpid !== before.lpid || row.atimeSec !== before.atimeSec || row.dtimeSec !== before.dtimeSec) {
      this.#pair(row, seen);
    }
  }

  #pair(row: SysvRow, seen: Told): void {
    const detail = 'between two looks; at least this many';
    this.#attached(row, 1, seen, detail);
    this.#detached(row, 1, seen, detail);
  }

  #attached(row: SysvRow, count: number, seen: Told, detail?: string): void {
    const { lpid: pid, nattch } = row;
    this.#state.teller.tell('attached', this.#state.known.segment(row), seen, { pid, count, nattch, detail });
  }

  #detached(row: SysvRow, count: number, seen: Told, detail?: string): void {
    const { lpid: pid, nattch } = row;
    this.#state.teller.tell('detached', this.#state.known.segment(row), seen, { pid, count, nattch, detail });
  }
}

/** Did something that sets this time happen just now? False only where the time is provably older. */
const isDated = (timeSec: number, atMs: number) => timeSec >= Math.floor((atMs - LATE_MS) / 1000);

/** shmat(2) counts first and dates then: a rise under an old time is an attach that is not finished, by nobody knows whom. */
function isHalfAttached(before: SysvRow, row: SysvRow, atMs: number): boolean {
  const isDatedAnew = row.atimeSec !== before.atimeSec || row.lpid !== before.lpid;
  return row.nattch > before.nattch && !isDatedAnew && !isDated(row.atimeSec, atMs);
}
