// The thread that looks at the segment table: sleeps exactly, compares, sends what changed. Started by poll.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { Sleeper } from '../../native/sleep.ts';
import { Backlog } from '../thread/backlog.ts';
import { nameThread } from '../thread/thread-name.ts';
import { BUSY_MS, MOST_BUSY, MOST_UNREAD, type PollRole, planPace } from './poll-pace.ts';
import { type ChangesMessage, SlotChanges } from './slot-changes.ts';
import { Sweep } from './sweep.ts';

export interface PollStart {
  readonly role: PollRole;
  /** Word 0 becomes 1 (and is notified) when the thread shall end. */
  readonly stop: SharedArrayBuffer;
  /** Changes sent and not yet taken. */
  readonly backlog: SharedArrayBuffer;
}

/** What was found; the -errno for which it gave up; or for how long it did not look, since nobody took what it had found. */
export type PollMessage = ChangesMessage | { readonly failed: number } | { readonly blindMs: number };

const INDEX_MASK = 0x7fff;
/** A message wakes the other thread, which costs more than the look did: what was found waits for others that long. */
const TOGETHER_MS = 25;
/** A sleep of that length can be waited out when the thread shall end. */
const SHORT_MS = 5;
const BLIND_MS = 25;

function run({ role, stop, backlog }: PollStart, send: (message: PollMessage) => void): void {
  const libc = loadLibc();
  if (!isLibc(libc)) return;
  const flag = new Int32Array(stop);
  const sweep = new Sweep(libc);
  const sleeper = new Sleeper(libc);
  const busyUntil = new Map<number, number>();
  const changes = new SlotChanges();
  let sendMs = 0;
  /** `before`: how many had been found before this look. */
  const keepBusy = (before: number, nowMs: number) => {
    if (before === 0 && changes.count > 0) sendMs = nowMs + TOGETHER_MS;
    for (let at = before; at < changes.count; at++) busyUntil.set(changes.shmidAt(at) & INDEX_MASK, nowMs + BUSY_MS);
  };
  const unread = new Backlog(backlog, MOST_UNREAD);
  const tell = () => {
    unread.sent(changes.count);
    send(changes.take());
  };
  const flush = (nowMs: number, nextLookMs: number) => {
    if (changes.count === 0 || (nowMs < sendMs && nextLookMs < TOGETHER_MS)) return;
    tell();
  };
  let sweepMs = 0;
  let nextAllMs = 0;
  let blindSinceMs: number | undefined;
  let nextMs = performance.now();
  while (Atomics.load(flag, 0) === 0) {
    const startedMs = performance.now();
    if (unread.isFull) {
      blindSinceMs ??= startedMs;
      Atomics.wait(flag, 0, 0, BLIND_MS);
      continue;
    }
    if (blindSinceMs !== undefined) send({ blindMs: startedMs - blindSinceMs });
    blindSinceMs = undefined;
    const before = changes.count;
    const { allMs, busyMs } = planPace(role, sweep.count, sweepMs);
    if (startedMs >= nextAllMs) {
      const failed = sweep.all(changes);
      if (failed < 0) {
        send({ failed });
        return;
      }
      const tookMs = performance.now() - startedMs;
      sweepMs = sweepMs === 0 ? tookMs : sweepMs * 0.8 + tookMs * 0.2;
      nextAllMs = startedMs + allMs - 0.05;
    } else if (busyMs !== undefined) {
      for (const [index, untilMs] of busyUntil) if (untilMs < startedMs) busyUntil.delete(index);
      if (busyUntil.size <= MOST_BUSY) sweep.some(busyUntil.keys(), changes);
    }
    keepBusy(before, startedMs);
    const isBusy = busyMs !== undefined && busyUntil.size > 0 && busyUntil.size <= MOST_BUSY;
    // Kept to a grid, so that a late look does not delay the next; after a longer delay the grid starts anew.
    const stepMs = isBusy ? busyMs : allMs;
    flush(startedMs, stepMs);
    nextMs = Math.max(nextMs + stepMs, startedMs + stepMs / 2);
    const sleepMs = nextMs - performance.now();
    if (sleepMs > SHORT_MS) Atomics.wait(flag, 0, 0, sleepMs);
    else if (sleepMs > 0) sleeper.sleep(sleepMs);
  }
}

const port = parentPort;
if (port) {
  nameThread('shmtop-poll');
  const start: PollStart = workerData;
  run(start, (message) => port.postMessage(message));
  port.close();
}
