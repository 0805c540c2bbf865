// The dashboard's end of the observing thread: starts it, starts it again when it dies, and passes messages on.
import { type ResourceLimits, Worker } from 'node:worker_threads';
import { errorCode, errorMessage } from '../../fault/thrown.ts';
import { MOST_OBJECTS } from '../model/assemble/ceiling.ts';
import { StallWatch } from '../territory/patience/stall-watch.ts';
import { Backlog, newBacklog } from './backlog.ts';
import { TickGatherer } from './tick-parts.ts';
import { threadProgram } from './worker-file.ts';
import {
  type FromWorker,
  MOST_UNREAD,
  type ReplayStart,
  type ToWorker,
  type WorkerSettings,
} from './worker-protocol.ts';

/** What the thread says to others than this file. */
export type SamplerMessage = Exclude<FromWorker, { type: 'held' | 'ended' }>;

export interface Death {
  readonly reason: string;
  readonly againInMs: number;
  /** How often it died without having lived long in between, this time included. */
  readonly times: number;
  /** Set when it ran out of memory: how many objects it will keep from now on. */
  readonly mostObjects?: number;
}

export interface SamplerListener {
  readonly onMessage: (message: SamplerMessage) => void;
  /** The thread died and is started again after `againInMs`. */
  readonly onDeath: (death: Death) => void;
  /** Process `pid` does not answer the thread, which is left alone; another one goes on without asking it. */
  readonly onStall?: (pid: number) => void;
}

/** What is shown: this machine as it is, or one as it was. */
export type Source =
  | { readonly kind: 'machine'; readonly settings: WorkerSettings }
  | { readonly kind: 'recording'; readonly start: ReplayStart };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Who lived that long has not died of what he was started with. */
const LIVED_MS = 60_000;
const FEWEST_OBJECTS = 1000;
/** A thread that does not end by then hangs. */
const CLOSE_MS = 500;
/** One is what can be lost; a second one only where a process stops answering between two system calls. More is a fault of ours. */
const MOST_STALLED = 4;
/** Small heaps: what lives long is one snapshot, and 30,000 objects take about 40 MB. */
const RESOURCES = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 };

export class SamplerClient {
  #source: Source;
  readonly #limits: ResourceLimits;
  readonly #listener: SamplerListener;
  #worker: Worker | undefined;
  /** What a thread that is started again must be told. */
  #watch: ToWorker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #deaths = 0;
  /** Since the program was started, over all threads. */
  #hasShown = false;
  #isClosed = false;
  #restart: NodeJS.Timeout | undefined;
  #isHeld = false;
  #onHeld: (() => void) | undefined;
  #onEnded: (() => void) | undefined;
  #stallWatch: StallWatch | undefined;
  /** Threads that were left alone. */
  #stalled = 0;

  /** `limits`: other sizes of the thread's heap, for tests. */
  constructor(source: Source, listener: SamplerListener, limits: ResourceLimits = RESOURCES) {
    this.#source = source;
    this.#limits = limits;
    this.#listener = listener;
    this.#start();
  }

  post(message: ToWorker): void {
    if (message.type === 'interval' && this.#source.kind === 'machine') {
      const { settings } = this.#source;
      this.#source = { kind: 'machine', settings: { ...settings, intervalMs: message.intervalMs } };
    }
    if (message.type === 'watch') this.#watch = message;
    this.#worker?.postMessage(message);
  }

