// A process that runs one short load after the other, of changing kinds, until it is killed. Started by driver.ts.
import { BACKINGS, SYNC_MODES } from '../../../src/load/model/options.ts';
import { shortRun } from '../support.ts';

for (let n = Number(process.argv[2]); ; n++) {
  await shortRun({
    sync: SYNC_MODES[n % SYNC_MODES.length],
    backing: BACKINGS[n % BACKINGS.length],
    warmUpSec: 0.02,
    durationSec: 0.04,
  });
}
