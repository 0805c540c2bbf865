// The producer: fills free slots in batches and publishes each batch, until it is told to stop.
import { COUNTER, contiguous, slotOf } from '../model/ring.ts';
import { startNsOf } from '../ring-view.ts';
import { writerOf } from './faulty.ts';
import { makePace } from './pace.ts';
import type { Role } from './role.ts';
import { runLimit } from './writer.ts';

/** Runs until control says stop (or the parent or the time is gone); everything written is published when it returns. */
export function produce(role: Role): void {
  if (role.setup.rate > 0) produceAtRate(role);
  else produceAll(role);
}

/** The longest run that is written and published at once. */
function batchOf({ setup, sync }: Role): number {
  if (sync.isPerMessage) return 1;
  return setup.group > 1 ? setup.group : setup.batch;
}

const writeOf = (role: Role) => role.access?.write ?? writerOf(role.view, role.setup, batchOf(role));

function produceAll(role: Role): void {
  const { view, setup, sync, beat } = role;
  const { slots } = setup;
  const batch = batchOf(role);
  const counters = view.producer;
  const write = writeOf(role);
  const { isPerMessage } = sync;
  // A group is claimed as a whole; single messages are written as soon as there is one free slot.
  const need = setup.group > 1 && !isPerMessage ? batch : 1;
  let head = setup.first;
  let limit = (setup.first + slots) | 0; // messages before this one have a free slot
  while (true) {
    let free = (limit - head) | 0;
    if (free < need || isPerMessage) {
      limit = (sync.waitSpace(head, need) + slots) | 0;
      free = (limit - head) | 0;
      if (free < need) {
        if (!beat.now()) break;
        continue;
      }
    }
    const count = runLimit(head, contiguous(head, free < batch ? free : batch, slots));
    write(slotOf(head, slots), head, count);
    head = (head + count) | 0;
    sync.publish(head);
    counters[COUNTER.messages] += count;
    if (!beat.tick()) break;
  }
  beat.now();
}

/** Message n is due at start + n / rate, whatever happens before: a stall shows as latency, not as fewer messages. */
function produceAtRate(role: Role): void {
  const { libc, view, setup, sync, beat } = role;
  const { slots, rate } = setup;
  const batch = batchOf(role);
  const counters = view.producer;
  const write = writeOf(role);
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
    const count = runLimit(head, contiguous(head, Math.min((limit - head) | 0, due), slots));
    write(slotOf(head, slots), head, count);
    head = (head + count) | 0;
    sync.publish(head);
    sent += count;
    counters[COUNTER.messages] = sent;
    if (!beat.tick()) break;
  }
  beat.now();
}
