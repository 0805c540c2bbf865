// The dashboard's end of the observing thread: starts it, starts it again when it dies, and passes messages on.
import { Worker } from 'node:worker_threads';
import { StallWatch } from './territory/stall-watch.ts';
import { workerFile } from './worker-file.ts';
import type { FromWorker, ReplayStart, ToWorker, WorkerSettings } from './worker-protocol.ts';

/** What the thread says to others than this file. */
export type SamplerMessage = Exclude<FromWorker, { type: 'held' }>;

export interface SamplerListener {
  readonly onMessage: (message: SamplerMessage) => void;
  /** The thread died and is started again after `againInMs`. */
  readonly onDeath: (reason: string, againInMs: number) => void;
  /** Process `pid` does not answer the thread, which is left alone; another one goes on without asking it. */
  readonly onStall?: (pid: number) => void;
}

/** What is shown: this machine as it is, or one as it was. */
export type Source =
  | { readonly kind: 'machine'; readonly settings: WorkerSettings }
  | { readonly kind: 'recording'; readonly start: ReplayStart };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** A thread that does not end by then hangs. */
const CLOSE_MS = 500;
/** One is what can be lost; a second one only where a process stops answering between two system calls. More is a fault of ours. */
const MOST_STALLED = 4;
/** Small heaps: what lives long is one snapshot, and 30,000 objects take about 40 MB. */
const RESOURCES = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 };

export class SamplerClient {
  #source: Source;
  readonly #listener: SamplerListener;
  #worker: Worker | undefined;
  /** What a thread that is started again must be told. */
  #watch: ToWorker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isClosed = false;
  #restart: NodeJS.Timeout | undefined;
  #isHeld = false;
  #onHeld: (() => void) | undefined;
  #stallWatch: StallWatch | undefined;
  /** Threads that were left alone. */
  #stalled = 0;

  constructor(source: Source, listener: SamplerListener) {
    this.#source = source;
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
    const isEnded = await endsWithin(CLOSE_MS, this.#worker?.terminate());
    return isEnded && this.#stalled === 0;
  }

  #start(): void {
    this.#restart = undefined;
    if (this.#isHeld) return; // it would sample at once: `release` starts it
    const [name, workerData] =
      this.#source.kind === 'machine'
        ? ['sampler-worker', this.#watched(this.#source.settings)]
        : ['replay-worker', this.#source.start];
    const worker = new Worker(workerFile(name, `./${name}.ts`), { workerData, resourceLimits: RESOURCES });
    this.#worker = worker;
    if (this.#watch) worker.postMessage(this.#watch);
    let reason = 'it ended';
    worker.on('message', (message: FromWorker) => {
      if (this.#worker !== worker) return; // left alone
      this.#pauseMs = FIRST_PAUSE_MS;
      if (message.type === 'held') this.#onHeld?.();
      else this.#listener.onMessage(message);
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (this.#isClosed || this.#worker !== worker) return;
      this.#worker = undefined;
      this.#onHeld?.();
      this.#listener.onDeath(reason, this.#pauseMs);
      this.#restart = setTimeout(() => this.#start(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    });
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
