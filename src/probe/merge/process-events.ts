// What becomes of attaches when processes fork, exec and end.

import type { ExecSeen, ExitSeen, ForkSeen } from '../model/event/observation.ts';
import type { HoldEvents } from './hold-events.ts';
import type { MergeState } from './merge-state.ts';
import type { Reconciler } from './reconcile.ts';
import type { SegmentEvents } from './segment-events.ts';

export class ProcessEvents {
  readonly #state: MergeState;
  readonly #segmentEvents: SegmentEvents;
  readonly #holdEvents: HoldEvents;
  readonly #reconciler: Reconciler;

  constructor(state: MergeState, segmentEvents: SegmentEvents, holdEvents: HoldEvents, reconciler: Reconciler) {
    this.#state = state;
    this.#segmentEvents = segmentEvents;
    this.#holdEvents = holdEvents;
    this.#reconciler = reconciler;
  }

  /** A child gets a copy of every attach; not after vfork(2), where both share one address space until it execs. */
  fork(seen: ForkSeen): void {
    const { book, known, around, teller } = this.#state;
    teller.forked(seen.parent, seen.pid);
    this.#holdEvents.inherit(seen.parent, seen.pid);
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

  exec(seen: ExecSeen): void {
    this.#holdEvents.letGoOfAll(seen.pid, seen);
    this.#state.teller.named(seen.pid, seen.comm);
  }

  exit(seen: ExitSeen): void {
    const { book, segments, around, teller } = this.#state;
    const { pid } = seen;
    const isOwner = segments.madeBy(pid).length > 0;
    if ((isOwner || book.heldBy(pid).length > 0) && around.livesOn(pid, seen.tid)) return; // other threads live on
    this.#holdEvents.letGoOfAll(pid, seen);
    if (isOwner) this.#segmentEvents.ownerDied(pid, seen);
    teller.gone(pid);
    this.#holdEvents.forget(pid);
  }
}
