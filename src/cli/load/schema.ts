// The JSON Schema of `shmtop load --json` in all its forms.
import type { Cell } from '../../load/model/comparison.ts';
import type { Growth } from '../../load/model/growth.ts';
import type { Percentiles } from '../../load/model/histogram.ts';
import type { Fairness } from '../../load/model/many.ts';
import type { Interval, SideRate, Truth, WorkerInfo } from '../../load/model/meter.ts';
import { BACKINGS, SYNC_MODES, TRANSPORTS, VERIFY_LEVELS } from '../../load/model/options.ts';
import type { Spread } from '../../load/model/statistics.ts';
import type { SweepPoint } from '../../load/sweep.ts';
import type { SyncModeWords } from '../../ui/format/sync-modes.ts';
import { about, list, named, oneOf, optional, record, type Shape } from '../schema/schema.ts';
import { bytes, count, flag, number, pid, share, text, version, words } from '../schema/words.ts';
import type { ApiRow, apisReport } from './apis.ts';
import type { cleanReport, comparisonReport, leakReport, modesReport, reportOf, sweepReport } from './report.ts';

type Run = ReturnType<typeof reportOf>;
type ComparisonRow = ReturnType<typeof comparisonReport>[number];

const truthFields: Shape<Truth> = {
  verified: count,
  checkedFull: about('of which every byte was compared', count),
  torn: count,
  lost: count,
  reordered: count,
  repeated: optional(about('with sync none only: looks that found the same message again', count)),
  stale: optional(about('with sync none only: looks that found one older than others seen before', count)),
};
const truth = named('truth', record<Truth>(truthFields));

const latencyFields: Shape<Percentiles> = {
  count,
  p50: number,
  p90: number,
  p99: number,
  p999: number,
  max: number,
};
const latency = named('latency', about('nanoseconds', record<Percentiles>(latencyFields)));

const side = named(
  'side',
  about(
    'one side of the pairs; shares are of its time',
    record<SideRate>({
      waitShare: about('waiting for the other side', share),
      sleepsPerSecond: number,
      wakesPerSecond: number,
      switchesPerSecond: number,
      cpuUserShare: number,
      cpuSystemShare: number,
    }),
  ),
);

const interval = named(
  'interval',
  about(
    'a stretch of time, since the warm-up',
    record<Interval>({
      startSec: number,
      seconds: number,
      messages: count,
      bytes,
      messagesPerSecond: number,
      bytesPerSecond: number,
      producedMessages: count,
      producer: side,
      consumer: side,
      occupancyMean: about('share of the slots that were filled', share),
      occupancyMax: share,
      checkShare: about("share of the consumer's time that went into checking", share),
      cpuSecondsPerGB: optional(about('of both sides, per 10^9 bytes', number)),
      verified: count,
      checkedFull: count,
      wrong: about('torn, lost or reordered', count),
      oneWayNs: optional(latency),
      othersCpuShare: optional(about('of the machine, used by others', share)),
    }),
  ),
);

const worker = record<WorkerInfo>({
  role: oneOf(['producer', 'consumer']),
  pair: count,
  pid,
  cpu: optional(about('that it is bound to', count)),
});

const spread = named('spread', about('over the rounds', record<Spread>({ median: number, min: number, max: number })));

const cell = record<Cell>({
  transport: oneOf(TRANSPORTS),
  sizeBytes: bytes,
  round: count,
  messagesPerSecond: number,
  bytesPerSecond: number,
  cpuSecondsPerGB: optional(number),
  othersCpuShare: optional(share),
  truth,
});

const comparisonRow = record<ComparisonRow>({
  transport: oneOf(TRANSPORTS),
  sizeBytes: about('of a message', bytes),
  label: words,
  limit: about('what it costs and where it ends', words),
  messagesPerSecond: optional(spread),
  bytesPerSecond: optional(spread),
  cpuSecondsPerGB: optional(number),
  shmRatio: optional(about('how many times as fast shared memory was, within each round', spread)),
  roundTripNs: optional(about('one message in flight', latency)),
  problem: optional(about('why it could not be measured', words)),
  isDefaultPipe: flag,
  isBestOther: flag,
  rounds: list(cell),
});

