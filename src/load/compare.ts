// The same messages through shared memory, pipes, a unix socket and a Node stream, in interleaved rounds of one run.

import type { Libc } from '../native/libc.ts';
import type { Machine } from './machine.ts';
import { isTrue, type Truth } from './model/meter.ts';
import { type LoadOptions, TRANSPORTS, type Transport } from './model/options.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { type Spread, spreadOf } from './model/statistics.ts';
import { planLoad } from './plan.ts';
import { runPlan } from './run.ts';

/** One measured cell. */
export interface Cell {
  readonly transport: Transport;
  readonly round: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly cpuSecondsPerGB?: number;
  readonly othersCpuShare?: number;
  readonly truth: Truth;
}

export interface ComparisonRow {
  readonly transport: Transport;
  /** What it is in words. */
  readonly label: string;
  readonly messagesPerSecond: Spread;
  readonly bytesPerSecond: Spread;
  readonly cpuSecondsPerGB?: number;
  /** How many times as fast shared memory was, each ratio taken within its round; 1 for itself. */
  readonly shmRatio: Spread;
}

export interface Comparison {
  readonly sizeBytes: number;
  readonly rounds: number;
  readonly rows: readonly ComparisonRow[];
  /** pipe(2) as it comes, 64 KiB; and the fastest of all that is not shared memory. Absent when they did not run. */
  readonly defaultPipe?: ComparisonRow;
  readonly best?: ComparisonRow;
  readonly cells: readonly Cell[];
  readonly isTrue: boolean;
  readonly problem?: LoadProblem;
}

export const TRANSPORT_LABELS: Readonly<Record<Transport, string>> = {
  shm: 'shared memory',
  pipe: 'pipe(2), 64 KiB',
  'pipe-1m': 'pipe(2), 1 MiB',
  unix: 'unix socket',
  stdio: 'Node stdio stream',
};

export interface CompareRequest {
  readonly libc: Libc;
  readonly machine: Machine;
  readonly options: LoadOptions;
  readonly rounds: number;
  readonly signal?: AbortSignal;
  /** Called before each cell. */
  readonly onProgress?: (done: number, of: number, label: string) => void;
}

/** Runs all cells one after the other (`options.durationSec` each); ends early on a problem or the signal. */
export async function compareTransports(request: CompareRequest): Promise<Comparison> {
  const { libc, machine, options, rounds, signal, onProgress } = request;
  const cells: Cell[] = [];
  let trouble: LoadProblem | undefined;
  const count = rounds * TRANSPORTS.length;
  for (let at = 0; at < count && !trouble && !signal?.aborted; at++) {
    const transport = TRANSPORTS[at % TRANSPORTS.length];
    onProgress?.(at, count, TRANSPORT_LABELS[transport]);
    const plan = planLoad({ ...options, transport }, machine);
    if (isProblem(plan)) {
      trouble = plan;
      break;
    }
    const meter = await runPlan({ libc, plan, intervalMs: 60_000, signal });
    trouble = meter.problem;
    if (!meter.total || trouble || signal?.aborted) break;
    const { messagesPerSecond, bytesPerSecond, cpuSecondsPerGB, othersCpuShare } = meter.total;
    const cell = { transport, round: Math.floor(at / TRANSPORTS.length), messagesPerSecond, bytesPerSecond };
    cells.push({ ...cell, cpuSecondsPerGB, othersCpuShare, truth: meter.truth });
  }
  return { ...summarise(options.sizeBytes, cells), ...(trouble ? { problem: trouble } : {}) };
}

/** PURE: medians, ratios and the two that are named apart, from whole rounds. */
export function summarise(sizeBytes: number, cells: readonly Cell[]): Comparison {
  const rounds = Math.floor(cells.length / TRANSPORTS.length);
  const whole = cells.filter((cell) => cell.round < rounds);
  const rows = TRANSPORTS.flatMap((transport) => rowOf(transport, whole) ?? []);
  const others = rows.filter((row) => row.transport !== 'shm');
  const best = others.reduce<ComparisonRow | undefined>(
    (top, row) => (!top || row.bytesPerSecond.median > top.bytesPerSecond.median ? row : top),
    undefined,
  );
  const defaultPipe = rows.find((row) => row.transport === 'pipe');
  return {
    sizeBytes,
    rounds,
    rows,
    ...(defaultPipe ? { defaultPipe } : {}),
    ...(best ? { best } : {}),
    cells,
    isTrue: cells.every((cell) => isTrue(cell.truth)),
  };
}

function rowOf(transport: Transport, cells: readonly Cell[]): ComparisonRow | undefined {
  const own = cells.filter((cell) => cell.transport === transport);
  const shm = cells.filter((cell) => cell.transport === 'shm');
  const ratios = own.flatMap((cell) => {
    const same = shm.find((other) => other.round === cell.round);
    return same && cell.bytesPerSecond > 0 ? [same.bytesPerSecond / cell.bytesPerSecond] : [];
  });
  const messagesPerSecond = spreadOf(own.map((cell) => cell.messagesPerSecond));
  const bytesPerSecond = spreadOf(own.map((cell) => cell.bytesPerSecond));
  const shmRatio = spreadOf(ratios);
  if (!messagesPerSecond || !bytesPerSecond || !shmRatio) return undefined;
  const cpu = spreadOf(own.flatMap((cell) => cell.cpuSecondsPerGB ?? []))?.median;
  const row = { transport, label: TRANSPORT_LABELS[transport], messagesPerSecond, bytesPerSecond, shmRatio };
  return cpu === undefined ? row : { ...row, cpuSecondsPerGB: cpu };
}
