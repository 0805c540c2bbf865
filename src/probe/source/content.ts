// The bytes of an object, read so that nothing changes: no attach, no access time, no page allocated; or why that cannot be.
import { errnoName } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD } from '../../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { deviceText } from '../model/join/mapping-record.ts';
import type { ShmObject } from '../model/object.ts';
import type { Peek } from '../model/peek.ts';
import { readPatiently } from '../territory/patience/patience.ts';
import type { FileStat } from './io.ts';
import { mapFilesPath } from './loose-stat.ts';
import { type LastStep, openPinnedQuietly, PIN_SCRATCH_BYTES, pin } from './pinned.ts';

/** Room for the target of a link of /proc/self/fd too: `/SYSV00005301 (deleted)` and little more is looked for. */
const SCRATCH_BYTES = Math.max(PIN_SCRATCH_BYTES, 256);

/** Reads up to `length` bytes at `offset`; fewer at the end of the object. */
export function peekContent(object: ShmObject, offset: number, length: number, procRoot = '/proc'): Peek {
  const libc = loadLibc();
  if (!isLibc(libc)) return { refused: `reading content needs native calls (${libc.reason})` };
  if (object.type !== undefined && object.type !== 'file' && object.type !== 'semaphore') {
    return { refused: `a ${object.type} has no content to show` };
  }
  const scratch = libc.allocate(SCRATCH_BYTES);
  let failure = '';
  for (const { path, lastStep, via, pid } of waysTo(object, procRoot)) {
    // What has the name or the number by now might be a device that acts, or a fifo that waits, when it is opened.
    const isMeant = (stat: FileStat, pinned: number) => isTheObject(libc, pinned, stat, object);
    const pinIt = () => pin(libc, AT_FDCWD, path, lastStep, scratch, isMeant);
    // To look up the mapping of a process takes its memory lock.
    const pinned = pid === undefined ? pinIt() : readPatiently(pid, pinIt);
    if (pinned === undefined) continue;
    const fd = pinned < 0 ? pinned : openPinnedQuietly(libc, pinned);
    if (pinned >= 0) file.close(libc, pinned);
    if (fd < 0) {
      failure = errnoName(fd);
      continue;
    }
    try {
      return readAt(libc, fd, offset, length, via);
    } finally {
      file.close(libc, fd);
    }
  }
  return refusal(object, failure);
}

interface Way {
  readonly path: string;
  readonly lastStep: LastStep;
  readonly via: string;
  /** Whose memory lock it takes. */
  readonly pid?: number;
}

/** Paths that lead to the object, the least intrusive first. */
function* waysTo({ rawPath, holders }: ShmObject, procRoot: string): Generator<Way> {
  const byName = 'its name, without touching the access time';
  if (rawPath !== undefined) yield { path: rawPath, lastStep: 'nofollow', via: byName };
  const lastStep = 'magic-link';
  for (const { pid, mappings, fds } of holders) {
    if (fds.length > 0)
      yield { path: `${procRoot}/${pid}/fd/${fds[0]}`, lastStep, via: `descriptor ${fds[0]} of process ${pid}` };
    for (const mapping of mappings.slice(0, 1)) {
      const via = `the mapping of process ${pid}, without attaching`;
      yield { path: mapFilesPath(procRoot, pid, mapping), lastStep, via, pid };
    }
  }
}

/** The path may have come to mean something else since the snapshot. */
function isTheObject(libc: Libc, pinned: number, stat: FileStat, { kind, shmid, device, inode }: ShmObject): boolean {
  if (kind !== 'sysv') return stat.inode === inode && deviceText(stat.device) === device;
  // The inode of a segment is its shmid; a memfd on the same device may have that number too.
  const target = libc.allocate(SCRATCH_BYTES);
  const length = file.readlinkat(libc, AT_FDCWD, `/proc/self/fd/${pinned}`, target.address, target.bytes.length);
  const name = Buffer.from(target.bytes.buffer, 0, Math.max(0, length)).toString('latin1');
  return stat.inode === shmid && /^\/SYSV[0-9a-f]{8}/.test(name);
}

function readAt(libc: Libc, fd: number, offset: number, length: number, via: string): Peek {
  const memory = libc.allocate(Math.max(8, length));
  const count = file.pread(libc, fd, memory.address, length, offset);
  return count < 0
    ? { refused: `reading failed: ${errnoName(count)}` }
    : { bytes: memory.bytes.subarray(0, count), via };
}

function refusal({ kind, nattch }: ShmObject, failure: string): Peek {
  if (kind === 'sysv' && nattch === 0) {
    return {
      refused: 'a segment that nobody has attached can only be read by attaching to it',
      advice: 'that would change its attach time and last user, which are evidence; shmtop does not do it',
    };
  }
  return {
    refused: `the content could not be opened${failure ? ` (${failure})` : ''}`,
    advice: 'run as root to read it through a holder, without attaching',
  };
}
