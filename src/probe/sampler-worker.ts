// The thread that observes: runs the Sampler at an interval, sends what changed, answers questions about single objects.
import { parentPort, workerData } from 'node:worker_threads';
import { diffObjects } from './model/delta.ts';
import type { HostMemory } from './model/host-memory.ts';
import type { ShmObject } from './model/object.ts';
import { Sampler } from './sampler.ts';
import { peekContent } from './source/content.ts';
import { readHostMemory, readShmemBytes } from './source/host-memory.ts';
import { readProcessShare } from './source/process-share.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

/** Objects a message: about 5 ms of work for the thread that receives it. */
const OBJECTS_A_MESSAGE = 1000;
const MEMORY_EVERY_MS = 5000;
/** A sample may take at most this share of the time; a slower machine is sampled less often. */
const MOST_BUSY_SHARE = 0.25;

if (parentPort) serve(parentPort, workerData);

function serve(port: NonNullable<typeof parentPort>, settings: WorkerSettings): void {
  const procRoot = settings.procRoot ?? '/proc';
  const sampler = new Sampler(settings);
  let intervalMs = settings.intervalMs;
  const known = new Map<string, ShmObject>();
  let last: readonly ShmObject[] = [];
  let isFresh = true;
  let memory: HostMemory | undefined;
  let memoryReadMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = (message: FromWorker) => port.postMessage(message);

  const tick = () => {
    const startedMs = performance.now();
    const { objects, ...head } = sampler.sample();
    const { changed, removed } = diffObjects(known, objects, last);
    for (const object of changed) known.set(object.id, object);
    for (const id of removed) known.delete(id);
    last = objects;
    const sampleMs = performance.now() - startedMs;
    if (memory) memory = { ...memory, shmemBytes: readShmemBytes(procRoot) };
    for (let from = 0; from === 0 || from < changed.length; from += OBJECTS_A_MESSAGE) {
      const isPart = from + OBJECTS_A_MESSAGE < changed.length;
      const part = changed.slice(from, from + OBJECTS_A_MESSAGE);
      send({ type: 'tick', head, memory, changed: part, removed: isPart ? [] : removed, sampleMs, isPart, isFresh });
      isFresh = false;
    }
    timer = setTimeout(tick, Math.max(20, intervalMs - sampleMs, sampleMs / MOST_BUSY_SHARE - sampleMs));
    if (startedMs - memoryReadMs > MEMORY_EVERY_MS || memoryReadMs === 0) {
      memoryReadMs = startedMs;
      void readHostMemory(procRoot).then((read) => {
        const isFirst = memory === undefined;
        memory = read;
        if (isFirst && read)
          send({ type: 'tick', head, memory, changed: [], removed: [], sampleMs, isPart: false, isFresh });
      });
    }
  };

  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'interval':
        intervalMs = message.intervalMs;
        break;
      case 'sample':
        break;
      case 'peek': {
        const object = known.get(message.id);
        const { id, offset } = message;
        const peek = object
          ? peekContent(object, offset, message.length, procRoot)
          : { refused: 'the object is no longer there' };
        send({ type: 'peek', id, offset, peek: 'bytes' in peek ? { ...peek, bytes: peek.bytes.slice() } : peek });
        return;
      }
      case 'share':
        send({ type: 'share', share: readProcessShare(message.pid, procRoot) });
        return;
    }
    clearTimeout(timer);
    timer = setTimeout(tick, 0);
  });
  tick();
}
