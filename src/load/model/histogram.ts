// PURE: a log-linear histogram of nanoseconds in 1024 u32 words, recorded by one process, read by another while it grows.

export const HISTOGRAM_BUCKETS = 1024;
const LINEAR = 64;
const PER_OCTAVE = 32;
const MAX_VALUE = 0xffffffff;

/** Latencies in ns; `max` is exact where the recorder kept it. A bucket is at most 3.1 % wide. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The bucket of a value in ns: exact below 64, then 32 buckets an octave; above 4.29 s all fall into the last. */
export function bucketOf(valueNs: number): number {
  if (valueNs < LINEAR) return valueNs > 0 ? Math.trunc(valueNs) : 0;
  const value = (valueNs < MAX_VALUE ? valueNs : MAX_VALUE) >>> 0;
  const octave = 31 - Math.clz32(value);
  return LINEAR + (octave - 6) * PER_OCTAVE + ((value >>> (octave - 5)) & (PER_OCTAVE - 1));
}

/** The middle of a bucket in ns; `bucketOf(bucketValue(b)) === b`. */
export function bucketValue(bucket: number): number {
  if (bucket < LINEAR) return bucket;
  const octave = 6 + Math.floor((bucket - LINEAR) / PER_OCTAVE);
  const step = 2 ** (octave - 5);
  const low = 2 ** octave + ((bucket - LINEAR) % PER_OCTAVE) * step;
  return low + Math.floor(step / 2);
}

/** Adds one value; counts wrap after 4.29 billion in one bucket. */
export function record(counts: Uint32Array, valueNs: number): void {
  const bucket = bucketOf(valueNs);
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/** `later - earlier`, bucket by bucket: what was recorded between two readings. */
export function subtract(later: Uint32Array, earlier: Uint32Array): Uint32Array {
  return later.map((count, bucket) => count - (earlier[bucket] ?? 0));
}

/** The sum of histograms (pairs, rounds), bucket by bucket. */
export function merge(histograms: readonly Uint32Array[]): Uint32Array {
  const sum = new Uint32Array(HISTOGRAM_BUCKETS);
  for (const counts of histograms) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (counts[i] ?? 0);
  return sum;
}

/** The percentiles, or undefined when nothing was recorded. `maxNs`: the exact maximum, if the recorder kept it. */
export function percentiles(counts: Uint32Array, maxNs?: number): Percentiles | undefined {
  let count = 0;
  let last = 0;
  for (const [bucket, times] of counts.entries()) {
    count += times;
    if (times > 0) last = bucket;
  }
  if (count === 0) return undefined;
  const max = maxNs ?? bucketValue(last);
  const at = (share: number) => Math.min(max, valueAtRank(counts, Math.ceil(count * share)));
  return { count, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max };
}

function valueAtRank(counts: Uint32Array, rank: number): number {
  let seen = 0;
  for (const [bucket, times] of counts.entries()) {
    seen += times;
    if (seen >= rank) return bucketValue(bucket);
  }
  return bucketValue(counts.length - 1);
}
