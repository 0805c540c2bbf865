// The check: the kernel's nattch against the attaches that were told. What does not add up is looked at and told.

import type { SysvRow } from '../model/join/sysv-row.ts';
import type { MergeState } from './merge-state.ts';

/** How long a segment must be quiet before a difference means something: sources are drained well within it. */
const QUIET_MS = 20;
/** Looking at the processes of a segment costs some 20 µs each. */
const MOST_A_ROUND = 50;

export class Reconciler {
  readonly #state: MergeState;
  /** nattch minus known attaches, where it is explained: pieces made by mprotect, processes that cannot be seen into. */
  readonly #slack = new Map<string, number>();
  /** Mappings that no visible process accounts for. */
  readonly #hidden = new Map<string, number>();
  readonly #touchedMs = new Map<string, number>();
  readonly #suspects = new Map<string, number>();

  constructor(state: MergeState) {
    this.#state = state;
  }

  /** What a snapshot found is the truth to start from. */
  seed(id: string, row: SysvRow): void {
    const difference = row.nattch - this.#state.book.count(id);
    if (difference === 0) return;
    this.#slack.set(id, difference);
    this.#hidden.set(id, difference);
  }

  /** An event of this segment was told at that time. */
  touch(id: string, atMs: number): void {
    if (this.#suspects.has(id)) this.#touchedMs.set(id, atMs);
  }

  /** The table shows this row: if it does not add up, it is looked at once the segment is quiet. */
  suspect(row: SysvRow, atMs: number): void {
    const { id } = this.#state.known.segment(row);
    if (this.#suspects.has(id) || this.#difference(id, row) === 0) return;
    this.#suspects.set(id, row.shmid);
    this.#touchedMs.set(id, atMs);
  }

  forget(id: string): void {
    for (const map of [this.#slack, this.#hidden, this.#touchedMs, this.#suspects]) map.delete(id);
  }

  get isWaiting(): boolean {
    return this.#suspects.size > 0;
  }

  settle(nowMs: number): void {
    let rounds = 0;
    for (const [id, shmid] of this.#suspects) {
      if (nowMs - (this.#touchedMs.get(id) ?? 0) < QUIET_MS) continue;
      if (rounds++ >= MOST_A_ROUND) return;
      this.#suspects.delete(id);
      this.#touchedMs.delete(id);
      const row = this.#state.around.segment(shmid);
      if (row && this.#difference(id, row) !== 0) this.#lookAt(id, row, nowMs);
    }
  }

  #difference(id: string, row: SysvRow): number {
    return row.nattch - this.#state.book.count(id) - (this.#slack.get(id) ?? 0);
  }

  /** Reads the mappings of everybody who may hold it and tells what had not been told. */
  #lookAt(id: string, row: SysvRow, atMs: number): void {
    const { book, known, around, teller, implied } = this.#state;
    const object = known.segment(row);
    const seen = { atMs, source: 'poll' } as const;
    let found = 0;
    for (const pid of new Set([...book.holdersOf(id), row.lpid, row.cpid])) {
      const ranges = pid === 0 ? [] : around.ranges(pid, object);
      if (!ranges || (ranges.length > 0 && !this.#isOurs(pid))) continue;
      found += ranges.length;
      const isMapped = (held: { start: number; end: number }) =>
        ranges.some(({ start, end }) => start < held.end && end > held.start);
      const dropped = book.drop(id, pid, (held) => !isMapped(held));
      if (dropped > 0) {
        implied.add(pid, object.inode, dropped, atMs);
        teller.tell('detached', object, seen, { pid, count: dropped, nattch: row.nattch });
      }
      const fresh = ranges.filter(
        ({ start, end }) => !book.of(id, pid).some((held) => start < held.end && end > held.start),
      );
      for (const { start, end } of fresh) book.add(id, pid, { start, end, prot: 0, sinceMs: atMs, isSplit: true });
      if (fresh.length > 0) teller.tell('attached', object, seen, { pid, count: fresh.length, nattch: row.nattch });
    }
    const after = around.segment(row.shmid);
    if (!after || after.nattch !== row.nattch || after.lpid !== row.lpid) {
      // Somebody came or went while we looked: what remains to explain is another matter.
      this.#suspects.set(id, row.shmid);
      this.#touchedMs.set(id, atMs);
      return;
    }
    const hidden = row.nattch - found;
    const change = hidden - (this.#hidden.get(id) ?? 0);
    if (change !== 0) {
      const pid = row.lpid;
      const detail = 'by a process that could not be looked into';
      teller.tell(change > 0 ? 'attached' : 'detached', object, seen, {
        pid,
        count: Math.abs(change),
        nattch: row.nattch,
        detail,
      });
    }
    this.#hidden.set(id, hidden);
    this.#slack.set(id, row.nattch - book.count(id));
  }

  #isOurs(pid: number): boolean {
    const namespace = this.#state.around.ipcNamespace(pid);
    return namespace === undefined || namespace === this.#state.ownNamespace;
  }
}
