// Size, owner and times of an object without a name, through one of its holders: an open descriptor, or map_files (root).
import type { LooseStat } from '../model/assemble/assemble-loose.ts';
import type { LooseDraft } from '../model/join/join.ts';
import type { ProcessReader } from '../territory/patience/process-reader.ts';

/** Follows the links of /proc/PID/fd and /proc/PID/map_files; undefined where neither is permitted, or the holder is gone. */
export function statThroughHolder(
  reader: Pick<ProcessReader, 'stat'>,
  procRoot: string,
  draft: LooseDraft,
): LooseStat | undefined {
  for (const { pid, path } of holderPaths(procRoot, draft)) {
    const stat = reader.stat(pid, path);
    if (typeof stat === 'number' || stat.inode !== draft.inode || stat.device !== draft.device) continue;
    return stat;
  }
  return undefined;
}

/** Paths that lead to the object itself, whatever its name: at most one descriptor and one mapping of each holder. */
function* holderPaths(
  procRoot: string,
  { holds }: LooseDraft,
): Generator<{ readonly pid: number; readonly path: string }> {
  for (const [pid, { mappings, fds }] of holds) {
    if (fds.length > 0) yield { pid, path: `${procRoot}/${pid}/fd/${fds[0]}` };
    if (mappings.length > 0) yield { pid, path: mapFilesPath(procRoot, pid, mappings[0]) };
  }
}

/** The link of one mapping (proc_pid_map_files(5)); opening and following it needs CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN. */
export function mapFilesPath(procRoot: string, pid: number, { start, end }: { start: number; end: number }): string {
  return `${procRoot}/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`;
}
