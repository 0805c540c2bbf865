// The worker processes of one run, their segment and whatever else they share: made together, and always taken down together.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errnoName } from '../native/errno.ts';
import { eventfdSemaphore } from '../native/eventfd.ts';
import { close } from '../native/file.ts';
import { futexWake } from '../native/futex.ts';
import type { Libc } from '../native/libc.ts';
import { allowedCpus } from '../native/sched.ts';
import { openChannel } from './channel.ts';
import { monotonicNs } from './clock.ts';
import type { WorkerInfo } from './meter.ts';
import type { LoadPlan } from './plan.ts';
import { isProblem, type LoadProblem, problem } from './problem.ts';
import { CONTROL, HEADER, PHASE, RING } from './ring.ts';
import { type RingView, viewRing, wordAt, writeHeader } from './ring-view.ts';
import { createSegment, type Segment } from './segment.ts';
import { initialiseSem } from './sync/sem.ts';
import { createSet, removeSet } from './sync/semop.ts';
import type { SyncDescriptors } from './sync/sync.ts';
import { formatWorkerArguments } from './worker-arguments.ts';

const READY_MS = 10_000;
const READY_MS_A_PAIR = 1_000;
const STOP_MS = 5_000;
/** Workers end by themselves so long after the time that was planned, whatever happens to us. */
const DEADLINE_MARGIN_SEC = 60;
const SEGMENT_FD = 3;
const FIRST_EXTRA_FD = 4;

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
  const fds: number[] = [];
  const children: ChildProcess[] = [];
  let views = Array.from({ length: plan.rings }, (_, i) => {
    return viewRing(segment.memory(), segment.address, i, plan.geometry.ringBytes);
  });
  let semaphoreSet = -1;
  let accident: LoadProblem | undefined;
  let isStopping = false;

  const giveBack = () => {
    views = [];
    segment.release();
    for (const fd of fds.splice(0)) close(libc, fd);
    if (semaphoreSet >= 0) removeSet(libc, semaphoreSet);
    semaphoreSet = -1;
  };
  const refuse = (message: string) => {
    for (const child of children) child.kill('SIGKILL');
    giveBack();
    return problem('refused', message);
  };

  if (plan.transport === 'shm' && plan.sync === 'semop') {
    semaphoreSet = createSet(libc, plan.rings, plan.geometry.slots, process.pid);
    if (semaphoreSet < 0) {
      const errno = errnoName(semaphoreSet);
      return refuse(`Cannot make a semaphore set: ${errno} (see /proc/sys/kernel/sem). Use --sync futex.`);
    }
  }
  const cpus = plan.pin ? allowedCpus(libc) : [];
  const cpuOf = (worker: number) => (cpus.length > 1 ? cpus[worker % cpus.length] : undefined);
  const createdNs = monotonicNs();
  const seconds = plan.durationSec + plan.warmUpSec + DEADLINE_MARGIN_SEC;
  for (const [ring, view] of views.entries()) {
    const pair = plan.job === 'duplex' ? 0 : ring;
    if (plan.sync === 'sem') initialiseSem(libc, view, plan.geometry.slots);
    writeHeader(view, plan, {
      pair: ring,
      seed: 0x5eed0001 + ring,
      creatorPid: process.pid,
      semaphoreSet: Math.max(0, semaphoreSet),
      producerCpu: cpuOf(pair * 2),
      consumerCpu: cpuOf(pair * 2 + 1),
      createdNs,
      deadlineNs: createdNs + seconds * 1e9,
    });
  }
  const syncFds: SyncDescriptors[] = [];
  if (plan.transport === 'shm' && plan.sync === 'eventfd') {
    for (let ring = 0; ring < plan.rings; ring++) {
      const filledFd = eventfdSemaphore(libc, 0);
      if (filledFd >= 0) fds.push(filledFd);
      const emptyFd = eventfdSemaphore(libc, plan.geometry.slots);
      if (emptyFd >= 0) fds.push(emptyFd);
      if (filledFd < 0 || emptyFd < 0)
        return refuse(`Cannot make an eventfd: ${errnoName(Math.min(filledFd, emptyFd))}.`);
      syncFds.push({ filledFd, emptyFd });
    }
  }

  const workers: WorkerInfo[] = [];
  for (let pair = 0; pair < plan.pairs; pair++) {
    const channel = plan.transport === 'shm' ? undefined : openChannel(libc, plan.transport);
    if (typeof channel === 'number') return refuse(`Cannot open ${plan.transport}: ${errnoName(channel)}.`);
    for (const role of ['producer', 'consumer'] as const) {
      const dataFd = channel && (role === 'producer' ? channel.writeFd : channel.readFd);
      const child = startWorker(plan, segment, role, pair, dataFd, syncFds);
      children.push(child);
      const cpu = cpuOf(pair * 2 + (role === 'producer' ? 0 : 1));
      workers.push({ role, pair, pid: child.pid ?? 0, ...(cpu === undefined ? {} : { cpu }) });
      watch(child, role, (message) => {
        if (isStopping) return;
        accident ??= problem('failed', message);
        tell(CONTROL.stop);
      });
    }
    // Ours are copies: each end must be held by its worker alone, so that the other sees when it is gone.
    if (channel) for (const fd of new Set([channel.readFd, channel.writeFd])) close(libc, fd);
  }

  const tell = (control: number) => {
    for (const view of views) {
      if (control === CONTROL.warmUp) view.header.setFloat64(HEADER.startNs, monotonicNs(), true);
      Atomics.store(view.words, wordAt(RING.control), control);
      futexWake(libc, view.address + RING.control, 2);
    }
  };
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
      giveBack();
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

