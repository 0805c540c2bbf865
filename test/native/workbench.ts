// What the tests of native/ share: libc or the reason why there is none, a folder of their own, and memory to call into.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { close } from '../../src/native/file.ts';
import { isLibc, type Libc, loadLibc } from '../../src/native/libc.ts';

const loaded = loadLibc();

/** Why there are no native calls here; absent when there are. */
export const missing: string | undefined = isLibc(loaded) ? undefined : loaded.reason;

/** libc; only to be called inside tests that are skipped when it is missing. */
export function libc(): Libc {
  if (!isLibc(loaded)) throw new Error(`no native calls: ${loaded.reason}`);
  return loaded;
}

/** A title with the reason where its tests are skipped. */
export const titled = (title: string): string => (missing === undefined ? title : `${title} (skipped: ${missing})`);

/** A new folder that goes when the tests of the group have ended; its path is known once they run. */
export function scratchFolder(): () => string {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-native-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => folder;
}

/** Runs `use` with a descriptor and closes it, whatever happens. */
export function withFd<Value>(fd: number, use: (fd: number) => Value): Value {
  if (fd < 0) throw new Error(`no descriptor: ${fd}`);
  try {
    return use(fd);
  } finally {
    close(libc(), fd);
  }
}

/** A descriptor number that no process has open. */
export const NO_FD = 1_000_000;

export const { EACCES, EBADF, EEXIST, EINVAL, ENAMETOOLONG, ENODEV, ENOENT, EPERM, ESRCH } = constants.errno;
