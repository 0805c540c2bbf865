// The producer: fills free slots in batches and publishes each batch, until it is told to stop.
import { makePattern, type Pattern } from '../pattern.ts';
import { CONTROL, COUNTER, contiguous, FAULT, RING, slotOf } from '../ring.ts';
import { startNsOf, wordAt } from '../ring-view.ts';
import { makeFaultyWriter } from './faulty.ts';
import { makePace } from './pace.ts';
import type { Role } from './role.ts';
import { makeGroupWriter, makeWriter } from './writer.ts';

/** The producer's table of messages. */
export function producerPattern({ setup }: Pick<Role, 'setup'>): Pattern {
  return makePattern(setup.sizeBytes, setup.seed, setup.group);
}

/** Runs until control says stop (or the parent or the time is gone); everything written is published when it returns. */
export function produce(role: Role, pattern: Pattern): void {
  if (role.setup.rate > 0) produceAtRate(role, pattern);
  else if (role.setup.group > 1 && !role.sync.isPerMessage) produceGroups(role, pattern);
  else produceAll(role, pattern);
}

function produceAll({ view, setup, sync, beat }: Role, pattern: Pattern): void {
  const { slots } = setup;
  const mask = slots - 1;
  const batch = sync.isPerMessage ? 1 : setup.batch;
  const counters = view.producer;
  const write =
    setup.fault === FAULT.none ? makeWriter(view, setup, pattern) : makeFaultyWriter(view, setup, pattern, setup.fault);
  let head = setup.first;
  let limit = (setup.first + slots) | 0; // messages before this one have a free slot
  while (true) {
    let free = (limit - head) | 0;
    if (free < 1 || sync.isPerMessage) {
      limit = (sync.waitSpace(head, 1) + slots) | 0;
      free = (limit - head) | 0;
      if (free < 1) {
        if (!beat.now()) break;
        continue;
      }
    }
    const count = free < batch ? free : batch;
    for (let i = 0; i < count; i++) {
      write(head & mask, head);
      head = (head + 1) | 0;
    }
    sync.publish(head);
    counters[COUNTER.messages] += count;
    if (!beat.tick()) break;
  }
  beat.now();
}

function produceGroups({ view, setup, sync, beat }: Role, pattern: Pattern): void {
  const { slots, group } = setup;
  const counters = view.producer;
  const writeGroup = makeGroupWriter(view, setup, pattern);
  let head = setup.first;
  let limit = (setup.first + slots) | 0;
  while (true) {
    if (((limit - head) | 0) < group) {
      limit = (sync.waitSpace(head, group) + slots) | 0;
      if (((limit - head) | 0) < group) {
        if (!beat.now()) break;
        continue;
      }
    }
    const slot = slotOf(head, slots);
    // The table starts anew where the sequence number passes 2^31: end the run there.
    const count = Math.min(contiguous(head, group, slots), 0x80000000 - (head & 0x7fffffff));
    writeGroup(slot, head, count);
    head = (head + count) | 0;
    sync.publish(head);
    counters[COUNTER.messages] += count;
    if (!beat.tick()) break;
  }
  beat.now();
}

/** Message n is due at start + n / rate, whatever happens before: a stall shows as latency, not as fewer messages. */
function produceAtRate({ libc, view, setup, sync, beat }: Role, pattern: Pattern): void {
  const { slots, rate } = setup;
  const mask = slots - 1;
  const batch = sync.isPerMessage ? 1 : setup.batch;
  const counters = view.producer;
  const write = makeWriter(view, setup, pattern);
  const pace = makePace(libc, view, startNsOf(view), rate, setup.spinUs > 0);
  let head = setup.first;
  let sent = 0;
  let limit = (setup.first + slots) | 0;
  while (true) {
    const due = pace(sent, batch);
    if (due === 0) {
      if (!beat.now()) break;
      continue;
    }
    if (((limit - head) | 0) < 1 || sync.isPerMessage) {
      limit = (sync.waitSpace(head, 1) + slots) | 0;
      if (((limit - head) | 0) < 1) {
        if (!beat.now()) break;
        continue;
      }
    }
    const count = Math.min((limit - head) | 0, due);
    for (let i = 0; i < count; i++) {
      write(head & mask, head);
      head = (head + 1) | 0;
    }
    sync.publish(head);
    sent += count;
    counters[COUNTER.messages] = sent;
    if (!beat.tick()) break;
  }
  beat.now();
}

/** True once the parent has let the workers go (warm-up, run or stop). */
export function isStarted({ view }: Pick<Role, 'view'>): boolean {
  return Atomics.load(view.words, wordAt(RING.control)) !== CONTROL.wait;
}