  /** Resolves when the thread stands still: the tick under way is over, and nothing is opened until `release`. */
  hold(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#isHeld = true;
    this.#onHeld = resolve;
    if (this.#worker) this.#worker.postMessage({ type: 'hold' } satisfies ToWorker);
    else resolve();
    return promise;
  }

  /** Goes on, with a sample at once. */
  release(): void {
    this.#isHeld = false;
    if (this.#worker) this.#worker.postMessage({ type: 'release' } satisfies ToWorker);
    else if (!this.#restart) this.#start();
  }

  /** False: a thread hangs and will not end, so that the process has to end without waiting for it (`exitNow`). */
  async close(): Promise<boolean> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    this.#stallWatch?.stop();
    await endsWithin(CLOSE_MS, this.#lastWords());
    const isEnded = await endsWithin(CLOSE_MS, this.#worker?.terminate());
    return isEnded && this.#stalled === 0;
  }

  /** What the thread keeps is written before it is ended, where it answers. */
  #lastWords(): Promise<void> | undefined {
    if (!this.#worker || this.#source.kind === 'recording' || !this.#source.settings.mayRecord) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEnded = resolve;
    this.#worker.postMessage({ type: 'end' } satisfies ToWorker);
    return promise;
  }

  #start(): void {
    this.#restart = undefined;
    if (this.#isHeld) return; // it would sample at once: `release` starts it
    const [name, source, workerData] =
      this.#source.kind === 'machine'
        ? (['sampler-worker', 'probe/thread/sampler-worker.ts', this.#watched(this.#source.settings)] as const)
        : (['replay-worker', 'probe/replay/replay-worker.ts', this.#source.start] as const);
    const backlog = newBacklog();
    const unread = new Backlog(backlog, MOST_UNREAD);
    const program = threadProgram(name, source);
    const worker = new Worker(program.code, {
      eval: program.eval,
      workerData: { ...workerData, backlog },
      resourceLimits: this.#limits,
    });
    this.#worker = worker;
    if (this.#watch) worker.postMessage(this.#watch);
    const startedMs = performance.now();
    const gatherer = new TickGatherer();
    let reason = 'it ended';
    let isOutOfMemory = false;
    worker.on('message', (message: FromWorker) => {
      unread.taken();
      if (this.#worker !== worker) return; // left alone
      if (message.type === 'held') this.#onHeld?.();
      else if (message.type === 'ended') this.#onEnded?.();
      else if (message.type === 'tick') this.#take(worker, gatherer, message);
      else this.#listener.onMessage(message);
    });
    worker.on('error', (error) => {
      reason = errorMessage(error);
      isOutOfMemory = errorCode(error) === 'ERR_WORKER_OUT_OF_MEMORY';
    });
    worker.on('exit', () => {
      this.#onEnded?.();
      if (this.#isClosed || this.#worker !== worker) return;
      this.#worker = undefined;
      this.#onHeld?.();
      this.#died(reason, isOutOfMemory, performance.now() - startedMs);
    });
  }

  /** Parts are asked for one by one: between two of them there is time for keys. */
  #take(worker: Worker, gatherer: TickGatherer, { type, ...part }: Extract<FromWorker, { type: 'tick' }>): void {
    const tick = gatherer.take(part, this.#hasShown);
    if (tick) {
      this.#hasShown = true;
      this.#listener.onMessage({ type, ...tick });
    }
    if (part.isPart && !part.isGlance) worker.postMessage({ type: 'next-part' } satisfies ToWorker);
  }

  /** Later and later while it dies at once; with fewer objects where they were too many for its memory. */
  #died(reason: string, isOutOfMemory: boolean, livedMs: number): void {
    if (livedMs > LIVED_MS) {
      this.#deaths = 0;
      this.#pauseMs = FIRST_PAUSE_MS;
    }
    this.#deaths++;
    const againInMs = this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    const mostObjects = isOutOfMemory ? this.#lowerCeiling() : undefined;
    this.#restart = setTimeout(() => this.#start(), againInMs);
    this.#listener.onDeath({ reason, againInMs, times: this.#deaths, mostObjects });
  }

  #lowerCeiling(): number | undefined {
    if (this.#source.kind === 'recording') return undefined;
    const { settings } = this.#source;
    const mostObjects = Math.max(FEWEST_OBJECTS, Math.floor((settings.mostObjects ?? MOST_OBJECTS) / 4));
    this.#source = { kind: 'machine', settings: { ...settings, mostObjects } };
    return mostObjects;
  }

  /** Settings with a word that tells when the thread hangs. */
  #watched(settings: WorkerSettings): WorkerSettings {
    this.#stallWatch?.stop();
    this.#stallWatch = undefined;
    if (this.#stalled >= MOST_STALLED) return settings;
    this.#stallWatch = new StallWatch((pid) => this.#leaveAlone(pid));
    return { ...settings, stall: this.#stallWatch.words, isCareful: this.#stalled > 0 };
  }

  /** It hangs in the kernel and cannot be ended: another one takes its place, which does not read such processes itself. */
  #leaveAlone(pid: number): void {
    if (this.#isClosed) return;
    this.#stalled++;
    this.#worker?.unref();
    this.#worker = undefined;
    this.#onHeld?.();
    this.#listener.onStall?.(pid);
    this.#start();
  }
}

/** False: not within that time. */
async function endsWithin(milliseconds: number, ending: Promise<unknown> | undefined): Promise<boolean> {
  if (!ending) return true;
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), milliseconds);
  const isEnded = await Promise.race([ending.then(() => true), late.promise]);
  clearTimeout(timer);
  return isEnded;
}
