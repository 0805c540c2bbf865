// The worker processes of one run, their segment and whatever else they share: made together, and always taken down together.
import type { ChildProcess } from 'node:child_process';
import { errorMessage } from '../fault/thrown.ts';
import { errnoName } from '../native/errno.ts';
import { close } from '../native/file.ts';
import { futexWake } from '../native/futex.ts';
import type { Libc } from '../native/libc.ts';
import { allowedCpus } from '../native/sched.ts';
import { openChannel } from './channel.ts';
import { monotonicNs } from './clock.ts';
import type { WorkerInfo } from './model/meter.ts';
import { isProblem, type LoadProblem, problem } from './model/problem.ts';
import { CONTROL, HEADER, PHASE, RING } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';
import { type RingView, viewRing, wordAt, writeHeader } from './ring-view.ts';
import { createSegment, type Segment } from './segment.ts';
import { startWorker, watchWorker } from './spawn-worker.ts';
import { shareSync } from './sync/shared.ts';

const READY_MS = 10_000;
const READY_MS_A_PAIR = 1_000;
const STOP_MS = 5_000;
/** Workers end by themselves so long after the time that was planned, whatever happens to us. */
const DEADLINE_MARGIN_SEC = 60;

export interface Crew {
  readonly segment: Pick<Segment, 'name' | 'lengthBytes'>;
  readonly workers: readonly WorkerInfo[];
  /** The rings; empty after `close`. Do not keep them: the memory goes with `close`. */
  readonly views: () => readonly RingView[];
  /** Tells all workers (one of CONTROL), and wakes who sleeps. */
  readonly tell: (control: number) => void;
  /** What went wrong with a worker that ended too early; undefined so long as none did. */
  readonly accident: () => LoadProblem | undefined;
  /** Resolves when every worker has told that it is ready, or with what stood in the way. */
  readonly ready: () => Promise<LoadProblem | undefined>;
  /** Stops the workers and resolves when all are gone; kills who does not come in five seconds. */
  readonly stop: () => Promise<void>;
  /** Kills what still runs and gives everything back. Safe to call twice, at any time. */
  readonly close: () => Promise<void>;
}

/**
 * Makes the segment and starts two processes a pair. Call it on the main thread only: the kernel ends the workers when the
 * thread that started them ends.
 */
