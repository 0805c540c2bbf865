// Parent: what the counters of a shared ring say of fairness, and at the end whether each message came exactly once.
import { type Fairness, jainIndex, MANY, settle } from '../model/many.ts';
import { COUNTER } from '../model/ring.ts';
import type { LoadPlan } from '../plan.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { openQueue } from './queue.ts';
import { tallyOf } from './shared.ts';

/** Parent, after the headers and before the workers start. `memory`: the whole segment. */
export function openMany(memory: ArrayBuffer, views: readonly RingView[], { many, geometry }: LoadPlan): void {
  if (!many) return;
  for (const { words } of views) {
    words[wordAt(MANY.producers)] = many.producers;
    words[wordAt(MANY.consumers)] = many.consumers;
  }
  const { slots: slotCount, strideBytes } = geometry;
  const slots = new Uint8Array(memory, many.slotsAt, slotCount * strideBytes);
  openQueue({ ring: views[0], slots, slotCount, strideBytes });
}

/** Undefined where the ring is not shared by many. */
export function readFairness(views: readonly RingView[], { many }: LoadPlan): Fairness | undefined {
  if (!many) return undefined;
  const producers = views.slice(0, many.producers).map(({ producer }) => producer[COUNTER.messages]);
  const consumers = views.slice(0, many.consumers).map(({ consumer }) => consumer[COUNTER.messages]);
  return { producers, consumers, producerIndex: jainIndex(producers), consumerIndex: jainIndex(consumers) };
}

/** After the workers are gone: what was sent and never came, and what came twice. */
export function settleMany(views: readonly RingView[], { many }: LoadPlan) {
  if (!many) return undefined;
  const tallies = views.slice(0, many.consumers).map(tallyOf);
  return settle(
    views.slice(0, many.producers).map(({ producer }, origin) => ({
      sent: producer[COUNTER.messages],
      got: tallies.reduce((total, { counts }) => total + counts[origin], 0),
      gotSum: tallies.reduce((total, { sums }) => (total + sums[origin]) | 0, 0),
    })),
  );
}
