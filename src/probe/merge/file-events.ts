// Events of POSIX objects: what happens to names in /dev/shm and to the files behind them.

import type { FileSeen } from '../model/event/observation.ts';
import type { KnownObject } from './known-objects.ts';
import type { MergeState } from './merge-state.ts';

/** A name that goes together with its object is told as one event; that takes the kernel microseconds. */
const TOGETHER_MS = 5;

export class FileEvents {
  readonly #state: MergeState;
  readonly #unlinked = new Map<string, { readonly seen: FileSeen; readonly object: KnownObject }>();

  constructor(state: MergeState) {
    this.#state = state;
  }

  apply(seen: FileSeen): void {
    const { known, teller } = this.#state;
    const object = known.file(seen.device, seen.inode, seen.name);
    const { pid } = seen;
    switch (seen.what) {
      case 'created':
        object.sizeBytes = seen.sizeBytes ?? 0;
        teller.tell('created', object, seen, { pid, sizeBytes: seen.sizeBytes });
        return;
      case 'opened':
        teller.tell('opened', object, seen, { pid });
        return;
      case 'closed':
        this.#closed(object, seen);
        return;
      case 'modified':
        this.#modified(object, seen);
        return;
      case 'unlinked':
        this.#unlinked.set(object.id, { seen, object });
        return;
      case 'gone': {
        const unlinked = this.#unlinked.get(object.id);
        this.#unlinked.delete(object.id);
        const by = unlinked ? unlinked.seen : seen;
        this.#letGo(object, by, () => true);
        teller.tell('destroyed', object, by, { pid: by.pid });
        known.forget(object);
        return;
      }
      case 'renamed':
        return;
    }
  }

  get isWaiting(): boolean {
    return this.#unlinked.size > 0;
  }

  /** Names that went while their object stayed: it is marked, and goes with its last holder. */
  settle(nowMs: number): void {
    for (const [id, { seen, object }] of this.#unlinked) {
      if (nowMs - seen.atMs < TOGETHER_MS) continue;
      this.#unlinked.delete(id);
      const detail =
        seen.source === 'inotify' ? 'its name is gone; whether it is still held is not visible' : 'its name is gone';
      this.#state.teller.tell('marked', object, seen, { pid: seen.pid, detail });
    }
  }

  /** The last descriptor and mapping of one open are gone: what the process no longer maps, it has let go of. */
  #closed(object: KnownObject, seen: FileSeen): void {
    const { book, around, teller } = this.#state;
    const { pid } = seen;
    if (pid !== undefined && book.of(object.id, pid).length > 0) {
      const ranges = around.ranges(pid, object) ?? [];
      this.#letGo(object, seen, (held) => !ranges.some(({ start, end }) => start < held.end && end > held.start), pid);
    }
    teller.tell('closed', object, seen, { pid });
  }

  #letGo(
    object: KnownObject,
    seen: FileSeen,
    isGone: (held: { start: number; end: number }) => boolean,
    only?: number,
  ): void {
    const { book, teller } = this.#state;
    for (const pid of only === undefined ? book.holdersOf(object.id) : [only]) {
      const count = book.drop(object.id, pid, isGone);
      if (count > 0) teller.tell('detached', object, seen, { pid, count });
    }
  }

  #modified(object: KnownObject, seen: FileSeen): void {
    const { sizeBytes } = seen;
    if (sizeBytes === undefined || sizeBytes === object.sizeBytes) return;
    object.sizeBytes = sizeBytes;
    this.#state.teller.tell('resized', object, seen, { pid: seen.pid, sizeBytes });
  }
}
