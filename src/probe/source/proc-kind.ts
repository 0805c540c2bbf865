// How the pids below a proc root relate to those in the kernel's tables, which are of our own pid namespace.
import { statfsSync } from 'node:fs';
import { parsePidStatus } from '../parse/pid-stat.ts';
import { type Io, readText } from './io.ts';

/** Numbers of the same namespace; of another one; a captured tree, which is an ordinary folder. */
export type ProcKind = 'own' | 'foreign' | 'captured';

export const DEFAULT_PROC_ROOT = '/proc';
const PROC_SUPER_MAGIC = 0x9fa0;

/**
 * The proc of an outer namespace may call us by our own number, by chance: but it lists our pid in each namespace below its
 * own, and ours lists one. Before Linux 4.1 it lists none, and the number has to do.
 */
export function procKindOf(io: Io, procRoot: string): ProcKind {
  // At the usual place something else is the work of a sandbox: its processes are of this machine, wherever they are shown.
  if (!isProcfs(procRoot)) return procRoot === DEFAULT_PROC_ROOT ? 'foreign' : 'captured';
  if (io.readLink(`${procRoot}/self`) !== String(process.pid)) return 'foreign';
  const status = readText(io, `${procRoot}/self/status`);
  const { nsPids = [] } = typeof status === 'number' ? {} : parsePidStatus(status);
  return nsPids.length > 1 ? 'foreign' : 'own';
}

function isProcfs(path: string): boolean {
  try {
    return statfsSync(path).type === PROC_SUPER_MAGIC;
  } catch {
    return false; // ENOENT, EACCES
  }
}
