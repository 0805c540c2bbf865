// One tick in several messages: cut so that a key never waits for all of it, sent when the last was taken, applied together.
import type { ShmObject } from '../model/object.ts';
import type { Tick } from './worker-protocol.ts';

/** About 5 ms of work for the thread that receives it: objects, counted as many times as what hangs on them weighs. */
const WEIGHT_A_MESSAGE = 1000;
const HOLDER_WEIGHT = 0.2;
const MAPPING_WEIGHT = 0.05;
/** Parts on their way at once: neither thread waits for the other on a busy machine, and a key waits for 20 ms at most. */
const MOST_ON_THE_WAY = 4;

/** The objects in their order, in pieces of about the same weight; one empty piece of none. */
export function* cutIntoParts(objects: readonly ShmObject[]): Generator<readonly ShmObject[]> {
  let from = 0;
  let weight = 0;
  for (let at = 0; at < objects.length; at++) {
    weight += weightOf(objects[at]);
    if (weight < WEIGHT_A_MESSAGE || at === objects.length - 1) continue;
    yield objects.slice(from, at + 1);
    from = at + 1;
    weight = 0;
  }
  yield objects.slice(from);
}

function weightOf({ holders }: ShmObject): number {
  let weight = 1 + holders.length * HOLDER_WEIGHT;
  for (const { mappings } of holders) weight += mappings.length * MAPPING_WEIGHT;
  return weight;
}

/** The sending end: a further part goes out when the other thread says that it took one, so that nothing piles up there. */
export class TickSender {
  readonly #send: (tick: Tick) => void;
  #parts: Generator<Tick> | undefined;
  #onSent: (() => void) | undefined;

  constructor(send: (tick: Tick) => void) {
    this.#send = send;
  }

  /** True while parts of the last tick are still to be sent; nothing else may then be given to `start`. */
  get isSending(): boolean {
    return this.#parts !== undefined;
  }

  /** `onSent` is called with the last part. */
  start(tick: Omit<Tick, 'isPart'>, onSent: () => void): void {
    this.#parts = partsOf(tick);
    this.#onSent = onSent;
    for (let sent = 0; sent < MOST_ON_THE_WAY; sent++) this.next();
  }

  /** The other thread took a part. */
  next(): void {
    const { value } = this.#parts?.next() ?? {};
    if (!value) return;
    if (!value.isPart) this.#parts = undefined;
    this.#send(value);
    if (!value.isPart) this.#onSent?.();
  }
}

/** What is new only once goes with the first part, what is gone with the last. */
function* partsOf(tick: Omit<Tick, 'isPart'>): Generator<Tick> {
  let sent = 0;
  for (const changed of cutIntoParts(tick.changed)) {
    const isFirst = sent === 0;
    sent += changed.length;
    const isPart = sent < tick.changed.length;
    yield {
      ...tick,
      changed,
      removed: isPart ? [] : tick.removed,
      unlisted: isPart ? undefined : tick.unlisted,
      events: isFirst ? tick.events : [],
      isFresh: isFirst && tick.isFresh,
      isPart,
    };
  }
}

/**
 * The receiving end: the parts of a tick come out as one, since half of it would show rows that vanish and come again. Only while
 * nothing is shown at all the first part comes out as well, so that something is to be seen while the others arrive.
 */
export class TickGatherer {
  #waiting: Tick[] = [];

  /** What can be applied now; undefined while more is to come. */
  take(part: Tick, hasShown: boolean): Tick | undefined {
    // A thread that was started again has nothing to tell by it.
    if (part.isGlance) return hasShown ? undefined : part;
    if (part.isPart && !hasShown) return part;
    if (part.isPart) {
      this.#waiting.push(part);
      return undefined;
    }
    const parts = [...this.#waiting, part];
    this.#waiting = [];
    return parts.length === 1 ? part : joined(parts, part);
  }
}

function joined(parts: readonly Tick[], last: Tick): Tick {
  return {
    ...last,
    changed: parts.flatMap(({ changed }) => changed),
    events: parts.flatMap(({ events }) => events),
    isFresh: parts.some(({ isFresh }) => isFresh),
  };
}