/** dist/load-worker.js beside the bundle or one up from its chunks; the source itself when that is what runs (tests). */
function workerPath(): string {
  if (import.meta.url.endsWith('.ts')) return fileURLToPath(new URL('./worker/main.ts', import.meta.url));
  const besides = fileURLToPath(new URL('./load-worker.js', import.meta.url));
  return existsSync(besides) ? besides : fileURLToPath(new URL('../load-worker.js', import.meta.url));
}

function startWorker(
  plan: LoadPlan,
  segment: Segment,
  role: 'producer' | 'consumer',
  pair: number,
  dataFd: number | undefined,
  syncFds: readonly SyncDescriptors[],
): ChildProcess {
  const rings = plan.job === 'duplex' ? [0, 1] : [pair];
  const stdio: (number | 'ignore' | 'pipe')[] = ['ignore', 'ignore', 'pipe'];
  stdio.push(segment.handle.kind === 'fd' ? segment.handle.fd : 'ignore');
  let data: number | undefined;
  if (dataFd !== undefined && plan.transport === 'stdio') {
    data = role === 'producer' ? 1 : 0;
    stdio[data] = dataFd;
  } else if (dataFd !== undefined) {
    data = stdio.push(dataFd) - 1;
  }
  const inherited: SyncDescriptors[] = [];
  for (const ring of syncFds.length > 0 ? rings : []) {
    const at = FIRST_EXTRA_FD + inherited.length * 2;
    stdio.push(syncFds[ring].filledFd, syncFds[ring].emptyFd);
    inherited.push({ filledFd: at, emptyFd: at + 1 });
  }
  const words = formatWorkerArguments({
    role,
    parentPid: process.pid,
    handle: segment.handle.kind === 'fd' ? { kind: 'fd', fd: SEGMENT_FD } : segment.handle,
    segmentBytes: plan.segmentBytes,
    ringBytes: plan.geometry.ringBytes,
    rings,
    ...(data === undefined ? {} : { dataFd: data }),
    ...(inherited.length > 0 ? { syncFds: inherited } : {}),
  });
  // Options meant for us (an inspector, loaders, coverage) would slow or break the workers.
  const env = { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '' };
  return spawn(process.execPath, [...NODE_FLAGS, workerPath(), ...words], { stdio, env });
}

const NODE_FLAGS = ['--no-warnings'];

/** Calls `onEarlyEnd` with words when a worker ends, or cannot be started. */
function watch(child: ChildProcess, role: string, onEarlyEnd: (message: string) => void): void {
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2000);
  });
  child.once('error', (cause) => onEarlyEnd(`Cannot start the ${role}: ${cause.message}.`));
  child.once('exit', (code, signal) => {
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
    const why = lastWords.trim().split('\n')[0];
    onEarlyEnd(`The ${role} (pid ${child.pid}) ${how}${why ? `: ${why}` : ''}. The other workers were stopped.`);
  });
}
