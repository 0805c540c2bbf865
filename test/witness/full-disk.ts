// In a small tmpfs: what a store does when it is full, when there is room again, and when it may only be read. Prints what it found as
// JSON. Started by full-disk.test.ts in a mount namespace of its own.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { nativeIo } from '../../src/probe/source/io-native.ts';
import { WitnessFile } from '../../src/probe/source/witness-file.ts';
import { openStore } from '../../src/witness/open-store.ts';
import { life, NOW_MS, watch } from './lives.ts';

const [, , above = ''] = process.argv;
const place = join(above, 'witness');
const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
const libc = loadLibc();
if (!isLibc(libc)) throw new Error(libc.reason);
const reader = new WitnessFile([place], nativeIo(libc), libc);
const open = () => {
  const store = openStore(place, bootId);
  if ('problem' in store) throw new Error(store.problem);
  return store;
};
const problem = (path: string) => {
  const store = openStore(path, bootId);
  if ('problem' in store) return store.problem;
  store.close();
  return undefined;
};
const batch = (from: number, count: number, seenMs: number) => ({
  lives: Array.from({ length: count }, (_, at) => life(from + at)),
  forgotten: [],
  watch: watch({ bootId, seenMs }),
});
const seen = () => ({ lives: reader.lives(), beat: reader.knowledge()?.watch?.seenMs });
const countOf = ({ lives }: ReturnType<typeof seen>) => (typeof lives === 'string' ? lives : lives.lives.length);
const ballast = join(above, 'ballast');
const fill = () => {
  for (const bytes of [65_536, 4096, 1]) {
    try {
      for (;;) writeFileSync(ballast, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // ENOSPC
    }
  }
};

let store = open();
const first = store.write(batch(0, 20, NOW_MS));
fill();
// The log may have some room left in its last pages: sooner or later there is none.
let full: string | undefined;
let kept = 20;
let beat = NOW_MS;
for (let round = 1; full === undefined && round < 100; round++) {
  full = store.write(batch(round * 100, 100, NOW_MS + round));
  if (full === undefined) [kept, beat] = [kept + 100, NOW_MS + round];
}
const whileFull = { ...seen(), loaded: store.load().lives.length };
const stillFull = store.write(batch(50_000, 100, NOW_MS + 500));
rmSync(ballast);
const again = store.write(batch(50_000, 100, NOW_MS + 1000));
const afterwards = seen();
fill();
store.close();
problem(place);
const otherFull = problem(join(above, 'other'));
rmSync(ballast);
store = open();
const survived = store.load().lives.length;
store.close();
reader.close();
execFileSync('mount', ['-o', 'remount,ro', above]);
const readOnly = problem(place);
const read = seen();

process.stdout.write(
  JSON.stringify({
    first,
    full,
    stillFull,
    kept,
    isBeatKept: whileFull.beat === beat,
    seenWhileFull: countOf(whileFull),
    loadedWhileFull: whileFull.loaded,
    again,
    seenAfterwards: countOf(afterwards),
    beatAfterwards: afterwards.beat === NOW_MS + 1000,
    otherFull,
    survived,
    readOnly,
    readOnlyBeat: read.beat,
  }),
);
