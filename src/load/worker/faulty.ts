// Defects on purpose, for the tests of the verification: what a wrong ring would do to one message in a thousand.
import { FAULT, RING, slotOf } from '../model/ring.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import { makeWriter, type WriteRun } from './writer.ts';

const EVERY = 1000;

/** The fastest writer, or the one that makes the mistake that was asked for. */
export function writerOf(view: RingView, setup: RingSetup, most: number): WriteRun {
  return setup.fault === FAULT.none ? makeWriter(view, setup, most) : makeFaultyWriter(view, setup);
}

/** A writer that makes the mistake of `setup.fault` now and then. */
function makeFaultyWriter(view: RingView, setup: RingSetup): WriteRun {
  const { fault, slots } = setup;
  const write = makeWriter(view, setup, 1);
  const { words } = view;
  const head = wordAt(RING.head);
  let skipped = 0;
  const writeOne = (slot: number, sequence: number) => {
    const isTime = ((sequence >>> 0) % EVERY) + 1 === EVERY;
    if (fault === FAULT.lost && isTime) skipped++;
    if (fault === FAULT.earlyPublish && isTime) {
      Atomics.store(words, head, (sequence + 1) | 0);
      for (let i = 0; i < 20_000; i++) Atomics.load(words, head);
    }
    write(slot, (sequence + skipped) | 0, 1);
    // Does not look whether the slot is free: the message that the consumer may be reading now becomes a later one.
    const later = (sequence + (slots >> 1)) | 0;
    if (fault === FAULT.overrun && isTime) write(slotOf(later, slots), later, 1);
  };
  return (slot, sequence, count) => {
    for (let i = 0; i < count; i++) writeOne(slot + i, (sequence + i) | 0);
  };
}
