// The thread that observes: runs the Sampler at an interval, sends what changed, answers questions about single objects.
import { parentPort, workerData } from 'node:worker_threads';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { trimHeap } from '../../native/malloc.ts';
import { untilBeat } from '../live/beat.ts';
import { Sampler } from '../look/sampler.ts';
import { MOST_OBJECTS } from '../model/assemble/ceiling.ts';
import { diffObjects } from '../model/delta.ts';
import type { HostMemory } from '../model/host-memory.ts';
import type { ShmObject } from '../model/object.ts';
import { peekContent } from '../source/content.ts';
import { readHostMemory, readShmemBytes } from '../source/host-memory.ts';
import { becomeCareful, showStallsIn } from '../territory/patience/patience.ts';
import { Backlog, newBacklog } from './backlog.ts';
import { LiveFeed } from './live-feed.ts';
import { nameThread } from './thread-name.ts';
import { TickSender } from './tick-parts.ts';
import { type FromWorker, MOST_UNREAD, type ToWorker, type WorkerSettings } from './worker-protocol.ts';

const MEMORY_EVERY_MS = 5000;
/** A sample may take at most this share of the time; a slower machine is sampled less often. */
const MOST_BUSY_SHARE = 0.25;
/** What the start has freed is given back then, and what has come together since each time after. */
const TRIM_EVERY_MS = 60_000;
const FIRST_TRIM_MS = 3000;
/** The second sample comes that soon: live events begin with it, and the first frame does not wait for them. */
const LIVE_AFTER_MS = 250;

if (parentPort) {
  nameThread('shmtop-sampler');
  serve(parentPort, workerData);
}

function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const procRoot = settings.procRoot ?? '/proc';
  if (settings.stall) showStallsIn(settings.stall);
  if (settings.isCareful) becomeCareful();
  const sampler = new Sampler({ mostObjects: MOST_OBJECTS, ...settings });
  let intervalMs = settings.intervalMs;
  const known = new Map<string, ShmObject>();
  let last: readonly ShmObject[] = [];
  let isFresh = true;
  let memory: HostMemory | undefined;
  let memoryReadMs = 0;
  let pageBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let isHeld = false;
  /** Questions that came while it stood still. */
  let waiting: ToWorker[] = [];
  const unread = new Backlog(settings.backlog ?? newBacklog(), settings.backlog ? MOST_UNREAD : Infinity);
  const send = (message: FromWorker) => {
    unread.sent();
    port.postMessage(message);
  };
  const live = new LiveFeed({
    ...settings,
    sample: () => sampler.sample(),
    note: (event) => sampler.note(event),
    send,
    isBehind: () => unread.isFull,
  });
  /** Somebody wants a sample at once, while the last one is still being sent. */
  let isAskedFor = false;
  const sender = new TickSender((tick) => send({ type: 'tick', ...tick }));
  let take: 'first' | 'start' | 'sample' = 'first';
  const sample = () => {
    switch (take) {
      case 'first':
        take = 'start';
        return sampler.sample();
      case 'start':
        take = 'sample';
        return live.start();
      case 'sample':
        return live.sample();
    }
  };

  const tick = () => {
    // The dashboard stands still (its terminal takes nothing): more of the same would only pile up.
    if (unread.isFull) {
      timer = setTimeout(tick, intervalMs);
      return;
    }
    const startedMs = performance.now();
    const { objects, ...head } = sample();
    pageBytes = head.limits.pageSizeBytes;
    const { changed, removed } = diffObjects(known, objects, last);
    for (const object of changed) known.set(object.id, object);
    for (const id of removed) known.delete(id);
    last = objects;
    // Of a crowd nobody knows here what went and what only gave way to others.
    const unlisted = head.leftOut && removed;
    const sampleMs = performance.now() - startedMs;
    if (memory) memory = { ...memory, shmemBytes: readShmemBytes(procRoot) };
    const events = live.takeEvents();
    sender.start({ head, memory, changed, removed, sampleMs, isFresh, events, unlisted }, () => {
      const restMs = take === 'start' ? LIVE_AFTER_MS : untilBeat(intervalMs);
      const pauseMs = Math.max(20, restMs, sampleMs / MOST_BUSY_SHARE - (performance.now() - startedMs));
      sentAll(isAskedFor ? 0 : pauseMs);
    });
    isFresh = false;
    if (startedMs - memoryReadMs > MEMORY_EVERY_MS || memoryReadMs === 0) {
      memoryReadMs = startedMs;
      void readHostMemory(procRoot).then((read) => {
        const isFirst = memory === undefined;
        memory = read;
        if (isFirst && read && !sender.isSending) {
          const nothing = { changed: [], removed: [], events: [] };
          send({ type: 'tick', head, memory, sampleMs, isPart: false, isFresh, ...nothing });
        }
      });
    }
  };

  /** The tick is out: the next one in a while, if nobody holds us. */
  const sentAll = (pauseMs: number) => {
    isAskedFor = false;
    clearTimeout(timer);
    if (!isHeld) timer = setTimeout(tick, pauseMs);
  };

  const libc = loadLibc();
  if (isLibc(libc)) {
    setTimeout(() => trimHeap(libc), FIRST_TRIM_MS);
    setInterval(() => trimHeap(libc), TRIM_EVERY_MS);
  }
  const receive = (message: ToWorker) => {
    if (message.type === 'next-part') {
      sender.next();
      return;
    }
    if (isHeld && message.type !== 'release') {
      if (message.type === 'hold') send({ type: 'held' });
      else waiting.push(message);
      return;
    }
    switch (message.type) {
      case 'interval':
        intervalMs = message.intervalMs;
        break;
      case 'sample':
        break;
      case 'hold':
        // Ticks are synchronous: none is under way when a message arrives.
        clearTimeout(timer);
        isHeld = true;
        send({ type: 'held' });
        return;
      case 'release': {
        const asked = waiting;
        waiting = [];
        isHeld = false;
        for (const question of asked) receive(question);
        break;
      }
      case 'peek': {
        const object = known.get(message.id);
        const { id, offset } = message;
        const peek = object
          ? peekContent(object, offset, message.length, procRoot)
          : { refused: 'the object is no longer there' };
        send({ type: 'peek', id, offset, peek: 'bytes' in peek ? { ...peek, bytes: peek.bytes.slice() } : peek });
        return;
      }
      case 'watch':
        live.watch(message.isWatched);
        return;
      case 'residents': {
        const object = known.get(message.id);
        if (object && pageBytes) send({ type: 'residents', residents: sampler.residents(object, pageBytes) });
        return;
      }
      case 'share':
        send({ type: 'share', share: sampler.share(message.pid) });
        return;
    }
    if (sender.isSending) isAskedFor = true;
    else sentAll(0);
  };
  port.on('message', receive);
  tick();
}
