// A witness opens its store: where a dashboard or a watch records there beside its work, that one is asked to give way.
import { closeSync, constants, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRefused } from '../files/trust.ts';
import { isLibc, loadLibc } from '../native/libc.ts';
import { lockByte } from '../native/record-lock.ts';
import { LOCK_NAME, LOCK_OF, openWitnessFolder } from '../probe/source/witness-place.ts';
import { openStore } from './open-store.ts';
import type { StoreRefused, WitnessStore } from './store.ts';

/** Whoever records beside his work looks each second whether somebody waits. */
const PATIENCE_MS = 8000;
const AGAIN_MS = 100;

/** As `openStore`; takes up to some seconds where somebody has to give way, and says who did not. */
export async function claimStore(directory: string, bootId: string): Promise<WitnessStore | StoreRefused> {
  let store = openStore(directory, bootId);
  if (!('problem' in store) || store.role === undefined || store.role === 'witness') return store;
  const claim = makeClaim(directory);
  if (claim === undefined) return store;
  try {
    for (const untilMs = performance.now() + PATIENCE_MS; performance.now() < untilMs; ) {
      await sleep(AGAIN_MS);
      store = openStore(directory, bootId);
      if (!('problem' in store) || store.isTaken !== true) return store;
    }
  } finally {
    closeSync(claim);
  }
  return { ...store, problem: `${store.problem}, and does not give way` };
}

/** The lock file with its second byte locked; undefined: that cannot be, or somebody else waits already. */
function makeClaim(directory: string): number | undefined {
  const libc = loadLibc();
  const folder = openWitnessFolder(directory, 0);
  if (!isLibc(libc) || isRefused(folder)) return undefined;
  let fd: number | undefined;
  try {
    fd = openSync(folder.at(LOCK_NAME), constants.O_RDWR | constants.O_NOFOLLOW);
    if (lockByte(libc, fd, LOCK_OF.claimant) === 0) return fd;
    closeSync(fd);
    return undefined;
  } catch {
    return undefined; // ENOENT: whoever had it has removed it all
  } finally {
    closeSync(folder.fd);
  }
}
