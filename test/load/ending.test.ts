// The end of a run, at every moment: a reader may stand still between any two looks that it takes, and the last messages are sent, the
// producer ends and the parent says stop meanwhile. Whatever the moment, it takes what was sent.
import { describe, expect, it, vi } from 'vitest';
import { openQueue, producerDoor } from '../../src/load/many/queue.ts';
import { sharedRing } from '../../src/load/many/shared.ts';
import { MANY, TRAILER } from '../../src/load/model/many.ts';
import { POOL } from '../../src/load/model/pool.ts';
import { CONTROL, COUNTER, PHASE, RING, RING_HEADER_BYTES } from '../../src/load/model/ring.ts';
import type { LoadPlan } from '../../src/load/plan.ts';
import { type RingSetup, type RingView, readHeader, viewRing, wordAt, writeHeader } from '../../src/load/ring-view.ts';
import type { Sync } from '../../src/load/sync/sync.ts';
import type { Beat } from '../../src/load/worker/beat.ts';
import { consume } from '../../src/load/worker/consumer.ts';
import { isProducerGone } from '../../src/load/worker/ending.ts';
import { consumeGrowing } from '../../src/load/worker/growing-consumer.ts';
import { takeFromMany } from '../../src/load/worker/many.ts';
import { borrow } from '../../src/load/worker/pool.ts';
import { receiveMessages } from '../../src/load/worker/port-loops.ts';
import { queuePort } from '../../src/load/worker/queue.ts';
import type { Role } from '../../src/load/worker/role.ts';
import { directWriter, makeWriter } from '../../src/load/worker/writer.ts';
import { ETIMEDOUT } from '../../src/native/errno.ts';
import type { Libc } from '../../src/native/libc.ts';
import { libc, shortPlan } from './support.ts';

const SENT = 3;
const SLOTS = 8;

interface Stage {
  readonly plan: LoadPlan;
  readonly view: RingView;
  readonly setup: RingSetup;
  readonly memory: ArrayBuffer;
  readonly beat: Beat;
  /** Whatever the reader asks of the kernel comes here. */
  readonly kernel: Libc;
  /** How many messages lie in the queue of the kernel. */
  queued: number;
}

/** How the producer of a kind of reader sends its last messages, and the reader. */
interface Kind {
  /** More than it takes in one turn that finds nothing. */
  readonly looks: number;
  readonly options: Parameters<typeof shortPlan>[0];
  readonly send: (stage: Stage) => void;
  readonly read: (stage: Stage) => void;
}

const store = ({ words }: RingView, offset: number, value: number) => {
  words[wordAt(offset)] = value;
};
const syncOf = ({ words }: RingView): Sync => ({
  waitData: () => Atomics.load(words, wordAt(RING.head)),
  waitSpace: () => Atomics.load(words, wordAt(RING.tail)),
  publish: (head) => Atomics.store(words, wordAt(RING.head), head),
  release: (tail) => Atomics.store(words, wordAt(RING.tail), tail),
  counts: { waits: 0, stallNs: 0, sleeps: 0, wakes: 0 },
  isPerMessage: false,
});
const roleOf = ({ view, setup, beat, kernel }: Stage): Role => ({
  view,
  setup,
  beat,
  sync: syncOf(view),
  libc: kernel,
  parentPid: process.pid,
});
const placesOf = ({ view, setup, memory, plan }: Stage) => ({
  ring: view,
  slots: new Uint8Array(memory, plan.many?.slotsAt, setup.slots * setup.strideBytes),
  slotCount: setup.slots,
  strideBytes: setup.strideBytes,
});

