// `shmtop restore FILE`: makes a saved object again, under its key or name where that is still free.
import { closeSync, constants, fstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../fault/thrown.ts';
import { trustworthy } from '../files/objection.ts';
import { openTrusted } from '../files/open-file.ts';
import { readTrustedText } from '../files/text-file.ts';
import { isRefused } from '../files/trust.ts';
import { EEXIST, errnoName } from '../native/errno.ts';
import * as file from '../native/file.ts';
import { AT_FDCWD, IPC, O_CLOEXEC, O_PATH, RENAME_NOREPLACE, SHMID_DS } from '../native/layout.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { removeSegment, setSegment, shmat, shmdt, shmget, statSegment } from '../native/sysv.ts';
import { escapeBytes } from '../probe/model/bytes.ts';
import { keyText } from '../probe/model/identity.ts';
import { asideName } from './aside.ts';
import type { Restored } from './model/restored.ts';
import { MOST_SIDECAR_BYTES, parseSidecar, type Sidecar } from './model/sidecar.ts';
import { Looker, openPlace } from './mount-root.ts';
import { copySparse, dataRanges } from './sparse-copy.ts';

const failed = (reason: string, advice: string): Restored => ({ kind: 'failed', reason, advice });

const ADVICE = 'give a file that rm --save wrote';

/**
 * `path`: the content file or its `.json`. Both are ours or root's, and nobody else may write them: what they say becomes an object
 * that others may trust for its owner.
 */
export function restore(path: string, shmRoot = '/dev/shm'): Restored {
  const libc = loadLibc();
  if (!isLibc(libc)) return failed(`native calls are not available (${libc.reason})`, 'see shmtop doctor');
  const sidecarPath = path.endsWith('.json') ? path : `${path}.json`;
  let from: number | undefined;
  try {
    const text = readTrustedText(sidecarPath, MOST_SIDECAR_BYTES, { owner: 'any' });
    if (isRefused(text)) return failed(`${path} could not be restored (${text.reason})`, ADVICE);
    const sidecar = parseSidecar(text);
    if ('problem' in sidecar) return failed(`${sidecarPath} cannot be used: ${sidecar.problem}`, ADVICE);
    const content = path.endsWith('.json') ? join(dirname(path), basename(sidecar.content)) : path;
    const opened = openTrusted(content, trustworthy, 'any');
    if (typeof opened !== 'number') return failed(`${path} could not be restored (${opened.reason})`, ADVICE);
    from = opened;
    const size = fstatSync(from).size;
    if (size !== sidecar.sizeBytes) {
      return failed(`${content} has ${size} bytes, ${sidecar.sizeBytes} were saved`, 'look for another copy');
    }
    return sidecar.kind === 'sysv' ? restoreSegment(libc, sidecar, from) : restoreName(libc, sidecar, from, shmRoot);
  } catch (error) {
    const code = errorCode(error);
    return failed(`${path} could not be restored (${code})`, code === 'ENOSPC' ? 'make room first' : ADVICE);
  } finally {
    if (from !== undefined) closeSync(from);
  }
}

function restoreSegment(libc: Libc, { key = 0, sizeBytes, mode, uid, gid }: Sidecar, from: number): Restored {
  const shmid = shmget(libc, key, sizeBytes, IPC.CREAT | IPC.EXCL | 0o600);
  if (shmid === -EEXIST) return failed(`key ${keyText(key)} is taken`, 'remove what has it first');
  if (shmid < 0)
    return failed(`no segment could be made (${errnoName(shmid)})`, 'see the ceilings in the dashboard (6)');
  const address = shmat(libc, shmid, 0);
  const problem = address < 0 ? errnoName(address) : fillMemory(libc, address, from, sizeBytes);
  if (address >= 0) shmdt(libc, address);
  if (problem !== undefined) {
    removeSegment(libc, shmid); // made by us a moment ago
    return failed(`the segment could not be filled (${problem})`, 'make room first');
  }
  const memory = libc.allocate(SHMID_DS.size);
  const made = statSegment(libc, shmid, memory);
  const isOwned = typeof made !== 'number' && setSegment(libc, shmid, { uid, gid, mode }, memory) >= 0;
  if (!isOwned && typeof made !== 'number') setSegment(libc, shmid, { ...made, mode }, memory);
  return { kind: 'restored', shortId: `sysv:${shmid}`, sizeBytes, note: isOwned ? undefined : ownerNote(uid) };
}

/** Reads the data straight into the segment; the name of the error, or undefined. */
function fillMemory(libc: Libc, address: number, from: number, sizeBytes: number): string | undefined {
  for (const { start, end } of dataRanges(libc, from, sizeBytes)) {
    for (let at = start; at < end; ) {
      const count = file.pread(libc, from, address + at, end - at, at);
      if (count <= 0) return count === 0 ? 'the file ended' : errnoName(count);
      at += count;
    }
  }
  return undefined;
}

/** Filled under a name that nobody knows, then given its own in one step, so that nobody opens half of it. */
function restoreName(
  libc: Libc,
  { rawName = '', sizeBytes, mode, uid, gid }: Sidecar,
  from: number,
  shmRoot: string,
): Restored {
  const look = new Looker(libc);
  const root = file.openat(libc, AT_FDCWD, shmRoot, O_PATH | constants.O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return failed(`${shmRoot} could not be opened (${errnoName(root)})`, 'see shmtop doctor');
  const mount = look.descriptor(root);
  const place = typeof mount === 'number' ? mount : openPlace(look, root, rawName);
  file.close(libc, root);
  const shortId = `posix:${escapeBytes(rawName)}`;
  if (typeof place === 'number')
    return failed(`the directory of ${shortId} is not there (${errnoName(place)})`, 'make it first');
  try {
    const temporary = `${asideName()}-restore`;
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | O_CLOEXEC;
    const to = file.openat(libc, place.dirfd, temporary, flags, 0o600);
    if (to < 0) return failed(`${shortId} could not be made (${errnoName(to)})`, 'make room, or run as its owner');
    const result = fillFile(libc, { from, to, sizeBytes, mode, uid, gid });
    const renamed = result.problem === undefined ? rename(libc, place.dirfd, temporary, place.base) : 0;
    if (result.problem !== undefined || renamed < 0) file.unlinkat(libc, place.dirfd, temporary);
    if (result.problem !== undefined)
      return failed(`${shortId} could not be filled (${result.problem})`, 'make room first');
    if (renamed === -EEXIST) return failed(`the name ${shortId} is taken`, 'remove what has it first');
    if (renamed < 0) return failed(`${shortId} could not be named (${errnoName(renamed)})`, 'run as root');
    return { kind: 'restored', shortId, sizeBytes, note: result.isOwned ? undefined : ownerNote(uid) };
  } finally {
    file.close(libc, place.dirfd);
  }
}

interface Filling {
  readonly from: number;
  readonly to: number;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

function fillFile(
  libc: Libc,
  { from, to, sizeBytes, mode, uid, gid }: Filling,
): { problem?: string; isOwned: boolean } {
  try {
    const sized = libc.result(libc.raw.ftruncate(to, sizeBytes));
    if (sized < 0) return { problem: errnoName(sized), isOwned: false };
    if (!copySparse(libc, from, to, sizeBytes, () => true)) return { problem: 'the file ended', isOwned: false };
    const isOwned = file.fchown(libc, to, uid, gid) >= 0;
    file.fchmod(libc, to, mode);
    return { isOwned };
  } catch (error) {
    return { problem: errorCode(error), isOwned: false };
  } finally {
    file.close(libc, to);
  }
}

function rename(libc: Libc, dirfd: number, from: string, to: string): number {
  const [source, target] = [from, to].map((name) => {
    const memory = libc.allocate(name.length + 1);
    Buffer.from(memory.bytes.buffer).write(name, 'latin1');
    return memory;
  });
  return source && target ? file.renameat2(libc, dirfd, source.address, dirfd, target.address, RENAME_NOREPLACE) : 0;
}

const ownerNote = (uid: number) => `it belongs to you now and not to user ${uid}: only root can give it back`;
