// The dashboard's end of the observing thread: starts it, starts it again when it dies, and passes messages on.
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ReplayStart, ToWorker, WorkerSettings } from './worker-protocol.ts';

export interface SamplerListener {
  readonly onMessage: (message: FromWorker) => void;
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

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#restart);
    await this.#worker?.terminate();
  }

  #start(): void {
    const [name, workerData] =
      this.#source.kind === 'machine'
        ? ['sampler-worker', this.#source.settings]
        : ['replay-worker', this.#source.start];
    const worker = new Worker(workerFile(name), { workerData, resourceLimits: RESOURCES });
    this.#worker = worker;
    if (this.#watch) worker.postMessage(this.#watch);
    let reason = 'it ended';
    worker.on('message', (message: FromWorker) => {
      this.#pauseMs = FIRST_PAUSE_MS;
      this.#listener.onMessage(message);
    });
    worker.on('error', (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      if (this.#isClosed) return;
      this.#worker = undefined;
      this.#listener.onDeath(reason, this.#pauseMs);
      this.#restart = setTimeout(() => this.#start(), this.#pauseMs);
      this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    });
  }
}

/** Beside this file, or beside the bundle's entry when this is one of its chunks; the source when nothing was built. */
function workerFile(name: string): URL {
  const places = [`./${name}.js`, `../${name}.js`, `./${name}.ts`];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`${name}.js is missing: the installation is damaged`);
  return found;
}
