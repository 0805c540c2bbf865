// Writes batch after batch until it is killed, and says the number of each that was written. Started by open-store.test.ts.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/witness/open-store.ts';
import { BOOT, life, NOW_MS, watch } from './lives.ts';

const store = openStore(process.argv[2] ?? '', BOOT);
if ('problem' in store) throw new Error(store.problem);
const LIVES = 40;
let number = store.load().lives[0]?.sizeBytes ?? 0;
for (;;) {
  number++;
  const lives = Array.from({ length: LIVES }, (_, at) => life(at, { sizeBytes: number }));
  const problem = store.write({ lives, forgotten: [], watch: watch({ seenMs: NOW_MS + number }) });
  if (problem !== undefined) throw new Error(problem);
  writeSync(1, `${number}\n`);
}
