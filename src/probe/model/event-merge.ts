// Merges what several live sources saw into events: each attach and detach told once, with who did it, and never silently lost.
import { AttachBook } from './attach-book.ts';
import type { ByteString } from './bytes.ts';
import type { ShmEvent } from './event.ts';
import { EventTeller, type Told } from './event-teller.ts';
import { FileEvents } from './file-events.ts';
import { ImpliedDetaches } from './implied.ts';
import { type KnownObject, KnownObjects } from './known-objects.ts';
import type { ShmDevices } from './mapping-record.ts';
import type {
  AttachSeen,
  CloseSeen,
  ExecSeen,
  ExitSeen,
  ForkSeen,
  MapSeen,
  Observation,
  Surroundings,
  UnmapSeen,
} from './observation.ts';
import { Reconciler } from './reconcile.ts';
import { SegmentBook } from './segment-book.ts';
import { SegmentEvents } from './segment-events.ts';
import type { Snapshot } from './snapshot.ts';
import type { SysvRow } from './sysv-row.ts';

export interface MergeOptions {
  readonly devices: ShmDevices;
  /** Inode of our IPC namespace, as decimal text. */
  readonly ownNamespace: string;
  /** True when mappings are seen as they are made (perf, tracepoints); the segment table is then only the check. */
  readonly hasMaps: boolean;
  /** True when exits are seen, so that a command name may be remembered until then. */
  readonly hasExits: boolean;
  /** True when shmat and shmdt are seen themselves: mappings of segments then tell nothing more. */
  readonly isExact: boolean;
  readonly around: Surroundings;
  readonly emit: (event: ShmEvent) => void;
}

/** What the parts of the merging share. */
export interface MergeState extends MergeOptions {
  readonly known: KnownObjects;
  readonly book: AttachBook;
  readonly segments: SegmentBook;
  readonly implied: ImpliedDetaches;
  readonly teller: EventTeller;
}

export class EventMerge {
  readonly #state: MergeState;
  readonly #segmentEvents: SegmentEvents;
  readonly #fileEvents: FileEvents;
  readonly #reconciler: Reconciler;
  /** Of processes that attached in another IPC namespace, while they live. */
  readonly #namespaces = new Map<number, string>();

  constructor(options: MergeOptions) {
    const known = new KnownObjects(options.devices, options.ownNamespace);
    const segments = new SegmentBook();
    const teller = new EventTeller(options);
    this.#state = { ...options, known, book: new AttachBook(), segments, implied: new ImpliedDetaches(), teller };
    this.#reconciler = new Reconciler(this.#state);
    this.#segmentEvents = new SegmentEvents(this.#state, this.#reconciler);
    this.#fileEvents = new FileEvents(this.#state);
  }