export function startCrew(libc: Libc, plan: LoadPlan): Crew | LoadProblem {
  const segment = createSegment(libc, plan.backing, plan.segmentBytes);
  if (isProblem(segment)) return segment;
  const children: ChildProcess[] = [];
  let views = Array.from({ length: plan.rings }, (_, i) => {
    return viewRing(segment.memory(), segment.address, i, plan.geometry.ringBytes);
  });
  let accident: LoadProblem | undefined;
  let isStopping = false;

  const refuse = (why: LoadProblem) => {
    views = [];
    segment.release();
    return why;
  };

  const shared = shareSync(libc, plan, views);
  if (isProblem(shared)) return refuse(shared);
  const cpus = plan.pin ? allowedCpus(libc) : [];
  const cpuOf = (worker: number) => (cpus.length > 1 ? cpus[worker % cpus.length] : undefined);
  const createdNs = monotonicNs();
  const seconds = plan.durationSec + plan.warmUpSec + DEADLINE_MARGIN_SEC;
  for (const [ring, view] of views.entries()) {
    const pair = plan.job === 'duplex' ? 0 : ring;
    writeHeader(view, plan, {
      pair: ring,
      seed: 0x5eed0001 + ring,
      creatorPid: process.pid,
      semaphoreSet: shared.semaphoreSet,
      producerCpu: cpuOf(pair * 2),
      consumerCpu: cpuOf(pair * 2 + 1),
      createdNs,
      deadlineNs: createdNs + seconds * 1e9,
    });
  }

  const tell = (control: number) => {
    for (const view of views) {
      if (control === CONTROL.warmUp) view.header.setFloat64(HEADER.startNs, monotonicNs(), true);
      Atomics.store(view.words, wordAt(RING.control), control);
      futexWake(libc, view.address + RING.control, 2);
    }
  };
  const fail = (message: string) => {
    if (isStopping) return;
    accident ??= problem('failed', message);
    tell(CONTROL.stop);
  };
  /** A worker that was killed could not say that no more comes from it: who waits for its last word would wait in vain. */
  const tellGone = (role: 'producer' | 'consumer', pair: number) => {
    const phase = wordAt(role === 'producer' ? RING.producerPhase : RING.consumerPhase);
    for (const { words } of plan.job === 'duplex' ? views : views.slice(pair, pair + 1)) {
      if (Atomics.load(words, phase) < PHASE.done) Atomics.store(words, phase, PHASE.done);
    }
  };
  const workers: WorkerInfo[] = [];
  for (let pair = 0; pair < plan.pairs; pair++) {
    const channel = plan.transport === 'shm' ? undefined : openChannel(libc, plan.transport);
    if (typeof channel === 'number') {
      fail(`Cannot open ${plan.transport}: ${errnoName(channel)}.`);
      break;
    }
    for (const role of ['producer', 'consumer'] as const) {
      const dataFd = channel && (role === 'producer' ? channel.writeFd : channel.readFd);
      const cpu = cpuOf(pair * 2 + (role === 'producer' ? 0 : 1));
      try {
        const child = startWorker(plan, segment, role, pair, dataFd, shared.descriptors);
        children.push(child);
        workers.push({ role, pair, pid: child.pid ?? 0, ...(cpu === undefined ? {} : { cpu }) });
        watchWorker(child, role, fail);
        child.once('exit', () => tellGone(role, pair));
      } catch (cause) {
        fail(`Cannot start the ${role}: ${errorMessage(cause)}.`);
      }
    }
    // Ours are copies: each end must be held by its worker alone, so that the other sees when it is gone.
    if (channel) for (const fd of new Set([channel.readFd, channel.writeFd])) close(libc, fd);
  }

  const isGone = (child: ChildProcess) =>
    child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  const gone = (child: ChildProcess) =>
    isGone(child) ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    isStopping = true;
    tell(CONTROL.stop);
    const timer = setTimeout(() => {
      accident ??= problem('failed', `The workers did not end within ${STOP_MS / 1000} s and were killed.`);
      for (const child of children) child.kill('SIGKILL');
    }, STOP_MS);
    await Promise.all(children.map(gone));
    clearTimeout(timer);
  };
  return {
    segment,
    workers,
    views: () => views,
    tell,
    accident: () => accident,
    ready: () =>
      waitUntilReady(
        () => views,
        plan,
        () => accident,
      ),
    stop,
    close: async () => {
      isStopping = true;
      for (const child of children) if (!isGone(child)) child.kill('SIGKILL');
      await Promise.all(children.map(gone));
      views = [];
      segment.release();
      shared.release();
    },
  };
}

async function waitUntilReady(
  views: () => readonly RingView[],
  plan: LoadPlan,
  accident: () => LoadProblem | undefined,
): Promise<LoadProblem | undefined> {
  const untilNs = monotonicNs() + (READY_MS + plan.pairs * READY_MS_A_PAIR) * 1e6;
  const used = plan.job === 'duplex' ? 1 : plan.rings;
  const isReady = ({ words }: RingView) =>
    Atomics.load(words, wordAt(RING.producerPhase)) === PHASE.ready &&
    Atomics.load(words, wordAt(RING.consumerPhase)) === PHASE.ready;
  while (!accident()) {
    const rings = views().slice(0, used);
    if (rings.length === 0) return problem('failed', 'The load was stopped before it began.');
    if (rings.every(isReady)) return undefined;
    if (monotonicNs() > untilNs)
      return problem('failed', 'The workers did not start in time; the machine may be too busy.');
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  return accident();
}
