// How parts of the account of shared memory are called, and what is to be said of them.
import type { AccountPart, PartKind, PartNote } from '../../probe/model/account/account.ts';
import { type OwnerSum, UNSEEN } from '../../probe/model/account/sum-by.ts';
import { escapeBytes } from '../../probe/model/bytes.ts';
import { shortMount } from './ceiling-words.ts';
import { ownerLabel, type Surroundings } from './owner-words.ts';
import { isTypable, shellWord } from './shell-word.ts';

/** Escaped, one line. */
export function partLabel({ kind, mount, ipcNamespace, driver }: AccountPart, { ownNamespace }: Surroundings): string {
  switch (kind) {
    case 'sysv':
      if (ipcNamespace === undefined) return KIND_WORDS.sysv;
      return `segments, IPC namespace ${ipcNamespace}${ipcNamespace === ownNamespace ? ' (ours)' : ''}`;
    case 'mount':
    case 'hugetlb':
      if (mount?.path === undefined) return `${mount?.fileSystem ?? KIND_WORDS[kind]} ${mount?.device ?? ''}`.trimEnd();
      // What only others see has the name that they gave it: it is told apart by who sees it.
      return mount.pid === undefined
        ? escapeBytes(mount.path)
        : shortMount(`/proc/${mount.pid}/root${escapeBytes(mount.path)}`);
    case 'gpu':
      return `${KIND_WORDS.gpu}${driver === undefined ? '' : ` (${escapeBytes(driver)})`}`;
    default:
      return KIND_WORDS[kind];
  }
}

const KIND_WORDS: Readonly<Record<PartKind, string>> = {
  sysv: 'System V segments',
  mount: 'tmpfs',
  memfd: 'memfds',
  anonymous: 'anonymous shared mappings',
  gpu: 'buffers of graphics',
  hugetlb: 'files of huge pages',
};

export const NOTE_WORDS: Readonly<Record<PartNote, string>> = {
  unmounted: 'mounted nowhere any more: it goes with the processes that hold it',
  'no-limit': 'mounted without a limit: counted are the objects on it',
  'not-reached': 'could not be asked: counted are the objects on it',
  partly: 'some of it could not be asked for its size',
  swapped: 'with what of it is swapped out',
  'at-most': 'at most: the driver does not tell how much of it is in memory',
};

export const REMAINDER = 'remainder';
/** What it is, for who asks; one line each. */
export const REMAINDER_WORDS =
  'Nobody that could be asked accounts for it: drivers, the kernel itself, mounts and processes that could not be looked into.';
/** `path`: of the mount. What tells comes first: the end may be cut. */
export const unlistedWords = (path: string | undefined): string =>
  `${path === undefined || !isTypable(path) ? 'du -ahx there' : `du -ahx ${shellWord(path)}`} lists these plain files: memory like all of a tmpfs, though nobody maps them.`;

/** Escaped, one line. */
export function sumLabel({ kind, key, part, by, example, holder }: OwnerSum, surroundings: Surroundings): string {
  if (kind === 'remainder') return REMAINDER;
  if (kind === 'files') return `files on ${part ? partLabel(part, surroundings) : 'a tmpfs'}`;
  if (by !== 'process') return example ? ownerLabel(example, by, surroundings) : 'owner unknown';
  if (key === UNSEEN) return 'holders not seen';
  if (!holder) return 'held by nobody';
  return `${holder.comm === undefined ? '?' : escapeBytes(holder.comm)}[${holder.pid}]`;
}
