// The System V segment table as text (/proc/sysvipc/shm): for resident bytes, and for kernels without SHM_STAT_ANY. Its ceilings.
import { errnoName } from '../../native/errno.ts';
import { IPC, SHM_INFO_LAYOUT, SHMINFO_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { readU64Text } from '../../native/memory.ts';
import { shmctl } from '../../native/sysv.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import { parseSysvText } from '../parse/sysvipc.ts';
import type { Io } from './io.ts';

/** The table from text: every kernel, every privilege; about 1 µs a segment in the kernel. Undefined: not readable. */
export function readSysvText(io: Io, procRoot: string, ipcNamespace: string, gaps: GapList): SysvRow[] | undefined {
  const bytes = io.readFile(`${procRoot}/sysvipc/shm`);
  if (typeof bytes === 'number') {
    gaps.add('sysv', 'unsupported', { detail: `${procRoot}/sysvipc/shm: ${errnoName(bytes)}` });
    return undefined;
  }
  const { rows, malformed } = parseSysvText(bytes, bytes.length, ipcNamespace);
  if (malformed > 0) gaps.add('sysv', 'malformed', { count: malformed });
  return rows;
}

export interface SysvLimits {
  readonly shmmni?: string;
  readonly shmall?: string;
  readonly shmmax?: string;
  readonly shmRmidForced?: boolean;
}

/** Ceilings of the namespace: IPC_INFO where libc is there, else /proc/sys/kernel. */
export function readSysvLimits(io: Io, procRoot: string, libc: Libc | undefined): SysvLimits {
  const forced = numberIn(io, `${procRoot}/sys/kernel/shm_rmid_forced`);
  const shmRmidForced = forced === undefined ? undefined : forced === '1';
  if (libc) {
    const info = libc.allocate(Math.max(SHMINFO_LAYOUT.size, SHM_INFO_LAYOUT.size));
    if (shmctl(libc, 0, IPC.INFO, info.address) >= 0) {
      const text = (offset: number) => readU64Text(info.u32, offset / 4);
      return {
        shmmni: text(SHMINFO_LAYOUT.shmmni),
        shmall: text(SHMINFO_LAYOUT.shmall),
        shmmax: text(SHMINFO_LAYOUT.shmmax),
        shmRmidForced,
      };
    }
  }
  const limit = (name: string) => numberIn(io, `${procRoot}/sys/kernel/${name}`);
  return { shmmni: limit('shmmni'), shmall: limit('shmall'), shmmax: limit('shmmax'), shmRmidForced };
}

/** The decimal number that a sysctl file holds, as text. */
function numberIn(io: Io, path: string): string | undefined {
  const bytes = io.readFile(path);
  if (typeof bytes === 'number') return undefined;
  return /^\d+/.exec(bytes.toString('latin1'))?.[0];
}
