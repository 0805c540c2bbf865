// The same messages through shared memory and all that one would take else, in interleaved rounds of one run: throughput, round trips.

import type { Libc } from '../native/libc.ts';
import type { Machine } from './machine.ts';
import { type Cell, type Comparison, type Refusal, summarise, type Trip } from './model/comparison.ts';
import { type LoadOptions, TRANSPORTS, type Transport } from './model/options.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { TRANSPORT_WORDS } from './model/transports.ts';
import { planLoad } from './plan.ts';
import { runPlan } from './run.ts';

const TRIP_SEC = 0.15;
const TRIP_WARM_UP_SEC = 0.05;
const OUT_OF_TIME = 'The machine is too busy to measure all of them in time; choose one size, or give --rounds.';

export interface CompareRequest {
  readonly libc: Libc;
  readonly machine: Machine;
  /** `durationSec` is that of one cell. */
  readonly options: LoadOptions;
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** No further round is begun that would not end within so many seconds; of the first, what comes later is left out. */
  readonly budgetSec?: number;
  readonly transports?: readonly Transport[];
  readonly signal?: AbortSignal;
  /** Called before each cell. */
  readonly onProgress?: (done: number, of: number, label: string) => void;
}

/** Runs all cells one after the other; ends early on a problem of shared memory itself, or on the signal. */
export async function compareTransports(request: CompareRequest): Promise<Comparison> {
  const { options, sizes, rounds, budgetSec = Infinity, transports = TRANSPORTS, signal, onProgress } = request;
  const found = new Found();
  const pairs = sizes.flatMap((sizeBytes) => transports.map((transport) => ({ sizeBytes, transport })));
  const startMs = performance.now();
  let done = 0;
  let planned = rounds;
  for (let round = 0; round < planned; round++) {
    const roundMs = performance.now();
    for (const { sizeBytes, transport } of pairs) {
      if (signal?.aborted || found.trouble) break;
      onProgress?.(done++, planned * pairs.length, TRANSPORT_WORDS[transport].label);
      if (performance.now() - startMs > budgetSec * 1000) found.refuse(transport, sizeBytes, OUT_OF_TIME);
      if (found.isRefused(transport, sizeBytes)) continue;
      await found.measureCell(request, { ...options, sizeBytes, transport, group: groupOf(options, sizeBytes) }, round);
      if (round === 0 && !found.isRefused(transport, sizeBytes))
        await found.measureTrip(request, { ...options, sizeBytes, transport });
    }
    const nowMs = performance.now();
    // Rounds after the first have no round trips, and so are shorter: what is taken for the next is rather too much.
    if (nowMs - startMs + (nowMs - roundMs) > budgetSec * 1000) planned = round + 1;
    if (signal?.aborted || found.trouble) break;
  }
  const { cells, trips, refusals, trouble } = found;
  return { ...summarise(sizes, transports, cells, trips, refusals), ...(trouble ? { problem: trouble } : {}) };
}

const groupOf = ({ group }: LoadOptions, sizeBytes: number) => (sizeBytes <= 1024 ? group : 1);

class Found {
  readonly cells: Cell[] = [];
  readonly trips: Trip[] = [];
  readonly refusals: Refusal[] = [];
  trouble: LoadProblem | undefined;

  isRefused(transport: Transport, sizeBytes: number): boolean {
    return this.refusals.some((one) => one.transport === transport && one.sizeBytes === sizeBytes);
  }

  async measureCell(request: CompareRequest, options: LoadOptions, round: number): Promise<void> {
    const meter = await this.#run(request, options);
    if (!meter?.total) return;
    const { transport, sizeBytes } = options;
    const { messagesPerSecond, bytesPerSecond, cpuSecondsPerGB, othersCpuShare } = meter.total;
    const cell = { transport, sizeBytes, round, messagesPerSecond, bytesPerSecond };
    this.cells.push({ ...cell, cpuSecondsPerGB, othersCpuShare, truth: meter.truth });
  }

  /** One message in flight; none where a mode has no answer to wait for. */
  async measureTrip(request: CompareRequest, options: LoadOptions): Promise<void> {
    if (request.signal?.aborted || options.sync === 'none') return;
    const duplex = { ...options, job: 'duplex' as const, pairs: 1, group: 1, rate: undefined };
    const meter = await this.#run(request, { ...duplex, durationSec: TRIP_SEC, warmUpSec: TRIP_WARM_UP_SEC });
    const { transport, sizeBytes } = options;
    if (meter?.roundTripNs) this.trips.push({ transport, sizeBytes, roundTripNs: meter.roundTripNs });
  }

  /** What cannot be had of one transport is told in its row; of shared memory it is the end. */
  async #run({ libc, machine, signal }: CompareRequest, options: LoadOptions) {
    const plan = planLoad(options, machine);
    const meter = isProblem(plan) ? undefined : await runPlan({ libc, plan, intervalMs: 60_000, signal });
    const trouble = isProblem(plan) ? plan : meter?.problem;
    if (!trouble) return signal?.aborted ? undefined : meter;
    if (options.transport === 'shm') this.trouble = trouble;
    else this.refuse(options.transport, options.sizeBytes, trouble.message);
    return undefined;
  }

  refuse(transport: Transport, sizeBytes: number, message: string): void {
    if (!this.isRefused(transport, sizeBytes)) this.refusals.push({ transport, sizeBytes, message });
  }
}
