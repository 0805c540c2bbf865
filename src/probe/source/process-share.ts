// What one process pays for shared memory: proportional and private shares from smaps_rollup (proc_pid_smaps(5)).
import { readFileSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import type { ProcessShare } from '../model/process-share.ts';

/** Costs the kernel a walk over all page tables of the process: for the selected process only. */
export function readProcessShare(pid: number, procRoot = '/proc'): ProcessShare {
  try {
    const text = readFileSync(`${procRoot}/${pid}/smaps_rollup`, 'latin1');
    const bytes = (name: string) => {
      const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text);
      return found ? Number(found[1]) * 1024 : undefined;
    };
    return { pid, rssBytes: bytes('Rss'), pssBytes: bytes('Pss'), pssShmemBytes: bytes('Pss_Shmem') };
  } catch (cause) {
    const code = errorCode(cause);
    return { pid, refused: code === 'EACCES' ? 'permission denied' : code === 'ENOENT' ? 'it has ended' : code };
  }
}
