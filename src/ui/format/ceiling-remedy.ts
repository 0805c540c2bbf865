// What makes a limit wider, as a command line to be copied and pasted into a shell of root.
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { shellWord } from './shell-word.ts';

/** IPCMNI of ipc/util.h: no more segments without `ipcmni_extend` on the kernel's command line. */
const MOST_SEGMENTS = 32_768;
const MIB = 1024 ** 2;

/**
 * Twice what there is. Undefined: there is no limit, or no command can be told: a mount that only others see is remounted by its
 * container's own means, since a command that enters a foreign mount namespace runs what lies there.
 */
export function remedyOf(ceiling: Ceiling, pageSizeBytes: number): string | undefined {
  const { kind, limit } = ceiling;
  if (kind === 'shmem') return 'shmtop rm --abandoned --dry-run';
  if (limit === undefined || limit <= 0 || !Number.isSafeInteger(2 * limit)) return undefined;
  switch (kind) {
    case 'segments':
      return limit >= MOST_SEGMENTS ? undefined : `sysctl -w kernel.shmmni=${Math.min(MOST_SEGMENTS, 2 * limit)}`;
    case 'pages':
      return `sysctl -w kernel.shmall=${whole((2 * limit) / pageSizeBytes)}`;
    case 'largest':
      return `sysctl -w kernel.shmmax=${whole(2 * limit)}`;
    case 'mount-bytes':
      return remount(ceiling.mount.path, `size=${whole((2 * limit) / MIB)}M`);
    case 'mount-inodes':
      return remount(ceiling.mount.path, `nr_inodes=${whole(2 * limit)}`);
    case 'queues':
      return `sysctl -w kernel.msgmni=${whole(2 * limit)}`;
    case 'huge-pages': {
      const kib = Number(ceiling.of) / 1024;
      return Number.isSafeInteger(kib)
        ? `echo ${whole(2 * limit)} > /sys/kernel/mm/hugepages/hugepages-${kib}kB/nr_hugepages`
        : undefined;
    }
    // Others need more than a number, or are not ours to set: `advice` says whose.
    default:
      return undefined;
  }
}

/** Only a path that can be typed as it is shown: in one that is escaped a backslash begins something else. */
function remount(path: string, option: string): string | undefined {
  const isOurs = !/^\/proc\/\d+\/root(\/|$)/.test(path);
  return isOurs && /^[\x20-\x5b\x5d-\x7e]+$/.test(path) ? `mount -o remount,${option} ${shellWord(path)}` : undefined;
}

const whole = (value: number) => Math.ceil(value).toFixed(0);
