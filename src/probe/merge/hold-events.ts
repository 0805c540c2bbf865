// Who holds what: mappings made and let go of, each attach and detach told once, whichever source saw it and how often.

import type { AttachSeen, CloseSeen, MapSeen, UnmapSeen } from '../model/event/observation.ts';
import type { Told } from './event-teller.ts';
import type { KnownObject } from './known-objects.ts';
import type { MergeState } from './merge-state.ts';
import type { Reconciler } from './reconcile.ts';
import type { SegmentEvents } from './segment-events.ts';

export class HoldEvents {
  readonly #state: MergeState;
  readonly #segmentEvents: SegmentEvents;
  readonly #reconciler: Reconciler;
  /** Of processes that attached in another IPC namespace, while they live. */
  readonly #namespaces = new Map<number, string>();

  constructor(state: MergeState, segmentEvents: SegmentEvents, reconciler: Reconciler) {
    this.#state = state;
    this.#segmentEvents = segmentEvents;
    this.#reconciler = reconciler;
  }

  map(seen: MapSeen): void {
    const { known, isExact } = this.#state;
    const namespace = () => this.#namespaceOf(seen.pid, seen.inode);
    const object = known.mapped(seen.device, seen.inode, seen.name, namespace);
    if (!object || (isExact && object.kind === 'sysv')) return;
    this.#hold(object, seen, seen.end, seen.prot);
  }

  /** Where the process attached this shmid: a segment of ours that names it as last user is the one, else it is asked. */
  #namespaceOf(pid: number, shmid: number): string {
    const { around, ownNamespace } = this.#state;
    if (around.segment(shmid)?.lpid === pid) return ownNamespace;
    const namespace = around.ipcNamespace(pid);
    if (namespace === undefined) return this.#namespaces.get(pid) ?? ownNamespace;
    // Remembered for the moment after its end, when it can no longer be asked.
    if (namespace !== ownNamespace) this.#namespaces.set(pid, namespace);
    else this.#namespaces.delete(pid);
    return namespace;
  }

  attach(seen: AttachSeen): void {
    const { known, ownNamespace, around, devices } = this.#state;
    const namespace = this.#namespaceOf(seen.pid, seen.shmid);
    const row = namespace === ownNamespace ? around.segment(seen.shmid) : undefined;
    const object = row
      ? known.segment(row)
      : known.mapped(devices.kernelShm, seen.shmid, '/SYSV00000000 (deleted)', () => namespace);
    if (object) this.#hold(object, seen, seen.start + (object.sizeBytes ?? 1), 0);
  }

  #hold(object: KnownObject, seen: MapSeen | AttachSeen, end: number, prot: number): void {
    const { book } = this.#state;
    const { pid, start, atMs } = seen;
    const overlapping = book.of(object.id, pid).find((held) => start < held.end && end > held.start);
    if (overlapping) {
      if (atMs <= overlapping.sinceMs) return; // seen by a scan already
      const isSame = start === overlapping.start && end === overlapping.end;
      if (!isSame) overlapping.isSplit = true;
      if (!isSame || overlapping.isSplit || overlapping.prot !== prot) {
        // mprotect(2), which reports the pieces it changes as if they were new.
        if (isSame) {
          overlapping.prot = prot;
          overlapping.isSplit = false;
        }
        return;
      }
      // The same range again, unchanged: it was let go of in between, and nobody has told yet.
      this.#letGo(object, pid, seen, (held) => held === overlapping);
    }
    const nattch = object.kind === 'sysv' ? this.#segmentEvents.present(object, seen)?.nattch : undefined;
    book.add(object.id, pid, { start, end, prot, sinceMs: atMs, isSplit: false });
    this.#state.teller.tell('attached', object, seen, { pid, nattch });
    this.#reconciler.touch(object.id, atMs);
  }

  unmap(seen: UnmapSeen): void {
    const { book, known } = this.#state;
    for (const id of book.heldBy(seen.pid)) {
      const object = known.get(id);
      if (!object || !book.of(id, seen.pid).some(({ start }) => start === seen.start)) continue;
      this.#letGo(object, seen.pid, seen, ({ start }) => start === seen.start);
      return;
    }
  }

  /** One close stands for one attach at least; where a process has several of one object, they are looked at. */
  close(seen: CloseSeen): void {
    const { book, known, implied } = this.#state;
    const { pid, inode, atMs } = seen;
    const candidates = known.ofKernelInode(inode);
    const held = candidates.filter(({ id }) => book.of(id, pid).length > 0);
    const isImplied = implied.take(pid, inode, atMs);
    if (held.length === 0) {
      if (isImplied) return;
      const [only, ...more] = candidates;
      // An attach that nobody saw: it came before the watch, or is a copy made by fork.
      if (only && more.length === 0) this.#tellDetached(only, pid, seen, 1, 'its attach was not seen');
      return;
    }
    const [first, ...others] = held;
    // One that was told already, or, since closes come merged, one after it: only a look can tell.
    const isClear = !isImplied && first !== undefined && others.length === 0 && book.of(first.id, pid).length === 1;
    for (const object of held) {
      const isGone = isClear ? () => true : this.#goneTest(object, pid, isImplied);
      const count = this.#letGo(object, pid, seen, isGone);
      // Told by a look: their own closes, unless merged into this one, are still to come.
      implied.add(pid, inode, isImplied ? count : count - 1, atMs);
    }
  }

  /** Tests whether an attach is no longer mapped; where that cannot be asked, the oldest one is gone unless that was told. */
  #goneTest(
    object: KnownObject,
    pid: number,
    isTold: boolean,
  ): (held: { start: number; end: number }, index: number) => boolean {
    const ranges = this.#state.around.ranges(pid, object);
    if (!ranges) return (_, index) => !isTold && index === 0;
    return ({ start, end }) => !ranges.some((range) => range.start < end && range.end > start);
  }

  #letGo(
    object: KnownObject,
    pid: number,
    seen: Told,
    isGone: (held: { start: number; end: number }, index: number) => boolean,
  ): number {
    const count = this.#state.book.drop(object.id, pid, isGone);
    if (count === 0) return 0;
    // Every source but the one that tells of closes themselves will be followed by such a close.
    if (seen.source !== 'fanotify') this.#state.implied.add(pid, object.inode, count, seen.atMs);
    this.#tellDetached(object, pid, seen, count);
    return count;
  }

  #tellDetached(object: KnownObject, pid: number, seen: Told, count: number, detail?: string): void {
    const row = object.kind === 'sysv' ? this.#segmentEvents.now(object) : undefined;
    this.#state.teller.tell('detached', object, seen, { pid, count, detail, nattch: row?.nattch });
    this.#reconciler.touch(object.id, seen.atMs);
    if (object.kind === 'sysv' && !row) this.#segmentEvents.checkGone(object, seen, pid);
  }

  /** The process has come from the other one and is in its namespace. */
  inherit(parent: number, pid: number): void {
    const namespace = this.#namespaces.get(parent);
    if (namespace !== undefined) this.#namespaces.set(pid, namespace);
  }

  forget(pid: number): void {
    this.#namespaces.delete(pid);
  }

  /** Everything of a process, at its end or exec. */
  letGoOfAll(pid: number, seen: Told): void {
    const { book, known, implied } = this.#state;
    for (const id of book.heldBy(pid)) {
      const object = known.get(id);
      if (!object) continue;
      const count = book.drop(id, pid, () => true);
      implied.add(pid, object.inode, count, seen.atMs);
      this.#tellDetached(object, pid, seen, count);
    }
  }
}
