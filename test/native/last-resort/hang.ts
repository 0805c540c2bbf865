// A program that hangs in a system call, or does not, with its last resort armed: what it prints says what became of it.

import { armLastResort } from '../../../src/native/last-resort.ts';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { Sleeper } from '../../../src/native/sleep.ts';

const AFTER_MS = 400;
const [how] = process.argv.slice(2);
const libc = loadLibc();
if (!isLibc(libc)) throw new Error(libc.reason);
if (process.env.NOTE) {
  console.log(`anew ${Number(process.env.NOTE.split(':')[0]) === process.pid} ${process.env.NOTE.slice(-10).trim()}`);
} else {
  const program = {
    path: process.execPath,
    args: process.argv.slice(1),
    environ: Buffer.from('KEPT=1\0NOTE=of somebody else\0'),
    note: { name: 'NOTE', value: `${process.pid}:` },
  };
  const armed = armLastResort(libc, program, 4, AFTER_MS);
  if (typeof armed === 'number') throw new Error(`not armed: ${armed}`);
  if (how !== 'outside') armed.begin(4711);
  if (how === 'cancelled') armed.cancel();
  if (how === 'ended') armed.end();
  new Sleeper(libc).sleep(AFTER_MS * 3);
  console.log('not replaced');
  if (how !== 'cancelled') armed.cancel();
}
