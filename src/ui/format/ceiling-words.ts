// The ceilings in words: what each is, the misleading error that running into it causes, and what helps.
import type { Ceiling, CeilingKind } from '../../probe/model/ceilings.ts';
import { formatIecBytes } from './bytes.ts';
import { namespaceName } from './namespace-words.ts';
import { safeText } from './safe-text.ts';

export interface CeilingWords {
  readonly title: string;
  /** What a program says when it runs into it. */
  readonly error: string;
  readonly meaning: string;
  readonly advice: string;
}

export function ceilingWords(ceiling: Ceiling): CeilingWords {
  return WORDS[ceiling.kind](whereOf(ceiling));
}

/** The mount, the namespace with who lives in it, the group, or the size of the pages; escaped. */
function whereOf(ceiling: Ceiling): string {
  if ('mount' in ceiling) return safeText(ceiling.mount.path);
  if ('namespace' in ceiling) return namespaceName(ceiling.namespace);
  const { of = '', kind } = 'of' in ceiling ? ceiling : { kind: ceiling.kind };
  return kind === 'huge-pages' ? formatIecBytes(Number(of)) : safeText(of);
}

const WORDS: Readonly<Record<CeilingKind, (path: string) => CeilingWords>> = {
  shmem: () => ({
    title: 'Shared memory of RAM',
    error: 'no error: the OOM killer, or swapping; free(1) shows it as "shared"',
    meaning: 'Shmem of /proc/meminfo: tmpfs, segments, memfds and anonymous shared mappings that are in memory.',
    advice: 'It cannot be dropped like cache: somebody must remove it. Sort by MEM to see what it is.',
  }),
  segments: () => ({
    title: 'System V segments (SHMMNI)',
    error: 'shmget: No space left on device (ENOSPC), though no disk is full',
    meaning: 'Number of segments in this IPC namespace.',
    advice: 'Remove what is abandoned, or raise it: sysctl kernel.shmmni=…',
  }),
  pages: () => ({
    title: 'System V memory (SHMALL)',
    error: 'shmget: No space left on device (ENOSPC), the same as for SHMMNI',
    meaning: 'Length of all segments together, in pages.',
    advice: 'Remove what is abandoned, or raise it: sysctl kernel.shmall=… (in pages)',
  }),
  largest: () => ({
    title: 'Largest segment (SHMMAX)',
    error: 'shmget: Invalid argument (EINVAL)',
    meaning: 'Length of one segment.',
    advice: 'Raise it: sysctl kernel.shmmax=… (in bytes)',
  }),
  'mount-bytes': (path) => ({
    title: `${path} bytes`,
    error: 'write or ftruncate: No space left on device; through a mapping: Bus error (SIGBUS)',
    meaning: 'Pages of all files in this tmpfs; those without a name count too.',
    advice: `Remove what is abandoned, or enlarge it: mount -o remount,size=… ${path} (docker: --shm-size)`,
  }),
  'mount-inodes': (path) => ({
    title: `${path} inodes`,
    error: 'shm_open: No space left on device, though df shows room; df -i shows it',
    meaning: 'Files, directories and links in this tmpfs.',
    advice: `Remove small leftovers, or raise it: mount -o remount,nr_inodes=… ${path}`,
  }),
  'namespace-segments': (name) => ({
    title: `Segments of ${name}`,
    error: 'shmget: No space left on device (ENOSPC), in that namespace alone',
    meaning: 'Number of segments in an IPC namespace that is not ours: its SHMMNI is its own.',
    advice: 'Raise it for that container: docker run --sysctl kernel.shmmni=…',
  }),
  'namespace-pages': (name) => ({
    title: `Segment memory of ${name}`,
    error: 'shmget: No space left on device (ENOSPC), in that namespace alone',
    meaning: 'Length of all segments of an IPC namespace that is not ours: its SHMALL is its own.',
    advice: 'Raise it for that container: docker run --sysctl kernel.shmall=… (in pages)',
  }),
  'semaphore-sets': () => ({
    title: 'Semaphore sets (SEMMNI)',
    error: 'semget: No space left on device (ENOSPC), though no disk is full',
    meaning: 'Number of sets of System V semaphores in this IPC namespace.',
    advice: 'Remove what is left behind (ipcs -s), or raise the fourth number: sysctl kernel.sem="… … … …"',
  }),
  semaphores: () => ({
    title: 'Semaphores (SEMMNS)',
    error: 'semget: No space left on device (ENOSPC), the same as for SEMMNI',
    meaning: 'System V semaphores of all sets in this IPC namespace.',
    advice: 'Remove what is left behind (ipcs -s), or raise the second number: sysctl kernel.sem="… … … …"',
  }),
  queues: () => ({
    title: 'Message queues (MSGMNI)',
    error: 'msgget: No space left on device (ENOSPC)',
    meaning: 'Number of System V message queues in this IPC namespace.',
    advice: 'Remove what is left behind (ipcs -q), or raise it: sysctl kernel.msgmni=…',
  }),
  'huge-pages': (size) => ({
    title: `Huge pages of ${size}`,
    error: 'mmap or shmget: Cannot allocate memory (ENOMEM); through a mapping: Bus error (SIGBUS)',
    meaning: 'Pages of the pool that are in use, of all that were set aside or may be taken beyond.',
    advice: 'Set more aside: sysctl vm.nr_hugepages=… (other sizes: /sys/kernel/mm/hugepages)',
  }),
  group: (path) => ({
    title: `Memory of ${path}`,
    error: 'no error: the OOM killer ends a process of this control group (SIGKILL)',
    meaning: 'All memory of a control group; shared memory is charged to the group of whoever touched it first.',
    advice:
      'Raise its limit: systemctl set-property UNIT MemoryMax=…, docker update --memory=…, or limits.memory of the pod',
  }),
};
