// The bytes of an object, read so that nothing changes: no attach, no access time, no page allocated; or why that cannot be.
import { constants } from 'node:fs';
import { errnoName } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_NOATIME, STATX_LAYOUT } from '../../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { deviceText } from '../model/mapping-record.ts';
import type { ShmObject } from '../model/object.ts';
import type { Peek } from '../model/peek.ts';
import { readPatiently } from '../territory/patience.ts';
import { readStatx } from './io-native.ts';
import { mapFilesPath } from './loose-stat.ts';

const READ = constants.O_RDONLY | constants.O_NONBLOCK | O_CLOEXEC;

/** Reads up to `length` bytes at `offset`; fewer at the end of the object. */
export function peekContent(object: ShmObject, offset: number, length: number, procRoot = '/proc'): Peek {
  const libc = loadLibc();
  if (!isLibc(libc)) return { refused: `reading content needs native calls (${libc.reason})` };
  if (object.type !== undefined && object.type !== 'file' && object.type !== 'semaphore') {
    return { refused: `a ${object.type} has no content to show` };
  }
  let failure = '';
  for (const { path, via, pid } of waysTo(object, procRoot)) {
    // To open the mapping of a process takes its memory lock.
    const fd = pid === undefined ? openQuietly(libc, path) : readPatiently(pid, () => openQuietly(libc, path));
    if (fd < 0) {
      failure = errnoName(fd);
      continue;
    }
    try {
      if (isTheObject(libc, fd, object)) return readAt(libc, fd, offset, length, via);
    } finally {
      file.close(libc, fd);
    }
  }
  return refusal(object, failure);
}

/** Paths that lead to the object, the least intrusive first. */
function* waysTo(
  { rawPath, holders }: ShmObject,
  procRoot: string,
): Generator<{ path: string; via: string; pid?: number }> {
  if (rawPath !== undefined) yield { path: rawPath, via: 'its name, without touching the access time' };
  for (const { pid, mappings, fds } of holders) {
    if (fds.length > 0)
      yield { path: `${procRoot}/${pid}/fd/${fds[0]}`, via: `descriptor ${fds[0]} of process ${pid}` };
    for (const mapping of mappings.slice(0, 1)) {
      yield {
        path: mapFilesPath(procRoot, pid, mapping),
        via: `the mapping of process ${pid}, without attaching`,
        pid,
      };
    }
  }
}

/** O_NOATIME is the owner's; for others the access time may move, which relatime limits to once a day. */
function openQuietly(libc: Libc, path: string): number {
  const quiet = file.openat(libc, AT_FDCWD, path, READ | O_NOATIME);
  return quiet >= 0 ? quiet : file.openat(libc, AT_FDCWD, path, READ);
}

/** The path may have come to mean something else since the snapshot. */
function isTheObject(libc: Libc, fd: number, { kind, shmid, device, inode }: ShmObject): boolean {
  const record = libc.allocate(STATX_LAYOUT.size);
  if (file.statx(libc, AT_FDCWD, `/proc/self/fd/${fd}`, record.address, false) < 0) return false;
  const stat = readStatx(record);
  if (kind !== 'sysv') return stat.inode === inode && deviceText(stat.device) === device;
  // The inode of a segment is its shmid; a memfd on the same device may have that number too.
  const length = file.readlinkat(libc, AT_FDCWD, `/proc/self/fd/${fd}`, record.address, record.bytes.length);
  const name = Buffer.from(record.bytes.buffer, 0, Math.max(0, length)).toString('latin1');
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
