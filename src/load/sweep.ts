// One short run for each of a row of sizes: how throughput grows with the message.

import type { Libc } from '../native/libc.ts';
import type { Machine } from './machine.ts';
import { isTrue, type Truth } from './model/meter.ts';
import { type LoadOptions, SIZES } from './model/options.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { planLoad } from './plan.ts';
import { runPlan } from './run.ts';

export interface SweepPoint {
  readonly sizeBytes: number;
  readonly slots: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly cpuSecondsPerGB?: number;
  readonly memcpyBytesPerSecond?: number;
  readonly othersCpuShare?: number;
  readonly truth: Truth;
}

export interface Sweep {
  readonly points: readonly SweepPoint[];
  readonly isTrue: boolean;
  readonly problem?: LoadProblem;
}

export interface SweepRequest {
  readonly libc: Libc;
  readonly machine: Machine;
  /** `durationSec` is that of one size. */
  readonly options: LoadOptions;
  readonly sizes?: readonly number[];
  readonly signal?: AbortSignal;
  /** Called before each size, with what is known so far. */
  readonly onProgress?: (done: number, of: number, sizeBytes: number) => void;
}

/** Runs the sizes one after the other; ends early on a problem or the signal, with the points so far. */
export async function sweepSizes(request: SweepRequest): Promise<Sweep> {
  const { libc, machine, options, sizes = SIZES, signal, onProgress } = request;
  const points: SweepPoint[] = [];
  let trouble: LoadProblem | undefined;
  for (const [at, sizeBytes] of sizes.entries()) {
    if (signal?.aborted) break;
    onProgress?.(at, sizes.length, sizeBytes);
    const plan = planLoad({ ...options, sizeBytes, group: sizeBytes <= 1024 ? options.group : 1 }, machine);
    if (isProblem(plan)) {
      trouble = plan;
      break;
    }
    const meter = await runPlan({ libc, plan, intervalMs: 60_000, signal });
    if (meter.problem) trouble = meter.problem;
    if (!meter.total || trouble || signal?.aborted) break;
    const { messagesPerSecond, bytesPerSecond, cpuSecondsPerGB, othersCpuShare } = meter.total;
    points.push({
      sizeBytes,
      slots: plan.geometry.slots,
      messagesPerSecond,
      bytesPerSecond,
      cpuSecondsPerGB,
      memcpyBytesPerSecond: meter.memcpyBytesPerSecond,
      othersCpuShare,
      truth: meter.truth,
    });
  }
  return { points, isTrue: points.every((point) => isTrue(point.truth)), ...(trouble ? { problem: trouble } : {}) };
}
