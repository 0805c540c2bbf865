// `shmtop load --json`: the fields that docs/reference.md promises, with the raw rows, so that a figure can be checked and repeated.
import { bestOtherOf, type Comparison, defaultPipeOf } from '../../load/model/comparison.ts';
import type { Meter } from '../../load/model/meter.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from '../../load/model/options.ts';
import type { Sweep } from '../../load/sweep.ts';
import { SYNC_MODE_WORDS, SYNC_QUESTION } from '../../ui/format/sync-modes.ts';
import { SCHEMA_VERSION } from '../json.ts';

/** One object for one run; fields that were not measured are left out. Sizes in bytes, times in the unit of the name. */
export function reportOf(meter: Meter) {
  const { setup, total, truth } = meter;
  const { sync, segmentName, segmentBytes, durationSec, ...rest } = setup;
  const latency = total?.oneWayNs ?? meter.roundTripNs;
  return {
    schemaVersion: SCHEMA_VERSION,
    mode: sync,
    ...rest,
    segment: segmentName,
    segmentBytes,
    seconds: total?.seconds ?? 0,
    messages: total?.messages ?? 0,
    bytes: total?.bytes ?? 0,
    messagesPerSecond: total?.messagesPerSecond ?? 0,
    bytesPerSecond: total?.bytesPerSecond ?? 0,
    ...truth,
    cpuSecondsPerGB: total?.cpuSecondsPerGB,
    memcpyBytesPerSecond: meter.memcpyBytesPerSecond,
    memcpyCacheBytesPerSecond: meter.memcpyCacheBytesPerSecond,
    latencyNs: latency && ({ kind: total?.oneWayNs ? 'one-way' : 'round-trip', ...latency } as const),
    roundTripNs: meter.roundTripNs,
    oneWayNs: total?.oneWayNs,
    wakeNs: meter.wakeNs,
    total,
    intervals: meter.intervals,
    growth: meter.growth,
    fairness: meter.fairness,
    problem: meter.problem?.message,
  };
}

/** The part of a report that a comparison adds: a row for each transport and size. */
export function comparisonReport(comparison: Comparison) {
  return comparison.rows.map((row) => ({
    ...row,
    isDefaultPipe: row === defaultPipeOf(comparison, row.sizeBytes),
    isBestOther: row === bestOtherOf(comparison, row.sizeBytes),
    rounds: comparison.cells.filter(
      ({ transport, sizeBytes }) => transport === row.transport && sizeBytes === row.sizeBytes,
    ),
  }));
}

/** `shmtop load --sweep --json`. */
export function sweepReport({ points }: Sweep, { sync, backing, pairs }: Partial<LoadOptions>) {
  return {
    schemaVersion: SCHEMA_VERSION,
    mode: sync ?? DEFAULT_OPTIONS.sync,
    backing: backing ?? DEFAULT_OPTIONS.backing,
    pairs: pairs ?? DEFAULT_OPTIONS.pairs,
    sweep: points,
  };
}

/** `shmtop load --modes --json`. */
export const modesReport = () => ({ schemaVersion: SCHEMA_VERSION, question: SYNC_QUESTION, modes: SYNC_MODE_WORDS });

/** `shmtop load --leak --json`: the IDs of what was made. */
export const leakReport = (ids: readonly string[]) => ({ leaked: ids });
/** `shmtop load --leak --clean --json`: the IDs of what was removed again. */
export const cleanReport = (ids: readonly string[]) => ({ removed: ids });

const CSV_COLUMNS = [
  'sizeBytes',
  'slots',
  'messagesPerSecond',
  'bytesPerSecond',
  'cpuSecondsPerGB',
  'memcpyBytesPerSecond',
] as const;

/** The sweep as CSV (RFC 4180), one line a size; counts of wrong messages at the end. */
export function sweepCsv(sweep: Sweep): string {
  const header = [...CSV_COLUMNS, 'verified', 'torn', 'lost', 'reordered'].join(',');
  const lines = sweep.points.map((point) => {
    const { verified, torn, lost, reordered } = point.truth;
    return [...CSV_COLUMNS.map((column) => point[column] ?? ''), verified, torn, lost, reordered].join(',');
  });
  return `${[header, ...lines].join('\n')}\n`;
}
