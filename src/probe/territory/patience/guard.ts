// What a command does that hangs in a read of another process: it cannot do anything, so its program is started anew in its place,
// under the same pid, and reads carefully from the beginning. Costs half a millisecond, and nothing while nobody hangs.

import { readFileSync } from 'node:fs';
import { armLastResort, type LastResort, poolThreads } from '../../../native/last-resort.ts';
import { isLibc, loadLibc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { ownArgs } from '../../../single-file/single-file.ts';
import { once } from '../../model/once.ts';
import { becomeCareful, guardPatientReads, isCareful } from './patience.ts';
import { trust } from './trust.ts';

/** Each read has at least half of it. */
const AFTER_MS = 1000;
/** The program is about to be replaced: so long it may take. */
const REPLACED_WITHIN_MS = 500;
/** More processes than these are not asked whose they are. */
const MOST_TRUSTED = 200;
const VARIABLE = 'SHMTOP_RESTARTED';

export interface Restarted {
  /** Whose reading hung. */
  readonly pid: number;
  /** Something had been written already: doing it all again would say it twice. */
  readonly hadWritten: boolean;
}

/** Set where this very process was started anew; whatever others have put into the environment has no effect. */
export function restartedFrom(env: NodeJS.ProcessEnv): Restarted | undefined {
  const found = /^(\d+):(anew|over): *(\d+) *$/.exec(env[VARIABLE] ?? '');
  if (!found || Number(found[1]) !== process.pid) return undefined;
  return { hadWritten: found[2] === 'over', pid: Number(found[3]) };
}

/** Runs a look, replaced by the program anew where it hangs. `hasWritten`: see `Restarted`. */
export function guarded<Value>(hasWritten: boolean, look: () => Value): Value {
  if (isCareful()) return look();
  const loaded = loadLibc();
  const threads = poolThreads(process.env);
  if (!isLibc(loaded) || threads === undefined) {
    if (isLibc(loaded)) becomeCareful();
    return look();
  }
  const program = once(() => ({
    path: process.execPath,
    args: ownArgs(),
    environ: readFileSync('/proc/self/environ'),
    note: { name: VARIABLE, value: `${process.pid}:${hasWritten ? 'over' : 'anew'}:` },
  }));
  let armed: LastResort | undefined;
  let trusted = 0;
  const isTrusted = trust();
  guardPatientReads({
    begin: (pid) => {
      // Where there are only such, the half millisecond, and what the threads cost, is saved; asking many costs more than that.
      if (armed === undefined && trusted < MOST_TRUSTED && isTrusted(pid)) {
        trusted++;
        return;
      }
      if (armed === undefined || armed.dueMs - monotonicMs() < AFTER_MS / 2) {
        armed?.cancel();
        const next = armLastResort(loaded, program(), threads, AFTER_MS);
        armed = typeof next === 'number' ? undefined : next; // EMFILE: unguarded, as before
      }
      armed?.begin(pid);
    },
    end: () => {
      if (!armed) return;
      armed.end();
      // It took so long that it may be under way.
      if (monotonicMs() > armed.dueMs - 1) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, REPLACED_WITHIN_MS);
        armed.cancel();
        armed = undefined;
      }
    },
  });
  try {
    return look();
  } finally {
    guardPatientReads(undefined);
    armed?.cancel();
  }
}
