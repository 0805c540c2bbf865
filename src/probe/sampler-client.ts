// The dashboard's end of the observing thread: starts it, starts it again when it dies, and passes messages on.
import { Worker } from 'node:worker_threads';
import { workerFile } from './worker-file.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './worker-protocol.ts';

export interface SamplerListener {
  readonly onMessage: (message: Exclude<FromWorker, { type: 'held' }>) => void;
  /** The thread died and is started again after `againInMs`. */
  readonly onDeath: (reason: string, againInMs: number) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Small heaps: what lives long is one snapshot, and 30,000 objects take about 40 MB. */
const RESOURCES = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 };

export class SamplerClient {
  #settings: WorkerSettings;
  readonly #listener: SamplerListener;
  #worker: Worker | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #isClosed = false;
  #restart: NodeJS.Timeout | undefined;
  #isHeld = false;
  #onHeld: (() => void) | undefined;

  constructor(settings: WorkerSettings, listener: SamplerListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#start();
  }

  post(message: ToWorker): void {
    if (message.type === 'interval') this.#settings = { ...this.#settings, intervalMs: message.intervalMs };
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

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    await this.#worker?.terminate();
  }

  #start(): void {
    this.#restart = undefined;
    if (this.#isHeld) return; // it would sample at once: `release` starts it
    const file = workerFile('sampler-worker', './sampler-worker.ts');
    const worker = new Worker(file, { workerData: this.#settings, resourceLimits: RESOURCES });
    this.#worker = worker;
    let reason = 'it ended';
    worker.on('message', (message: FromWorker) => {
      this.#pauseMs = FIRST_PAUSE_MS;
      if (message.type === 'held') this.#onHeld?.();
      else this.#listener.onMessage(message);
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (this.#isClosed) return;
      this.#worker = undefined;
      this.#onHeld?.();
      this.#listener.onDeath(reason, this.#pauseMs);
      this.#restart = setTimeout(() => this.#start(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    });
  }
}
