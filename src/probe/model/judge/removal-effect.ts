// What removing an object would do, as data and in words. PURE: nothing is removed here.
import { escapeBytes, utf8Bytes } from '../bytes.ts';
import { costBytes, type ShmObject } from '../object.ts';

/**
 * What happens to the memory: freed at once, freed when the last holder goes, kept under another name, or nothing at all.
 * `freed-now-unless-held`: at once, unless somebody holds it whom we cannot see.
 */
export type RemovalOutcome = 'freed-now' | 'freed-now-unless-held' | 'freed-later' | 'name-only' | 'nothing';

export interface RemovalEffect {
  readonly outcome: RemovalOutcome;
  /** The system call that would do it; absent where there is nothing to call. */
  readonly call?: 'IPC_RMID' | 'unlink' | 'rmdir';
  /** Memory and swap that come free, now or later; absent where unknown or none. */
  readonly freedBytes?: number;
  /** Processes that have to go first, as far as they are seen. */
  readonly holderPids: readonly number[];
  /** Sentences for people, without the end of a line; safe to print. */
  readonly text: readonly string[];
}

/** Judged from one snapshot: whoever removes has to look again. */
export function removalEffect(object: ShmObject): RemovalEffect {
  switch (object.kind) {
    case 'sysv':
      return segmentEffect(object);
    case 'posix':
      return nameEffect(object);
    default:
      return namelessEffect(object);
  }
}

function segmentEffect(object: ShmObject): RemovalEffect {
  const { nattch, status } = object;
  const holderPids = pidsOf(object);
  const freedBytes = costBytes(object);
  const isDest = status.includes('dest');
  const isHeld = nattch === undefined ? holderPids.length > 0 : nattch > 0;
  if (!isHeld) {
    const text = ['The segment goes at once.', ...poolNote(object)];
    return { outcome: 'freed-now', call: 'IPC_RMID', freedBytes, holderPids, text };
  }
  if (isDest) {
    return {
      outcome: 'nothing',
      freedBytes,
      holderPids,
      text: [`Nothing changes: it is marked for destruction already and goes by itself with ${lastMapping(nattch)}.`],
    };
  }
  return {
    outcome: 'freed-later',
    call: 'IPC_RMID',
    freedBytes,
    holderPids,
    text: [
      `It is only marked for destruction: its key goes at once, its memory with ${lastMapping(nattch)}.`,
      'This cannot be undone.',
    ],
  };
}

function lastMapping(nattch: number | undefined): string {
  return nattch === undefined || nattch === 1 ? 'its last mapping' : `the last of its ${nattch} mappings`;
}

function nameEffect(object: ShmObject): RemovalEffect {
  const { type, links = 1, verdict, holders } = object;
  const holderPids = pidsOf(object);
  if (object.onDisk !== undefined) {
    // A user can name a file system of FUSE: text from outside.
    const fileSystem = escapeBytes(utf8Bytes(object.onDisk));
    const text = [`It lies on disk (${fileSystem}): no memory comes back with it.`];
    return { outcome: 'name-only', call: 'unlink', holderPids, text };
  }
  if (type === 'directory') {
    const text = ['Only an empty directory can be removed; it holds no memory of its own.'];
    return { outcome: 'name-only', call: 'rmdir', holderPids, text };
  }
  if (type !== undefined && type !== 'file' && type !== 'semaphore') {
    const what = type === 'other' ? 'special file' : type;
    return { outcome: 'name-only', call: 'unlink', holderPids, text: [`The ${what} goes; it holds no memory.`] };
  }
  if (links > 1) {
    const others = links === 2 ? 'one more name' : `${links - 1} more names`;
    return { outcome: 'name-only', call: 'unlink', holderPids, text: [`Only this name goes: it has ${others}.`] };
  }
  const freedBytes = costBytes(object);
  if (verdict.state === 'in-use' || holders.length > 0) {
    return {
      outcome: 'freed-later',
      call: 'unlink',
      freedBytes,
      holderPids,
      text: [
        'Its name goes at once, so nobody can open it any more; its memory goes with the last process that holds it.',
        'This cannot be undone.',
      ],
    };
  }
  const isSure = verdict.state === 'abandoned' || verdict.evidence.some(({ code }) => code === 'lease-free');
  return {
    outcome: isSure ? 'freed-now' : 'freed-now-unless-held',
    call: 'unlink',
    freedBytes,
    holderPids,
    text: isSure
      ? ['Its name and its memory go at once.']
      : ['Its name goes at once; its memory too, unless somebody holds it who cannot be seen from here.'],
  };
}

function namelessEffect(object: ShmObject): RemovalEffect {
  const holderPids = pidsOf(object);
  if (object.kind === 'file') {
    const text = ['Nothing: it is an ordinary file, and its mappings end with the processes that hold them.'];
    return { outcome: 'nothing', holderPids, text };
  }
  const text = ['Nothing can be removed: it has no name, and goes by itself with the last process that holds it.'];
  return { outcome: 'nothing', freedBytes: costBytes(object), holderPids, text };
}

function poolNote({ status }: ShmObject): string[] {
  return status.includes('hugetlb') ? ['Its huge pages go back to their pool, not to free memory.'] : [];
}

function pidsOf({ holders }: ShmObject): number[] {
  return holders.map(({ pid }) => pid);
}
