// The dashboard's end of the observing thread: starts it, starts it again when it dies, and passes messages on.
import { Worker } from 'node:worker_threads';
import { Backlog, newBacklog } from './backlog.ts';
import { workerFile } from './worker-file.ts';
import {
  type FromWorker,
  MOST_UNREAD,
  type ReplayStart,
  type ToWorker,
  type WorkerSettings,
} from './worker-protocol.ts';

/** What the thread says to others than this file. */
export type SamplerMessage = Exclude<FromWorker, { type: 'held' }>;

export interface SamplerListener {
  readonly onMessage: (message: SamplerMessage) => void;
  /** The thread died and is started again after `againInMs`. */
  readonly onDeath: (reason: string, againInMs: number) => void;
}

/** What is shown: this machine as it is, or one as it was. */
export type Source =
  | { readonly kind: 'machine'; readonly settings: WorkerSettings }
  | { readonly kind: 'recording'; readonly start: ReplayStart };

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
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

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    await this.#worker?.terminate();
  }

  #start(): void {
    this.#restart = undefined;
    if (this.#isHeld) return; // it would sample at once: `release` starts it
    const [name, workerData] =
      this.#source.kind === 'machine'
        ? (['sampler-worker', this.#source.settings] as const)
        : (['replay-worker', this.#source.start] as const);
    const backlog = newBacklog();
    const unread = new Backlog(backlog, MOST_UNREAD);
    const worker = new Worker(workerFile(name, `./${name}.ts`), {
      workerData: { ...workerData, backlog },
      resourceLimits: RESOURCES,
    });
    this.#worker = worker;
    if (this.#watch) worker.postMessage(this.#watch);
    let reason = 'it ended';
    worker.on('message', (message: FromWorker) => {
      unread.taken();
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
