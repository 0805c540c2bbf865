// The ceilings in words: what each is, the misleading error that running into it causes, and what helps.
import type { Ceiling, CeilingKind } from '../../probe/model/ceilings.ts';
import { formatIecBytes } from './bytes.ts';
import { namespaceName } from './namespace-words.ts';
import { safeLine, safeText } from './safe-text.ts';

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
  if ('mount' in ceiling) return safeLine(ceiling.mount.path);
  if ('namespace' in ceiling) return namespaceName(ceiling.namespace);
  const { of = '', kind } = 'of' in ceiling ? ceiling : { kind: ceiling.kind };
  return kind === 'huge-pages' ? formatIecBytes(Number(of)) : safeText(of);
}

/** `4.0M of 64.0M`, `7, no limit`. */
export function spellCeiling({ used = 0, limit, unit }: Ceiling): string {
  const text = (value: number) => (unit === 'bytes' ? formatIecBytes(value) : String(value));
  return limit === undefined ? `${text(used)}, no limit` : `${text(used)} of ${text(limit)}`;
}

/** What it is called where there is no room for more: `/dev/shm`, `/dev/shm inodes`, `segments`. */
export function shortCeiling(ceiling: Ceiling): string {
  switch (ceiling.kind) {
    case 'shmem':
      return 'RAM';
    case 'segments':
      return 'segments';
    case 'pages':
      return 'SysV memory';
    case 'largest':
      return 'largest segment';
    case 'mount-bytes':
      return shortMount(ceiling.mount.path);
    case 'mount-inodes':
      return `${shortMount(ceiling.mount.path)} inodes`;
    case 'namespace-segments':
      return `segments of ${whereOf(ceiling)}`;
    case 'namespace-pages':
      return `SysV memory of ${whereOf(ceiling)}`;
    case 'semaphore-sets':
      return 'semaphore sets';
    case 'queues':
      return 'message queues';
    case 'huge-pages':
      return `huge pages ${whereOf(ceiling)}`;
    case 'group':
      return `group ${whereOf(ceiling).replace(/^.*\/(?=.)/, '')}`;
    case 'semaphores':
      return 'semaphores';
  }
}

/** What lies in another mount namespace is told apart by a process in it: `ns 4711`, `ns 4711:/tmp`. */
export function shortMount(path: string): string {
  const [, pid, inside] = /^\/proc\/(\d+)\/root(\/.*)?$/s.exec(path) ?? [];
  if (pid === undefined) return safeLine(path);
  return inside === '/dev/shm' ? `ns ${pid}` : `ns ${pid}:${safeLine(inside ?? '/')}`;
}

/** Of a limit that no object of shared memory fills: who knows more. */
export function noObjectsText({ kind }: Pick<Ceiling, 'kind'>): string {
  if (kind === 'group') return 'It counts all memory of its processes: which objects they touched first is not known.';
  return `No shared memory counts here: ipcs ${kind === 'queues' ? '-q' : '-s'} lists who made them.`;
}

const WORDS: Readonly<Record<CeilingKind, (path: string) => CeilingWords>> = {
  shmem: () => ({
    title: 'Shared memory of RAM',
    error: 'no error: the OOM killer, or swapping; free(1) shows it as "shared"',
    meaning: 'Shmem of /proc/meminfo: tmpfs, segments, memfds and anonymous shared mappings that are in memory.',
    advice:
      'It cannot be dropped like cache: somebody must remove it. shmtop rm --abandoned --dry-run tells what could go.',
  }),
  segments: () => ({
    title: 'System V segments (SHMMNI)',
    error: 'shmget: No space left on device (ENOSPC), though no disk is full',
    meaning: 'Number of segments in this IPC namespace.',
    advice: 'Remove what is abandoned, or raise it (32768 at most).',
  }),
  pages: () => ({
    title: 'System V memory (SHMALL)',
    error: 'shmget: No space left on device (ENOSPC), the same as for SHMMNI',
    meaning: 'Length of all segments together, in pages.',
    advice: 'Remove what is abandoned, or raise it (in pages).',
  }),
  largest: () => ({
    title: 'Largest segment (SHMMAX)',
    error: 'shmget: Invalid argument (EINVAL)',
    meaning: 'Length of one segment.',
    advice: 'Raise it (in bytes).',
  }),
  'mount-bytes': (path) => ({
    title: `${path} bytes`,
    error: 'write or ftruncate: No space left on device; through a mapping: Bus error (SIGBUS)',
    meaning: 'Pages of all files in this tmpfs; those without a name count too.',
    advice: 'Remove what is abandoned, or enlarge it; a container with its own means (--shm-size, sizeLimit).',
  }),
  'mount-inodes': (path) => ({
    title: `${path} inodes`,
    error: 'shm_open: No space left on device, though df shows room; df -i shows it',
    meaning: 'Files, directories and links in this tmpfs.',
    advice: 'Remove small leftovers, or allow more of them.',
  }),
  'namespace-segments': (name) => ({
    title: `Segments of ${name}`,
    error: 'shmget: No space left on device (ENOSPC), in that namespace alone',
    meaning: 'Number of segments in an IPC namespace that is not ours: its SHMMNI is its own.',
    advice: 'Raise it for that container: docker run --sysctl kernel.shmmni=….',
  }),
  'namespace-pages': (name) => ({
    title: `Segment memory of ${name}`,
    error: 'shmget: No space left on device (ENOSPC), in that namespace alone',
    meaning: 'Length of all segments of an IPC namespace that is not ours: its SHMALL is its own.',
    advice: 'Raise it for that container: docker run --sysctl kernel.shmall=… (in pages).',
  }),
  'semaphore-sets': () => ({
    title: 'Semaphore sets (SEMMNI)',
    error: 'semget: No space left on device (ENOSPC), though no disk is full',
    meaning: 'Number of sets of System V semaphores in this IPC namespace.',
    advice:
      'Remove what is left behind (ipcs -s lists, ipcrm -s ID removes), or raise the fourth number (32768 at most).',
  }),
  semaphores: () => ({
    title: 'Semaphores (SEMMNS)',
    error: 'semget: No space left on device (ENOSPC), the same as for SEMMNI',
    meaning: 'System V semaphores of all sets in this IPC namespace.',
    advice: 'Remove what is left behind (ipcs -s lists, ipcrm -s ID removes), or raise the second number.',
  }),
  queues: () => ({
    title: 'Message queues (MSGMNI)',
    error: 'msgget: No space left on device (ENOSPC)',
    meaning: 'Number of System V message queues in this IPC namespace.',
    advice: 'Remove what is left behind (ipcs -q lists, ipcrm -q ID removes), or raise it (32768 at most).',
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
