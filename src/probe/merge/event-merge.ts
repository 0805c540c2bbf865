// Merges what several live sources saw into events: each attach and detach told once, with who did it, and never silently lost.

import type { ByteString } from '../model/bytes.ts';
import type { Observation } from '../model/event/observation.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { AttachBook } from './attach-book.ts';
import { EventTeller } from './event-teller.ts';
import { FileEvents } from './file-events.ts';
import { HoldEvents } from './hold-events.ts';
import { ImpliedDetaches } from './implied.ts';
import { KnownObjects } from './known-objects.ts';
import type { MergeOptions, MergeState } from './merge-state.ts';
import { ProcessEvents } from './process-events.ts';
import { Reconciler } from './reconcile.ts';
import { SegmentBook } from './segment-book.ts';
import { SegmentEvents } from './segment-events.ts';

export class EventMerge {
  readonly #state: MergeState;
  readonly #segmentEvents: SegmentEvents;
  readonly #fileEvents: FileEvents;
  readonly #reconciler: Reconciler;
  readonly #holdEvents: HoldEvents;
  readonly #processEvents: ProcessEvents;

  constructor(options: MergeOptions) {
    const book = new AttachBook();
    const isHeld = (id: string) => book.holdersOf(id).length > 0;
    const known = new KnownObjects(options.devices, options.ownNamespace, isHeld);
    const segments = new SegmentBook();
    const teller = new EventTeller(options);
    this.#state = { ...options, known, book, segments, implied: new ImpliedDetaches(), teller };
    this.#reconciler = new Reconciler(this.#state);
    this.#segmentEvents = new SegmentEvents(this.#state, this.#reconciler);
    this.#fileEvents = new FileEvents(this.#state);
    this.#holdEvents = new HoldEvents(this.#state, this.#segmentEvents, this.#reconciler);
    this.#processEvents = new ProcessEvents(this.#state, this.#segmentEvents, this.#holdEvents, this.#reconciler);
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
    this.#segmentEvents.forgetDeadOwners();
    this.#segmentEvents.seededMs = nowMs;
  }

  apply(seen: Observation): void {
    switch (seen.kind) {
      case 'map':
        this.#holdEvents.map(seen);
        return;
      case 'attach':
        this.#holdEvents.attach(seen);
        return;
      case 'unmap':
        this.#holdEvents.unmap(seen);
        return;
      case 'close':
        this.#holdEvents.close(seen);
        return;
      case 'fork':
        this.#processEvents.fork(seen);
        return;
      case 'exec':
        this.#processEvents.exec(seen);
        return;
      case 'exit':
        this.#processEvents.exit(seen);
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

  /** Command names as a source carries them. */
  named(pid: number, comm: ByteString): void {
    this.#state.teller.named(pid, comm);
  }
}
