// A process that runs one short load after the other, of changing kinds, until it is killed. Started by driver.ts.
import { BACKINGS, type LoadOptions, SYNC_MODES, TRANSPORTS } from '../../../src/load/model/options.ts';
import { shortRun } from '../support.ts';

/** Those that need a keeper three times as often. */
const KINDS: readonly Partial<LoadOptions>[] = [
  ...SYNC_MODES.map((sync) => ({ sync })),
  ...TRANSPORTS.map((transport) => ({ transport, sizeBytes: 1024 })),
  { sync: 'semop' },
  { sync: 'semop', pairs: 2 },
  { transport: 'sysv-mq', job: 'duplex' },
  { transport: 'sysv-mq', pairs: 2 },
  { transport: 'posix-mq', job: 'duplex' },
  { transport: 'posix-mq', pairs: 2 },
];

for (let n = Number(process.argv[2]) * 7; ; n++) {
  await shortRun({
    backing: BACKINGS[n % BACKINGS.length],
    ...KINDS[n % KINDS.length],
    warmUpSec: 0.02,
    durationSec: 0.04,
  });
}
