// Round trips: one message there in ring 0 and back in ring 1, one at a time, on empty rings.
import { monotonicNs } from '../clock.ts';
import { record } from '../model/histogram.ts';
import { CONTROL, COUNTER, RING } from '../model/ring.ts';
import { makePattern } from '../pattern.ts';
import { wordAt } from '../ring-view.ts';
import { makeChecker } from '../verify.ts';
import { makeReader } from './reader.ts';
import type { Role } from './role.ts';
import { tellFindings } from './tell-findings.ts';
import { makeWriter } from './writer.ts';

/** Sends, waits for the answer, checks it and records the time of the whole trip in the histogram of the ring back. */
export function ping(there: Role, back: Role): void {
  const { setup, view } = there;
  const pattern = makePattern(setup.sizeBytes, setup.seed);
  const write = there.access?.write ?? makeWriter(view, setup, 1);
  const copy = back.access?.copy ?? new Uint8Array(setup.strideBytes);
  const take = back.access?.take ?? makeReader(back.view, setup, copy);
  const checker = makeChecker(setup.verify, copy, setup, pattern);
  const { findings } = checker;
  const mask = setup.slots - 1;
  const control = wordAt(RING.control);
  const counters = back.view.consumer;
  let sequence = 0;
  let isAlive = true;
  while (isAlive) {
    there.sync.waitSpace(sequence, 1);
    const startNs = monotonicNs();
    write(sequence & mask, sequence, 1);
    there.sync.publish((sequence + 1) | 0);
    while (isAlive && ((back.sync.waitData(sequence) - sequence) | 0) < 1) isAlive = there.beat.now();
    if (!isAlive) break;
    take(sequence & mask, 1);
    const tripNs = monotonicNs() - startNs;
    back.sync.release((sequence + 1) | 0);
    checker.check(sequence, 1);
    if (view.words[control] === CONTROL.run) {
      record(back.view.latency, tripNs);
      if (tripNs > counters[COUNTER.maxLatencyNs]) counters[COUNTER.maxLatencyNs] = tripNs;
    }
    counters[COUNTER.messages]++;
    tellFindings(counters, findings);
    sequence = (sequence + 1) | 0;
    isAlive = there.beat.tick();
  }
  there.beat.now();
}

/** Takes each message out and sends it back as it came. */
export function pong(there: Role, back: Role): void {
  const { setup } = there;
  const copy = there.access?.copy ?? new Uint8Array(setup.strideBytes);
  const take = there.access?.take ?? makeReader(there.view, setup, copy);
  const message = copy.subarray(0, setup.sizeBytes);
  const putBack = back.access?.putBack ?? ((slot) => back.view.slots.set(message, slot * setup.strideBytes));
  const mask = setup.slots - 1;
  let sequence = 0;
  let isAlive = true;
  while (isAlive) {
    while (isAlive && ((there.sync.waitData(sequence) - sequence) | 0) < 1) isAlive = back.beat.now();
    if (!isAlive) break;
    take(sequence & mask, 1);
    there.sync.release((sequence + 1) | 0);
    back.sync.waitSpace(sequence, 1);
    putBack(sequence & mask);
    sequence = (sequence + 1) | 0;
    back.sync.publish(sequence);
    isAlive = back.beat.tick();
  }
  back.beat.now();
}
