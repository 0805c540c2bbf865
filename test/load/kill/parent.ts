// A process that runs one short load after the other, of changing kinds, until it is killed. Started by driver.ts.
import { BACKINGS, type LoadOptions, SYNC_MODES, TRANSPORTS } from '../../../src/load/model/options.ts';
import { shortRun } from '../support.ts';

const KINDS: readonly Partial<LoadOptions>[] = [
  ...SYNC_MODES.map((sync) => ({ sync })),
  ...TRANSPORTS.map((transport) => ({ transport, sizeBytes: 1024 })),
  { buffer: 'unbounded', readerRate: 1e5, sizeBytes: 4096 },
  { buffer: 'unbounded', readerRate: 1e5, sizeBytes: 4096, pairs: 2 },
  { api: 'pool', sizeBytes: 4096 },
  { producers: 2, consumers: 3 },
];
/** Those that need a keeper: every second one. */
const KEPT: readonly Partial<LoadOptions>[] = [
  { sync: 'semop' },
  { transport: 'sysv-mq', job: 'duplex' },
  { transport: 'posix-mq', pairs: 2 },
  { sync: 'semop', pairs: 2 },
  { transport: 'sysv-mq', pairs: 2 },
  { transport: 'posix-mq', job: 'duplex' },
];

for (let n = Number(process.argv[2]) * 7; ; n++) {
  const kinds = n % 2 === 0 ? KINDS : KEPT;
  await shortRun({
    backing: BACKINGS[n % BACKINGS.length],
    ...kinds[(n >> 1) % kinds.length],
    warmUpSec: 0.02,
    durationSec: 0.04,
  });
}
