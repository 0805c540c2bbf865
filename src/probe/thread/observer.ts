// The beat of the observing thread: a sample, what changed sent in parts, a pause; and it stands still while something is removed.
import { untilBeat } from '../live/beat.ts';
import { glance } from '../look/glance.ts';
import type { Sampler } from '../look/sampler.ts';
import { diffObjects } from '../model/delta.ts';
import type { HostMemory } from '../model/host-memory.ts';
import type { ShmObject } from '../model/object.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readHostMemory } from '../source/host-memory.ts';
import type { LiveFeed } from './live-feed.ts';
import { TickSender } from './tick-parts.ts';
import type { FromWorker } from './worker-protocol.ts';

/** Totals of the machine change all the time, and nobody needs to see that: a screen where nothing else changes is not drawn. */
const MEMORY_EVERY_MS = 5000;
/** A sample may take at most this share of the time; a slower machine is sampled less often. */
const MOST_BUSY_SHARE = 0.25;
const LEAST_PAUSE_MS = 20;
/** The second sample comes that soon: live events begin with it, and the first frame does not wait for them. */
const LIVE_AFTER_MS = 250;

export interface ObserverOptions {
  readonly procRoot: string;
  /** Between two samples; milliseconds. */
  readonly intervalMs: number;
  readonly sampler: Sampler;
  readonly live: LiveFeed;
  readonly send: (message: FromWorker) => void;
  /** The dashboard has not read what it was sent. */
  readonly isBehind: () => boolean;
}

export class Observer {
  readonly #options: ObserverOptions;
  readonly #sender: TickSender;
  readonly #known = new Map<string, ShmObject>();
  #last: readonly ShmObject[] = [];
  #intervalMs: number;
  #take: 'first' | 'start' | 'sample' = 'first';
  #memory: HostMemory | undefined;
  #memoryReadMs = 0;
  #isFresh = true;
  #limits: Snapshot['limits'] | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = false;
  /** Somebody wants a sample at once, while the last one is still being sent. */
  #isAskedFor = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs;
    this.#sender = new TickSender((tick) => options.send({ type: 'tick', ...tick }));
  }

  /** As it was at the last sample; undefined when it was not there. */
  object(id: string): ShmObject | undefined {
    return this.#known.get(id);
  }

  /** What the last look found, for who asks for more of it; undefined before the first. */
  get latest(): Pick<Snapshot, 'objects' | 'limits'> | undefined {
    return this.#limits && { objects: this.#last, limits: this.#limits };
  }

  /** Of the machine; 0 before the first sample. */
  get pageBytes(): number {
    return this.#limits?.pageSizeBytes ?? 0;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  set intervalMs(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** No sample until `release`. Ticks are synchronous: none is under way when a message arrives. */
  hold(): void {
    clearTimeout(this.#timer);
    this.#isHeld = true;
  }

  /** The caller asks for a sample afterwards. */
  release(): void {
    this.#isHeld = false;
  }

  /** A sample at once, or as soon as the last one is sent. */
  sampleSoon(): void {
    if (this.#sender.isSending) this.#isAskedFor = true;
    else this.#pause(0);
  }

  /** The dashboard took a part of a tick. */
  sendNextPart(): void {
    this.#sender.next();
  }

  /** One sample, and all later ones by itself. */
  tick(): void {
    // The dashboard stands still (its terminal takes nothing): more of the same would only pile up.
    if (this.#options.isBehind()) {
      this.#timer = setTimeout(() => this.tick(), this.#intervalMs);
      return;
    }
    const startedMs = performance.now();
    if (this.#take === 'first') this.#showAtOnce(startedMs);
    const { objects, ...head } = this.#sample();
    this.#limits = head.limits;
    const { changed, removed } = this.#changes(objects);
    // Of a crowd nobody knows here what went and what only gave way to others.
    const unlisted = head.leftOut && removed;
    const sampleMs = performance.now() - startedMs;
    const { procRoot, live } = this.#options;
    const tick = {
      head,
      memory: this.#hostMemory(procRoot, startedMs),
      changed,
      removed,
      sampleMs,
      isFresh: this.#isFresh,
      unlisted,
    };
    this.#sender.start({ ...tick, events: live.takeEvents() }, () => {
      const restMs = this.#take === 'start' ? LIVE_AFTER_MS : untilBeat(this.#intervalMs);
      const pauseMs = Math.max(LEAST_PAUSE_MS, restMs, sampleMs / MOST_BUSY_SHARE - (performance.now() - startedMs));
      this.#pause(this.#isAskedFor ? 0 : pauseMs);
    });
    this.#isFresh = false;
  }

  /** Where the first sample takes long: rows without a verdict, which it takes the place of. Nothing here counts as known by them. */
  #showAtOnce(startedMs: number): void {
    const { sampler, send, procRoot } = this.#options;
    const early = sampler.early(glance);
    if (!early) return;
    const { objects, ...head } = early;
    send({
      type: 'tick',
      head,
      memory: this.#hostMemory(procRoot, startedMs),
      changed: objects,
      removed: [],
      sampleMs: performance.now() - startedMs,
      isFresh: true,
      isPart: true,
      isGlance: true,
      events: [],
    });
  }

  /** The first is shown at once, the second begins the live events. */
  #sample(): Snapshot {
    const { sampler, live } = this.#options;
    switch (this.#take) {
      case 'first':
        this.#take = 'start';
        return sampler.sample();
      case 'start':
        this.#take = 'sample';
        return live.start();
      case 'sample':
        return live.sample();
    }
  }

  #changes(objects: readonly ShmObject[]): { changed: readonly ShmObject[]; removed: readonly string[] } {
    const { changed, removed } = diffObjects(this.#known, objects, this.#last);
    for (const object of changed) this.#known.set(object.id, object);
    for (const id of removed) this.#known.delete(id);
    this.#last = objects;
    return { changed, removed };
  }

  /** Shmem is of now, the rest of some seconds. */
  #hostMemory(procRoot: string, nowMs: number): HostMemory | undefined {
    const read = readHostMemory(procRoot);
    if (this.#memory && read && nowMs - this.#memoryReadMs <= MEMORY_EVERY_MS)
      this.#memory = { ...this.#memory, shmemBytes: read.shmemBytes };
    else {
      this.#memory = read;
      this.#memoryReadMs = nowMs;
    }
    return this.#memory;
  }

  /** The tick is out: the next one in a while, if nobody holds us. */
  #pause(pauseMs: number): void {
    this.#isAskedFor = false;
    clearTimeout(this.#timer);
    if (!this.#isHeld) this.#timer = setTimeout(() => this.tick(), pauseMs);
  }
}
