// The ceilings in words: what each is, the misleading error that running into it causes, and what helps.
import type { Ceiling, CeilingKind } from '../../probe/model/ceilings.ts';
import { formatIecBytes } from './bytes.ts';
import { safeLine } from './safe-text.ts';

export interface CeilingWords {
  readonly title: string;
  /** What a program says when it runs into it. */
  readonly error: string;
  readonly meaning: string;
  readonly advice: string;
}

export function ceilingWords(ceiling: Ceiling): CeilingWords {
  return WORDS[ceiling.kind]('mount' in ceiling ? safeLine(ceiling.mount.path) : '');
}

/** `4.0M of 64.0M`, `7 of any`. */
export function spellCeiling({ used = 0, limit, unit }: Ceiling): string {
  const text = (value: number) => (unit === 'bytes' ? formatIecBytes(value) : String(value));
  return `${text(used)} of ${limit === undefined ? 'any' : text(limit)}`;
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
  }
}

/** What lies in another mount namespace is told apart by a process in it: `ns 4711`, `ns 4711:/tmp`. */
export function shortMount(path: string): string {
  const [, pid, inside] = /^\/proc\/(\d+)\/root(\/.*)?$/s.exec(path) ?? [];
  if (pid === undefined) return safeLine(path);
  return inside === '/dev/shm' ? `ns ${pid}` : `ns ${pid}:${safeLine(inside ?? '/')}`;
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
};
