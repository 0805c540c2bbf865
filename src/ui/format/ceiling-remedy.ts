// What makes a limit wider, as a command line to be copied and pasted into a shell of root.
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { isTypable, shellWord } from './shell-word.ts';

/** IPCMNI of ipc/util.h: no more segments, sets or queues without `ipcmni_extend` on the kernel's command line; sysctl(8) refuses more. */
const MOST_IDS = 32_768;
/** The numbers of kernel.sem are `int`. */
const MOST_SEMAPHORES = 2 ** 31 - 1;
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
      return limit >= MOST_IDS ? undefined : `sysctl -w kernel.shmmni=${Math.min(MOST_IDS, 2 * limit)}`;
    case 'pages':
      return `sysctl -w kernel.shmall=${whole((2 * limit) / pageSizeBytes)}`;
    case 'largest':
      return `sysctl -w kernel.shmmax=${whole(2 * limit)}`;
    case 'mount-bytes':
      return remount(ceiling.mount.path, `size=${whole((2 * limit) / MIB)}M`);
    case 'mount-inodes':
      return remount(ceiling.mount.path, `nr_inodes=${whole(2 * limit)}`);
    case 'queues':
      return limit >= MOST_IDS ? undefined : `sysctl -w kernel.msgmni=${Math.min(MOST_IDS, 2 * limit)}`;
    case 'semaphore-sets':
      return limit >= MOST_IDS ? undefined : setSemaphores(4, Math.min(MOST_IDS, 2 * limit));
    case 'semaphores':
      return limit >= MOST_SEMAPHORES ? undefined : setSemaphores(2, Math.min(MOST_SEMAPHORES, 2 * limit));
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

/** One of the four numbers of kernel.sem (`SEMMSL SEMMNS SEMOPM SEMMNI`, proc_sys_kernel(5)); the others stay what they are then. */
const setSemaphores = (at: 2 | 4, value: number) =>
  `sysctl -w kernel.sem="$(awk '{$${at}=${value}}1' /proc/sys/kernel/sem)"`;

function remount(path: string, option: string): string | undefined {
  const isOurs = !/^\/proc\/\d+\/root(\/|$)/.test(path);
  return isOurs && isTypable(path) ? `mount -o remount,${option} ${shellWord(path)}` : undefined;
}

const whole = (value: number) => Math.ceil(value).toFixed(0);
