// Who stands in a directory: the working directories and roots of all processes, read only where that decides about a directory.
import { ENOENT, ESRCH } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, STATX_LAYOUT } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import { fileId } from '../../model/identity.ts';
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import { readStatx } from '../../source/io-native.ts';

export interface Standing {
  /** By `fileId` of the directory. */
  readonly pids: ReadonlyMap<string, number>;
  /** False where some could not be asked: anybody may stand anywhere. */
  readonly isWhole: boolean;
}

/** No file system is asked for anything (statxPlace); what others can write only decides where they themselves stand. */
export function readStanding(libc: Libc | undefined, procRoot: string, pids: readonly number[]): Standing {
  const found = new Map<string, number>();
  if (!libc) return { pids: found, isWhole: false };
  const record = libc.allocate(STATX_LAYOUT.size);
  let isWhole = true;
  for (const pid of pids) {
    for (const link of ['cwd', 'root']) {
      const failed = file.statxPlace(libc, AT_FDCWD, `${procRoot}/${pid}/${link}`, record.address);
      if (failed < 0) {
        isWhole &&= failed === -ENOENT || failed === -ESRCH;
        continue;
      }
      const { device, inode } = readStatx(record);
      found.set(keyOf({ device, inode }), pid);
    }
  }
  return { pids: found, isWhole };
}

const keyOf = ({ device, inode }: Pick<ShmEntry, 'device' | 'inode'>) => fileId('posix', device, inode);

/** The process that stands in a directory; `unknown` where not all could be asked. */
export function whoStandsIn({ pids, isWhole }: Standing, entry: ShmEntry): number | 'unknown' | 'no' {
  return pids.get(keyOf(entry)) ?? (isWhole ? 'no' : 'unknown');
}
