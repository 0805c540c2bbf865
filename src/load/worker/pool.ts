// Zero copy with a pool: the producer borrows a buffer, writes the message there and publishes its number; the consumer works on it in
// place, holds some, and gives them back in any order. Only numbers pass through the two rows.

import { heldAtMost, MOST_BUFFERS, POOL } from '../model/pool.ts';
import { COUNTER, RING } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import { makeChecker } from '../verify.ts';
import { isProducerGone, mayEnd } from './ending.ts';
import { writerOf } from './faulty.ts';
import type { Role } from './role.ts';
import { tellFindings } from './tell-findings.ts';

const rowOf = ({ words }: RingView, offset: number) =>
  new Int32Array(words.buffer, words.byteOffset + offset, MOST_BUFFERS);

/** Runs until control says stop; everything that was borrowed is published when it returns. */
export function lend({ view, setup, sync, beat }: Role): void {
  const { slots, first } = setup;
  const mask = slots - 1;
  const batch = Math.min(setup.batch, slots >> 1);
  const counters = view.producer;
  const published = rowOf(view, POOL.published);
  const returned = rowOf(view, POOL.returned);
  const write = writerOf(view, setup, 1);
  // A stack, so that the buffer that came back last, which is the warmest, is used next.
  const free = new Int32Array(slots);
  for (let i = 0; i < slots; i++) free[i] = slots - 1 - i;
  let freeCount: number = slots;
  let collected = first; // of those given back, how many are on the stack again
  let head = first;
  while (true) {
    if (freeCount === 0) {
      const tail = sync.waitSpace(head, 1);
      if (tail === collected) {
        if (!beat.now()) break;
        continue;
      }
      while (collected !== tail) {
        free[freeCount++] = returned[collected & mask] & mask;
        collected = (collected + 1) | 0;
      }
    }
    const count = Math.min(batch, freeCount);
    for (let i = 0; i < count; i++) {
      const buffer = free[--freeCount];
      write(buffer, head, 1);
      published[head & mask] = buffer;
      head = (head + 1) | 0;
    }
    sync.publish(head);
    counters[COUNTER.messages] += count;
    if (!beat.tick()) break;
  }
  beat.now();
}

/** Runs until the producer is done and everything published was seen; what it still holds then goes with it. */
export function borrow({ view, setup, sync, beat }: Role): void {
  const { slots, drain, first } = setup;
  const { words } = view;
  const mask = slots - 1;
  const counters = view.consumer;
  const published = rowOf(view, POOL.published);
  const returned = rowOf(view, POOL.returned);
  const { check, findings } = makeChecker(setup.verify, view.slots, setup, makePattern(setup.sizeBytes, setup.seed));
  const held = new Int32Array(heldAtMost(slots));
  let heldCount = 0;
  let turn = 0; // which of those held goes next: another one each time
  let given = first;
  let tail = first;
  const isGone = () => isProducerGone(view);
  const isEmpty = () => Atomics.load(words, wordAt(RING.head)) === tail;
  const hold = (buffer: number) => {
    if (heldCount < held.length) {
      held[heldCount++] = buffer;
      return;
    }
    returned[given & mask] = held[turn];
    given = (given + 1) | 0;
    held[turn] = buffer;
    turn = turn === 0 ? held.length - 1 : turn - 1;
  };
  while (true) {
    const known = sync.waitData(tail);
    const available = (known - tail) | 0;
    if (available < 1) {
      if (mayEnd(view, beat, isGone, isEmpty)) break;
      continue;
    }
    const count = available < drain ? available : drain;
    for (let i = 0; i < count; i++) {
      const buffer = published[tail & mask] & mask;
      check(tail, 1, buffer);
      hold(buffer);
      tail = (tail + 1) | 0;
    }
    sync.release(given);
    counters[COUNTER.messages] += count;
    tellFindings(counters, findings);
    beat.tick();
  }
  beat.now();
}
