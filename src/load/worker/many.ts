// The loops of a ring that many producers and consumers share: claim positions, work, pass them on.
import type { Libc } from '../../native/libc.ts';
import { consumerDoor, type Door, producerDoor } from '../many/queue.ts';
import { type SharedRing, tallyOf } from '../many/shared.ts';
import { makeWaiting, makeWake, type Waiting } from '../many/waiting.ts';
import { TRAILER } from '../model/many.ts';
import { COUNTER, contiguous, FAULT, RING, slotOf } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import type { RingSetup, RingView } from '../ring-view.ts';
import type { WaitCounts } from '../sync/sync.ts';
import { makeChecker } from '../verify.ts';
import type { Beat } from './beat.ts';
import { isProducerGone, mayEnd } from './ending.ts';
import { tellFindings } from './tell-findings.ts';
import { directWriter, runLimit } from './writer.ts';

/** Positions that are claimed at once: more are fewer exchanges, and less turn about. */
const CLAIMED = 8;
const SMALL_BYTES = 4096;
const FAULTY_EVERY = 1000;

interface Place {
  readonly libc: Libc;
  readonly shared: SharedRing;
  /** Of this worker. */
  readonly own: RingView;
  readonly setup: RingSetup;
  /** The heartbeat that writes into `counters`. */
  readonly beatOf: (counters: Float64Array, counts: WaitCounts) => Beat;
}

const mostOf = ({ sizeBytes }: RingSetup) => (sizeBytes <= SMALL_BYTES ? CLAIMED : 1);
const placesOf = ({ shared, setup }: Place) => ({
  ring: shared.rings[0],
  slots: shared.slots,
  slotCount: setup.slots,
  strideBytes: setup.strideBytes,
});

/** Sleeps of either side are on a word of the first ring. */
function waitingOf(place: Place, own: number, other: number): { waiting: Waiting; wake: () => void } {
  const waiting = makeWaiting(place.libc, place.shared.rings[0], place.setup, own);
  return { waiting, wake: makeWake(place.libc, place.shared.rings[0], other, waiting.counts) };
}

/** Producer number `setup.pair`: until it is told to stop. What was claimed is passed on. */
export function sendToMany(place: Place): void {
  const { shared, own, setup } = place;
  const { fault, pair } = setup;
  const door = producerDoor(placesOf(place));
  const { waiting, wake } = waitingOf(place, RING.producerWait, RING.consumerWait);
  const beat = place.beatOf(own.producer, waiting.counts);
  const write = directWriter(shared, setup);
  const words = new Int32Array(shared.slots.buffer, shared.slots.byteOffset, shared.slots.byteLength >> 2);
  const trailer = (setup.strideBytes - TRAILER.bytes) >> 2;
  let sent = 0;
  const sign = (at: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const end = ((slotOf((at + i) | 0, setup.slots) * setup.strideBytes) >> 2) + trailer;
      words[end + (TRAILER.bytes - TRAILER.origin) / 4] = pair;
      words[end + (TRAILER.bytes - TRAILER.number) / 4] = (sent + i) | 0;
    }
  };
  while (true) {
    const count = door.claim(mostOf(setup));
    if (count === 0) {
      waiting.wait(door.isOpen);
      if (!beat.tick()) break;
      continue;
    }
    const at = door.at();
    const isFaulty = fault !== FAULT.none && sent % FAULTY_EVERY < count;
    if (isFaulty && fault === FAULT.earlyPublish) passEarly(door, at, count);
    // The table begins anew at 2^31.
    const before = runLimit(at, count);
    write(slotOf(at, setup.slots), at, before);
    if (before < count) write(slotOf(at, setup.slots) + before, (at + before) | 0, count - before);
    sign(at, count);
    // Says that it sent one more than it did.
    if (isFaulty && fault === FAULT.lost) sent++;
    sent += count;
    door.pass(at, count);
    own.producer[COUNTER.messages] = sent;
    wake();
    if (!beat.tick()) break;
  }
  beat.now();
}

function passEarly(door: Door, at: number, count: number): void {
  door.pass(at, count);
  for (let i = 0; i < 20_000; i++) door.isOpen();
}

/** Consumer number `setup.pair`: until all producers are done and nothing is left. */
export function takeFromMany(place: Place): void {
  const { shared, own, setup } = place;
  const { slots: slotCount, strideBytes } = setup;
  const most = mostOf(setup);
  const door = consumerDoor(placesOf(place));
  const { waiting, wake } = waitingOf(place, RING.consumerWait, RING.producerWait);
  const beat = place.beatOf(own.consumer, waiting.counts);
  const copy = new Uint8Array(most * strideBytes);
  const words = new Int32Array(copy.buffer);
  const { check, findings } = makeChecker(setup.verify, copy, setup, makePattern(setup.sizeBytes, setup.seed));
  const tally = tallyOf(own);
  const latest = new Int32Array(shared.producers).fill(-1);
  let taken = 0;
  // One producer's messages come in the order he sent them, to each who gets any of them.
  const account = (count: number) => {
    for (let i = 0; i < count; i++) {
      const end = ((i + 1) * strideBytes) >> 2;
      const origin = words[end - TRAILER.origin / 4];
      const number = words[end - TRAILER.number / 4];
      if (origin < 0 || origin >= shared.producers || ((number - latest[origin]) | 0) <= 0) {
        findings.reordered++;
        continue;
      }
      latest[origin] = number;
      tally.counts[origin]++;
      tally.sums[origin] = (tally.sums[origin] + number) | 0;
    }
  };
  const areProducersGone = () => shared.rings.slice(0, shared.producers).every(isProducerGone);
  const isEmpty = () => !door.isOpen();
  while (true) {
    const count = door.claim(most);
    if (count === 0) {
      waiting.wait(door.isOpen);
      if (mayEnd(own, beat, areProducersGone, isEmpty)) break;
      continue;
    }
    const at = door.at();
    const from = slotOf(at, slotCount) * strideBytes;
    copy.set(shared.slots.subarray(from, from + contiguous(at, count, slotCount) * strideBytes));
    door.pass(at, count);
    wake();
    check(at, count);
    account(count);
    taken += count;
    own.consumer[COUNTER.messages] = taken;
    tellFindings(own.consumer, findings);
    beat.tick();
  }
  beat.now();
}
