// PURE: a comparison of shared memory with what else carries messages: one row for each of them and size, from whole rounds.
import type { Percentiles } from './histogram.ts';
import { isTrue, type Truth } from './meter.ts';
import type { Transport } from './options.ts';
import type { LoadProblem } from './problem.ts';
import { type Spread, spreadOf } from './statistics.ts';
import { TRANSPORT_WORDS } from './transports.ts';

/** One measured cell. */
export interface Cell {
  readonly transport: Transport;
  readonly sizeBytes: number;
  readonly round: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
  readonly cpuSecondsPerGB?: number;
  readonly othersCpuShare?: number;
  readonly truth: Truth;
}

/** One message there and back at a time. */
export interface Trip {
  readonly transport: Transport;
  readonly sizeBytes: number;
  readonly roundTripNs: Percentiles;
}

/** Why one could not be measured. */
export interface Refusal {
  readonly transport: Transport;
  readonly sizeBytes: number;
  readonly message: string;
}

export interface ComparisonRow {
  readonly transport: Transport;
  readonly sizeBytes: number;
  /** What it is in words, and what it costs and where it ends. */
  readonly label: string;
  readonly limit: string;
  /** Absent where it could not be measured: `problem` says why. */
  readonly messagesPerSecond?: Spread;
  readonly bytesPerSecond?: Spread;
  readonly cpuSecondsPerGB?: number;
  /** How many times as fast shared memory was, each ratio taken within its round; 1 for itself. */
  readonly shmRatio?: Spread;
  readonly roundTripNs?: Percentiles;
  readonly problem?: string;
}

export interface Comparison {
  readonly sizes: readonly number[];
  /** Whole ones. */
  readonly rounds: number;
  /** By size, then in the order of the transports. */
  readonly rows: readonly ComparisonRow[];
  readonly cells: readonly Cell[];
  readonly isTrue: boolean;
  readonly problem?: LoadProblem;
}

/** Medians and ratios of whole rounds. */
export function summarise(
  sizes: readonly number[],
  transports: readonly Transport[],
  cells: readonly Cell[],
  trips: readonly Trip[] = [],
  refusals: readonly Refusal[] = [],
): Comparison {
  const possible = sizes.flatMap((sizeBytes) =>
    transports.flatMap((transport) =>
      refusals.some((one) => one.transport === transport && one.sizeBytes === sizeBytes)
        ? []
        : [{ transport, sizeBytes }],
    ),
  );
  const countOf = (one: { transport: Transport; sizeBytes: number }) => cells.filter((cell) => isOf(cell, one)).length;
  const rounds = possible.length === 0 ? 0 : Math.min(...possible.map(countOf));
  const whole = cells.filter(({ round }) => round < rounds);
  const rows = sizes.flatMap((sizeBytes) =>
    transports.flatMap((transport) => rowOf({ transport, sizeBytes }, whole, trips, refusals) ?? []),
  );
  return { sizes, rounds, rows, cells, isTrue: cells.every(({ truth }) => isTrue(truth)) };
}

/** pipe(2) as it comes, of one size; absent when it did not run. */
export function defaultPipeOf({ rows }: Comparison, sizeBytes: number): ComparisonRow | undefined {
  return rows.find((row) => row.transport === 'pipe' && row.sizeBytes === sizeBytes && row.bytesPerSecond);
}

/** The fastest of all that is not shared memory, of one size. */
export function bestOtherOf({ rows }: Comparison, sizeBytes: number): ComparisonRow | undefined {
  const rateOf = (row: ComparisonRow | undefined) => row?.bytesPerSecond?.median ?? 0;
  return rows
    .filter((row) => row.transport !== 'shm' && row.sizeBytes === sizeBytes && row.bytesPerSecond)
    .reduce<ComparisonRow | undefined>((top, row) => (rateOf(row) > rateOf(top) ? row : top), undefined);
}

const isOf = (cell: { transport: Transport; sizeBytes: number }, one: { transport: Transport; sizeBytes: number }) =>
  cell.transport === one.transport && cell.sizeBytes === one.sizeBytes;

function rowOf(
  one: { transport: Transport; sizeBytes: number },
  cells: readonly Cell[],
  trips: readonly Trip[],
  refusals: readonly Refusal[],
): ComparisonRow | undefined {
  const { label, limit } = TRANSPORT_WORDS[one.transport];
  const base = { ...one, label, limit };
  const refusal = refusals.find((refused) => isOf(refused, one));
  if (refusal) return { ...base, problem: refusal.message };
  const own = cells.filter((cell) => isOf(cell, one));
  const shm = cells.filter((cell) => isOf(cell, { ...one, transport: 'shm' }));
  const ratios = own.flatMap((cell) => {
    const same = shm.find(({ round }) => round === cell.round);
    return same && cell.bytesPerSecond > 0 ? [same.bytesPerSecond / cell.bytesPerSecond] : [];
  });
  const messagesPerSecond = spreadOf(own.map((cell) => cell.messagesPerSecond));
  const bytesPerSecond = spreadOf(own.map((cell) => cell.bytesPerSecond));
  if (!messagesPerSecond || !bytesPerSecond) return undefined;
  const shmRatio = spreadOf(ratios);
  const cpu = spreadOf(own.flatMap((cell) => cell.cpuSecondsPerGB ?? []))?.median;
  const trip = trips.find((each) => isOf(each, one));
  return {
    ...base,
    messagesPerSecond,
    bytesPerSecond,
    ...(shmRatio ? { shmRatio } : {}),
    ...(cpu === undefined ? {} : { cpuSecondsPerGB: cpu }),
    ...(trip ? { roundTripNs: trip.roundTripNs } : {}),
  };
}
