// Defects on purpose, for the tests of the verification: what a wrong ring would do to one message in a thousand.
import type { Pattern } from '../pattern.ts';
import { FAULT, RING } from '../ring.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import { makeWriter, type WriteMessage } from './writer.ts';

const EVERY = 1000;

/** A writer that makes the given mistake now and then. */
export function makeFaultyWriter(view: RingView, setup: RingSetup, pattern: Pattern, fault: number): WriteMessage {
  const write = makeWriter(view, setup, pattern);
  const { words } = view;
  const { slots } = setup;
  const head = wordAt(RING.head);
  let skipped = 0;
  return (slot, sequence) => {
    const isTime = ((sequence >>> 0) % EVERY) + 1 === EVERY;
    if (fault === FAULT.lost && isTime) skipped++;
    if (fault === FAULT.earlyPublish && isTime) {
      Atomics.store(words, head, (sequence + 1) | 0);
      for (let i = 0; i < 20_000; i++) Atomics.load(words, head);
    }
    write(slot, (sequence + skipped) | 0);
    // Does not look whether the slot is free: the message that the consumer may be reading now becomes a later one.
    if (fault === FAULT.overrun && isTime) write((slot + (slots >> 1)) & (slots - 1), (sequence + (slots >> 1)) | 0);
  };
}