  /** Takes what exists already, so that it is no event. Sources must have been started before the snapshot was taken. */
  seed(snapshot: Snapshot, nowMs: number): void {
    const { known, book, segments } = this.#state;
    for (const object of snapshot.objects) {
      const seeded = known.fromSnapshot(object);
      if (!seeded) continue;
      for (const { pid, mappings } of object.holders) {
        for (const { start, end, perms } of mappings) {
          const prot = (perms[0] === 'r' ? 1 : 0) | (perms[1] === 'w' ? 2 : 0) | (perms[2] === 'x' ? 4 : 0);
          book.add(seeded.id, pid, { start, end, prot, sinceMs: snapshot.takenAtMs, isSplit: false });
        }
      }
      if (object.kind !== 'sysv' || object.shmid === undefined || seeded.ipcNamespace !== this.#state.ownNamespace)
        continue;
      const row = this.#state.around.segment(object.shmid);
      if (!row) continue;
      segments.set(row);
      this.#reconciler.seed(seeded.id, row);
    }
    this.#segmentEvents.seededMs = nowMs;
  }

  apply(seen: Observation): void {
    switch (seen.kind) {
      case 'map':
        this.#map(seen);
        return;
      case 'attach':
        this.#attach(seen);
        return;
      case 'unmap':
        this.#unmap(seen);
        return;
      case 'close':
        this.#close(seen);
        return;
      case 'fork':
        this.#fork(seen);
        return;
      case 'exec':
        this.#exec(seen);
        return;
      case 'exit':
        this.#exit(seen);
        return;
      case 'get':
        this.#segmentEvents.look(seen.shmid, seen);
        return;
      case 'mark':
        this.#segmentEvents.mark(seen);
        return;
      case 'row':
        this.#segmentEvents.row(seen);
        return;
      case 'file':
        this.#fileEvents.apply(seen);
        return;
      case 'lost':
        this.#state.teller.lost(seen);
        return;
    }
  }

  /** To be called some 20 ms later while it `isUnsettled`: settles what did not add up and what waits for more. */
  settle(nowMs: number): boolean {
    this.#fileEvents.settle(nowMs);
    this.#reconciler.settle(nowMs);
    return this.isUnsettled;
  }

  get isUnsettled(): boolean {
    return this.#fileEvents.isWaiting || this.#reconciler.isWaiting;
  }

  /** The segment of our namespace as it is now. */
  segmentNow(shmid: number): SysvRow | undefined {
    return this.#state.around.segment(shmid);
  }

  /** Creators of segments that have died; to be called about once a second where no source tells of exits. */
  checkOwners(nowMs: number): void {
    for (const pid of this.#state.segments.creators()) {
      if (!this.#state.around.isAlive(pid)) this.#segmentEvents.ownerDied(pid, { atMs: nowMs, source: 'poll' });
    }
  }

  /** Processes that hold an object, as far as is known; for `--until-empty`. */
  holdersOf(id: string): readonly number[] {
    return this.#state.book.holdersOf(id);
  }

  get knownObjects(): KnownObjects {
    return this.#state.known;
  }

  #map(seen: MapSeen): void {
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

  #attach(seen: AttachSeen): void {
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

  #unmap(seen: UnmapSeen): void {
    const { book, known } = this.#state;
    for (const id of book.heldBy(seen.pid)) {
      const object = known.get(id);
      if (!object || !book.of(id, seen.pid).some(({ start }) => start === seen.start)) continue;
      this.#letGo(object, seen.pid, seen, ({ start }) => start === seen.start);
      return;
    }
  }

  /** One close stands for one attach at least; where a process has several of one object, they are looked at. */
  #close(seen: CloseSeen): void {
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
    // One that was told already, or, since closes come merged, one after it: only a look can tell.
    const isClear = !isImplied && held.length === 1 && book.of(held[0].id, pid).length === 1;
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

  /** A child gets a copy of every attach; not after vfork(2), where both share one address space until it execs. */
  #fork(seen: ForkSeen): void {
    const { book, known, around, teller } = this.#state;
    teller.forked(seen.parent, seen.pid);
    const namespace = this.#namespaces.get(seen.parent);
    if (namespace !== undefined) this.#namespaces.set(seen.pid, namespace);
    const held = book.heldBy(seen.parent);
    if (held.length === 0 || around.sharesMemory(seen.parent, seen.pid) !== false) return;
    for (const id of held) {
      const object = known.get(id);
      const ranges = object && around.ranges(seen.pid, object);
      if (!object || !ranges || ranges.length === 0) continue; // it has execed since
      const copies = book
        .of(id, seen.parent)
        .filter(({ start, end }) => ranges.some((range) => range.start < end && range.end > start));
      for (const copy of copies) book.add(id, seen.pid, { ...copy, sinceMs: seen.atMs });
      if (copies.length === 0) continue;
      const nattch = object.kind === 'sysv' ? this.#segmentEvents.now(object)?.nattch : undefined;
      teller.tell('attached', object, seen, {
        pid: seen.pid,
        count: copies.length,
        nattch,
        detail: `by fork of ${seen.parent}`,
      });
      this.#reconciler.touch(id, seen.atMs);
    }
  }

  #exec(seen: ExecSeen): void {
    this.#letGoOfAll(seen.pid, seen);
    this.#state.teller.named(seen.pid, seen.comm);
  }

  #exit(seen: ExitSeen): void {
    const { book, segments, around, teller } = this.#state;
    const { pid } = seen;
    const isOwner = segments.madeBy(pid).length > 0;
    if ((isOwner || book.heldBy(pid).length > 0) && around.livesOn(pid, seen.tid)) return; // other threads live on
    this.#letGoOfAll(pid, seen);
    if (isOwner) this.#segmentEvents.ownerDied(pid, seen);
    teller.gone(pid);
    this.#namespaces.delete(pid);
  }

  #letGoOfAll(pid: number, seen: Told): void {
    const { book, known, implied } = this.#state;
    for (const id of book.heldBy(pid)) {
      const object = known.get(id);
      if (!object) continue;
      const count = book.drop(id, pid, () => true);
      implied.add(pid, object.inode, count, seen.atMs);
      this.#tellDetached(object, pid, seen, count);
    }
  }

  /** Command names as a source carries them. */
  named(pid: number, comm: ByteString): void {
    this.#state.teller.named(pid, comm);
  }
}
