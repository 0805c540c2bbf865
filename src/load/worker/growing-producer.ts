// The producer of a buffer that grows: where the reader is behind, it goes on in another segment instead of waiting, up to a bound.

import { blockWord, readGrowthSetup } from '../growing.ts';
import { BLOCK, BLOCK_KIND, GROWTH } from '../model/growth.ts';
import { isProblem } from '../model/problem.ts';
import { COUNTER, contiguous, RING, slotOf } from '../model/ring.ts';
import { startNsOf, wordAt } from '../ring-view.ts';
import { createSegment } from '../segment.ts';
import { isConsumerGone } from './ending.ts';
import { makePace } from './pace.ts';
import type { Role } from './role.ts';
import { makeWriter, runLimit, type WriteRun } from './writer.ts';

/** A slot is found by the distance from where the segment was entered, which must not pass 2^31. */
const FAR = 1 << 30;

/** Runs as `produce` does. Each segment is a ring; it is left when it is full, and used again when the reader has left it too. */
export function produceGrowing(role: Role): void {
  const { libc, view, setup, sync, beat } = role;
  const { words } = view;
  const { slots, strideBytes, batch, rate } = setup;
  const tailWord = wordAt(RING.tail);
  const blocks = new Blocks(role, slots * strideBytes, batch);
  const pace = rate > 0 ? makePace(libc, view, startNsOf(view), rate, setup.spinUs > 0) : undefined;
  let head = setup.first;
  let entry = setup.first;
  let tail = setup.first;
  let sent = 0;
  const freeSlots = () => slots - Math.min((head - tail) | 0, (head - entry) | 0);
  while (true) {
    const due = pace ? pace(sent, batch) : batch;
    let free = freeSlots();
    if (free < 1) {
      tail = Atomics.load(words, tailWord);
      free = freeSlots();
    }
    if (free < 1 && blocks.goOn(head)) {
      entry = head;
      free = slots;
    }
    if (free < 1) {
      Atomics.add(words, wordAt(GROWTH.waits), 1);
      tail = sync.waitSpace(head, 1);
      free = freeSlots();
    }
    if (free < 1 || due === 0) {
      if (!beat.now()) break;
      continue;
    }
    const at = (head - entry) | 0;
    if (at > FAR) entry = (entry + (at & ~(slots - 1)) - slots) | 0;
    const count = runLimit(head, contiguous(at, Math.min(free, due), slots));
    blocks.write(slotOf(at, slots), head, count);
    head = (head + count) | 0;
    sync.publish(head);
    sent += count;
    view.producer[COUNTER.messages] = sent;
    if (!beat.tick()) break;
  }
  // What nobody has attached would go with us, and the messages in it.
  while (!blocks.areAttached() && !isConsumerGone(view)) {
    sync.waitSpace(head, slots);
    if (process.ppid !== role.parentPid) break;
  }
  beat.now();
}

/** The segments, and the table that tells the reader in which to go on. */
class Blocks {
  readonly #role: Role;
  readonly #bytes: number;
  readonly #batch: number;
  readonly #writers: WriteRun[];
  #most: number;
  #now = 0;

  constructor(role: Role, bytes: number, batch: number) {
    this.#role = role;
    this.#bytes = bytes;
    this.#batch = batch;
    this.#writers = [makeWriter(role.view, role.setup, batch)];
    this.#most = readGrowthSetup(role.view).mostBlocks;
    Atomics.store(role.view.words, wordAt(GROWTH.producerPid), process.pid);
  }

  write(slot: number, sequence: number, count: number): void {
    this.#writers[this.#now](slot, sequence, count);
  }

  /** Leaves the segment at `head` for one that is free, or a new one; false when there may be no more. */
  goOn(head: number): boolean {
    const { words } = this.#role.view;
    const next = this.#free() ?? this.#add();
    if (next === undefined) return false;
    words[blockWord(next, BLOCK.entry)] = head;
    words[blockWord(this.#now, BLOCK.end)] = head;
    words[blockWord(this.#now, BLOCK.next)] = next;
    Atomics.store(words, blockWord(this.#now, BLOCK.left), 1);
    this.#now = next;
    return true;
  }

  areAttached(): boolean {
    const { words } = this.#role.view;
    return Atomics.load(words, wordAt(GROWTH.attached)) === this.#writers.length - 1;
  }

  /** One that both have left. */
  #free(): number | undefined {
    const { words } = this.#role.view;
    for (let n = 0; n < this.#writers.length; n++)
      if (n !== this.#now && Atomics.load(words, blockWord(n, BLOCK.left)) === 0) return n;
    return undefined;
  }

  /** What cannot be made is a bound too. */
  #add(): number | undefined {
    const { libc, view, setup } = this.#role;
    const n = this.#writers.length;
    if (n >= this.#most) return undefined;
    const segment = createSegment(libc, readGrowthSetup(view).backing, this.#bytes, n > 1);
    if (isProblem(segment)) {
      this.#most = n;
      return undefined;
    }
    const { handle } = segment;
    const { words } = view;
    words[blockWord(n, BLOCK.kind)] = BLOCK_KIND[handle.kind];
    words[blockWord(n, BLOCK.id)] = handle.kind === 'sysv' ? handle.shmid : handle.fd;
    this.#writers.push(makeWriter({ ...view, slots: new Uint8Array(segment.memory()) }, setup, this.#batch));
    Atomics.store(words, wordAt(GROWTH.added), n);
    return n;
  }
}