const sendInRing = ({ view, setup }: Stage) => {
  makeWriter(view, setup, SENT)(0, 0, SENT);
  store(view, RING.head, SENT);
};
const KINDS: Record<string, Kind> = {
  ring: { looks: 11, options: {}, send: sendInRing, read: (stage) => consume(roleOf(stage)) },
  'ring, read in place': {
    looks: 11,
    options: { api: 'view' },
    send: sendInRing,
    read: (stage) => consume(roleOf(stage)),
  },
  'ring that grows': {
    looks: 11,
    options: { buffer: 'unbounded' },
    send: sendInRing,
    read: (stage) => consumeGrowing(roleOf(stage)),
  },
  pool: {
    looks: 11,
    options: { api: 'pool' },
    send: ({ view, setup }) => {
      const published = new Int32Array(view.words.buffer, view.words.byteOffset + POOL.published, SENT);
      const write = makeWriter(view, setup, 1);
      for (let n = 0; n < SENT; n++) {
        write(n, n, 1);
        published[n] = n;
      }
      store(view, RING.head, SENT);
    },
    read: (stage) => borrow(roleOf(stage)),
  },
  'ring of many': {
    looks: 90,
    options: { producers: 1, consumers: 1 },
    send: (stage) => {
      const places = placesOf(stage);
      const door = producerDoor(places);
      door.claim(SENT);
      directWriter(places, stage.setup)(0, 0, SENT);
      const words = new Int32Array(places.slots.buffer, places.slots.byteOffset);
      for (let n = 0; n < SENT; n++) words[((n + 1) * places.strideBytes - TRAILER.number) >> 2] = n;
      door.pass(0, SENT);
    },
    read: (stage) => {
      const { kernel, memory, view, setup, beat } = stage;
      const shared = sharedRing(memory, 0, view, setup);
      if (!shared) throw new Error('not shared');
      takeFromMany({ libc: kernel, shared, own: view, setup, beatOf: () => beat });
    },
  },
  'POSIX message queue': {
    looks: 11,
    options: { transport: 'posix-mq', verify: 'off' },
    send: (stage) => {
      stage.queued = SENT;
    },
    read: ({ kernel, view, setup, beat }) => {
      const side = { view, beat, isSenderGone: () => isProducerGone(view) };
      receiveMessages({ view, setup, beat }, queuePort(kernel, 'posix-mq', setup.sizeBytes, { receive: 'any' }, side));
    },
  },
};

/** Runs a reader in a world that moves on by `moves[n]` before its look number n; how many messages it took, and how often it looked. */
function runReader({ options, read }: Kind, moves: (stage: Stage, look: number) => void) {
  const planned = shortPlan({ sizeBytes: 64, spinUs: 0, ...options });
  const plan = { ...planned, geometry: { ...planned.geometry, slots: SLOTS } };
  const memory = new ArrayBuffer(RING_HEADER_BYTES + SLOTS * plan.geometry.strideBytes);
  const view = viewRing(memory, 0, 0, memory.byteLength);
  const identity = { pair: 0, seed: 1, creatorPid: process.pid, semaphoreSet: 0, createdNs: 0, deadlineNs: Infinity };
  writeHeader(view, plan, { ...identity, producerCpu: undefined, consumerCpu: undefined });
  const setup = readHeader(view, process.pid);
  if (!setup) throw new Error('no ring');
  store(view, RING.control, CONTROL.run);
  let looks = 0;
  let isMoving = false;
  const look = () => {
    if (isMoving) return;
    isMoving = true;
    moves(stage, looks++);
    isMoving = false;
  };
  const isToldToStop = () => view.words[wordAt(RING.control)] === CONTROL.stop;
  const goesOn = () => {
    look();
    return !isToldToStop();
  };
  const real = libc();
  const syscall = (number: unknown) => {
    look();
    if (number !== real.numbers.mq_timedreceive) return number === real.numbers.mq_open ? 3 : -ETIMEDOUT;
    return stage.queued-- > 0 ? setup.sizeBytes : -ETIMEDOUT;
  };
  const kernel = { ...real, path: () => 0, result: (value: number) => value, raw: { ...real.raw, syscall } };
  const beat = { tick: goesOn, now: goesOn };
  const stage: Stage = { plan, view, setup, memory, beat, kernel, queued: 0 };
  if (plan.many) {
    store(view, MANY.producers, 1);
    store(view, MANY.consumers, 1);
    openQueue(placesOf(stage));
  }
  const load: (words: Int32Array, at: number) => number = Atomics.load.bind(Atomics);
  const looking = (words: Int32Array, at: number) => {
    look();
    return load(words, at);
  };
  const spy = vi.spyOn(Atomics, 'load').mockImplementation(looking as typeof Atomics.load);
  try {
    read(stage);
  } finally {
    spy.mockRestore();
  }
  return { taken: view.consumer[COUNTER.messages], looks };
}

describe('a reader at the end of a run', () => {
  it.each(Object.entries(KINDS))('takes the last messages whenever they come: %s', (_, kind) => {
    const lost: string[] = [];
    let fewest = Infinity;
    for (let early = 0; early < kind.looks; early++) {
      for (let late = early; late < kind.looks; late += early === late ? 1 : 7) {
        for (const sendsEarly of [true, false]) {
          const { taken, looks } = runReader(kind, (stage, look) => {
            if (look === early) store(stage.view, RING.control, CONTROL.stop);
            if (look === (sendsEarly ? early : late)) kind.send(stage);
            if (look === late) store(stage.view, RING.producerPhase, PHASE.done);
          });
          fewest = Math.min(fewest, looks);
          if (taken !== SENT) lost.push(`${taken} of ${SENT}: stop at ${early}, end at ${late}, sent ${sendsEarly}`);
        }
      }
    }
    expect(lost).toEqual([]);
    expect(fewest).toBeGreaterThan(1);
  });
});
