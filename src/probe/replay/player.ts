// Plays a recording: the objects as they were at a moment, and the events on the way there.
import { keepMost, MOST_OBJECTS } from '../model/assemble/ceiling.ts';
import { diffObjects, type ObjectsDelta } from '../model/delta.ts';
import { objectOfEvent, type ShmEvent } from '../model/event/event.ts';
import { HoldCounts, objectAfter } from '../model/event/event-object.ts';
import type { ShmObject } from '../model/object.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { RecordingFile } from './recording-file.ts';

export interface Played extends ObjectsDelta {
  readonly head: Omit<Snapshot, 'objects'>;
  /** In order of time. */
  readonly events: readonly ShmEvent[];
}

/** Events make no more objects than these; snapshots may hold as many as they like. */
const MOST_PLAYED = 1_000_000;

export class Player {
  readonly #file: RecordingFile;
  readonly #holds = new HoldCounts();
  #objects = new Map<string, ShmObject>();
  #head: Omit<Snapshot, 'objects'> | undefined;
  /** The first entry that has not been played. */
  #next = 0;

  constructor(file: RecordingFile) {
    this.#file = file;
  }

  get startMs(): number {
    return this.#file.atMs(0);
  }

  get endMs(): number {
    return this.#file.atMs(this.#file.count - 1);
  }

  /** Back to before the first entry: what is played next is all of it. */
  rewind(): void {
    this.#next = 0;
    this.#objects = new Map();
    this.#head = undefined;
  }

  /** Everything up to a moment (milliseconds since the epoch); undefined where no snapshot was until then. */
  playTo(atMs: number): Played | undefined {
    const before = this.#objects;
    let end = this.#next;
    while (this.#file.atMs(end) <= atMs) end++;
    if (end > this.#next) this.#objects = new Map(before);
    const events = this.#play(this.#next, end);
    this.#next = end;
    if (!this.#head) return undefined;
    const isSame = this.#objects === before;
    const delta = isSame ? { changed: [], removed: [] } : diffObjects(before, [...this.#objects.values()]);
    return { ...delta, head: { ...this.#head, takenAtMs: atMs }, events };
  }

  /** Of several snapshots only the last one counts; what events change after it is worked into the objects. */
  #play(from: number, to: number): ShmEvent[] {
    const events: ShmEvent[] = [];
    let last = to - 1;
    while (last >= from && this.#file.type(last) !== 'snapshot') last--;
    for (let index = from; index < to; index++) {
      if (index < last && this.#file.type(index) === 'snapshot') continue;
      const entry = this.#file.read(index);
      if (entry?.type === 'snapshot') this.#show(entry.snapshot);
      if (entry?.type !== 'event') continue;
      events.push(entry.event);
      if (index > last) this.#apply(entry.event);
    }
    return events;
  }

  /** A recording is as large as its writer likes. */
  #show({ objects: all, ...head }: Snapshot): void {
    const { objects, leftOut = head.leftOut } = keepMost(all, MOST_OBJECTS);
    this.#head = leftOut ? { ...head, leftOut } : head;
    this.#objects = new Map(objects.map((object) => [object.id, object]));
    this.#holds.reset(objects);
  }

  #apply(event: ShmEvent): void {
    const known = objectOfEvent(event, this.#objects);
    if (!known && this.#objects.size >= MOST_PLAYED) return;
    const after = objectAfter(known, event, this.#holds);
    if (known && known.id !== after?.id) this.#objects.delete(known.id);
    if (after) this.#objects.set(after.id, after);
  }
}