export const loadRun = named(
  'loadRun',
  about(
    'shmtop load --json; with --compare also comparison',
    record<Run & { readonly comparison?: readonly ComparisonRow[] }>({
      schemaVersion: version,
      mode: words,
      backing: words,
      transport: words,
      sizeBytes: about('of a message', bytes),
      pairs: count,
      slots: about('of each ring', count),
      batch: count,
      group: count,
      verify: words,
      api: optional(about('how messages are got at, where they are not copied', words)),
      producers: optional(about('of a ring that many share', count)),
      consumers: optional(about('of a ring that many share', count)),
      huge: optional(flag),
      rate: optional(about('messages offered a second and pair', number)),
      mostBytes: optional(about('how far the buffer may grow, all pairs together', bytes)),
      readerRate: optional(about('messages taken at most a second and pair', number)),
      workers: list(worker),
      segment: text,
      segmentBytes: bytes,
      seconds: number,
      messages: count,
      bytes,
      messagesPerSecond: number,
      bytesPerSecond: number,
      ...truthFields,
      cpuSecondsPerGB: optional(number),
      memcpyBytesPerSecond: optional(about('of one processor into the same ring alone', number)),
      memcpyCacheBytesPerSecond: optional(about('the same into one slot, in the nearest cache', number)),
      latencyNs: optional(
        record<NonNullable<Run['latencyNs']>>({ kind: oneOf(['one-way', 'round-trip']), ...latencyFields }),
      ),
      roundTripNs: optional(about('on an empty ring, before the load', latency)),
      oneWayNs: optional(about('at a fixed rate, from the intended send', latency)),
      wakeNs: optional(about('to wake a sleeping process here', number)),
      total: optional(interval),
      intervals: list(interval),
      growth: optional(
        record<Growth>({
          segments: count,
          bytes: about('of their slots', bytes),
          mostBytes: bytes,
          behind: about('messages written and not read', count),
          waits: about('times that the writer had to wait as there may be no more', count),
        }),
      ),
      fairness: optional(
        about(
          'of a ring that many share',
          record<Fairness>({
            producers: about('messages of each', list(count)),
            consumers: about('messages of each', list(count)),
            producerIndex: about("Jain's index: 1 is even, 1/n is one of n", share),
            consumerIndex: share,
          }),
        ),
      ),
      problem: optional(words),
      comparison: optional(list(comparisonRow)),
    }),
  ),
);

const sweepPoint = record<SweepPoint>({
  sizeBytes: bytes,
  slots: count,
  messagesPerSecond: number,
  bytesPerSecond: number,
  cpuSecondsPerGB: optional(number),
  memcpyBytesPerSecond: optional(number),
  othersCpuShare: optional(share),
  truth,
});

export const loadSweep = named(
  'loadSweep',
  about(
    'shmtop load --sweep --json',
    record<ReturnType<typeof sweepReport>>({
      schemaVersion: version,
      mode: oneOf(SYNC_MODES),
      backing: oneOf(BACKINGS),
      pairs: count,
      sweep: list(sweepPoint),
    }),
  ),
);

export const leaked = named(
  'leaked',
  about('shmtop load --leak --json', record<ReturnType<typeof leakReport>>({ leaked: list(text) })),
);
export const cleaned = named(
  'cleaned',
  about('shmtop load --leak --clean --json', record<ReturnType<typeof cleanReport>>({ removed: list(text) })),
);

export const loadApis = named(
  'loadApis',
  about(
    'shmtop load --api all --json',
    record<ReturnType<typeof apisReport>>({
      schemaVersion: version,
      verify: oneOf([...VERIFY_LEVELS]),
      apis: list(
        record<ApiRow>({
          sizeBytes: about('of a message', bytes),
          copyBytesPerSecond: spread,
          viewBytesPerSecond: spread,
          poolBytesPerSecond: spread,
          viewGain: about('how many times as fast as copying, within each round', spread),
          poolGain: spread,
        }),
      ),
    }),
  ),
);

export const loadModes = named(
  'loadModes',
  about(
    'shmtop load --modes --json',
    record<ReturnType<typeof modesReport>>({
      schemaVersion: version,
      question: words,
      modes: list(
        record<SyncModeWords>({
          mode: oneOf(SYNC_MODES),
          meaning: words,
          answer: about('to the question', words),
          cost: about('of a message', words),
        }),
      ),
    }),
  ),
);
