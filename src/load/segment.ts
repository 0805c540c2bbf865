// The segment that carries a load: made so that it can never outlive us, and attached by the workers.

import { randomInt } from 'node:crypto';
import { EEXIST, ENOSPC, EPERM, errnoName } from '../native/errno.ts';
import { fallocate, openUnnamed, sealAgainstShrinking } from '../native/fallocate.ts';
import { close } from '../native/file.ts';
import { IPC, MFD_ALLOW_SEALING, MFD_CLOEXEC, MFD_HUGETLB } from '../native/layout.ts';
import type { Libc } from '../native/libc.ts';
import { ftruncate, MAP_SHARED, memfdCreate, mmap, munmap, PROT_READ, PROT_WRITE } from '../native/posix-shm.ts';
import { removeSegment, shmat, shmdt, shmget } from '../native/sysv.ts';
import { viewMemory } from '../native/view.ts';
import { fileId } from '../probe/model/identity.ts';
import { nodeIo } from '../probe/source/io-node.ts';
import type { Backing } from './model/options.ts';
import { isProblem, type LoadProblem, problem } from './model/problem.ts';
import { bytesText } from './model/size.ts';

/** The upper half of our keys: "SM". What is left over with it, and is provably ours and dead, is swept at start. */
export const KEY_PREFIX = 0x534d;
const PAGE = 4096;
const ATTEMPTS = 64;

/** What a worker needs to find the segment. */
export type SegmentHandle =
  | { readonly kind: 'sysv'; readonly shmid: number }
  | { readonly kind: 'fd'; readonly fd: number };

export interface Segment {
  readonly handle: SegmentHandle;
  readonly lengthBytes: number;
  readonly address: number;
  /** What a person finds it by in the table: the ID of `ls`, and what it is: `memfd:0:1:1045 (memfd:shmtop-ring)`. */
  readonly name: string;
  /** The memory; throws after `release`, since touching it then would kill the process. */
  readonly memory: () => ArrayBuffer;
  /** Detaches and closes. Every view made from `memory` must be unreachable by then. */
  readonly release: () => void;
}

/** Makes and maps a segment of `lengthBytes` (zeroed; `isHuge`: whole huge pages); `isWarm`: one was made before by this process. Nothing of it is left when the last process that holds it is gone. */
export function createSegment(
  libc: Libc,
  backing: Backing,
  lengthBytes: number,
  isWarm = false,
  isHuge = false,
): Segment | LoadProblem {
  return backing === 'sysv'
    ? createSysv(libc, lengthBytes, isWarm, isHuge)
    : createFile(libc, backing, lengthBytes, isHuge);
}

/** Maps a segment that the parent made: the memory, or -errno (-EINVAL, -EIDRM: the parent is gone). */
export function attachSegment(libc: Libc, handle: SegmentHandle, lengthBytes: number): Attached | number {
  const address =
    handle.kind === 'sysv'
      ? shmat(libc, handle.shmid, 0)
      : mmap(libc, lengthBytes, PROT_READ | PROT_WRITE, MAP_SHARED, handle.fd);
  return address < 0 ? address : { address, memory: viewMemory(libc, address, lengthBytes) };
}

export interface Attached {
  readonly address: number;
  readonly memory: ArrayBuffer;
}

/** A random key with our prefix; never 0 (IPC_PRIVATE). */
export function ownKey(prefix = KEY_PREFIX): number {
  return (prefix << 16) | randomInt(0x10000);
}

function createSysv(libc: Libc, lengthBytes: number, isWarm: boolean, isHuge: boolean): Segment | LoadProblem {
  // The first call of each function through koffi takes ten times as long: make it with one page, not with the real one.
  const warm = isWarm ? undefined : makeMarkedSegment(libc, PAGE);
  if (warm && !isProblem(warm)) shmdt(libc, warm.address);
  const made = makeMarkedSegment(libc, lengthBytes, isHuge ? IPC.SHM_HUGETLB : 0);
  if (isProblem(made)) return made;
  const { shmid, key, address } = made;
  const name = `sysv:${shmid} (key 0x${key.toString(16)} when made)`;
  return segmentOf(libc, { kind: 'sysv', shmid }, name, address, lengthBytes, () => shmdt(libc, address));
}

/** shmget, shmat and IPC_RMID without anything between: from then on the kernel frees it with the last detach. */
function makeMarkedSegment(libc: Libc, lengthBytes: number, flags = 0) {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const key = ownKey();
    const shmid = shmget(libc, key, lengthBytes, IPC.CREAT | IPC.EXCL | flags | 0o600);
    if (shmid >= 0) {
      const address = shmat(libc, shmid, 0);
      removeSegment(libc, shmid);
      if (address < 0) return problem('refused', `Cannot attach a new segment: ${errnoName(address)}.`);
      return { shmid, key, address };
    }
    if (shmid !== -EEXIST) return problem('refused', sysvRefusal(shmid, lengthBytes, flags !== 0));
  }
  return problem('refused', 'Cannot find a free key for a segment: all that were tried are taken. See shmtop ls.');
}

function sysvRefusal(errno: number, lengthBytes: number, isHuge: boolean): string {
  const what = `Cannot make a System V segment of ${bytesText(lengthBytes)}: ${errnoName(errno)}`;
  if (errno === -EPERM && isHuge)
    return `${what} (huge pages need CAP_IPC_LOCK, or the group of vm.hugetlb_shm_group). Use memfd instead.`;
  if (errno === -ENOSPC)
    return `${what} (kernel.shmmni or kernel.shmall is reached). Remove what is abandoned, or use memfd instead.`;
  return `${what}. Use memfd instead, or smaller messages.`;
}

function createFile(
  libc: Libc,
  backing: 'posix' | 'memfd',
  lengthBytes: number,
  isHuge: boolean,
): Segment | LoadProblem {
  const fd =
    backing === 'memfd'
      ? memfdCreate(libc, 'shmtop-ring', MFD_CLOEXEC | MFD_ALLOW_SEALING | (isHuge ? MFD_HUGETLB : 0))
      : openUnnamed(libc, '/dev/shm');
  const place = backing === 'memfd' ? 'a memfd' : 'an unnamed file in /dev/shm';
  if (fd < 0) return problem('refused', `Cannot make ${place}: ${errnoName(fd)}. Use sysv instead.`);
  // Reserved before it is touched: a full file system is an error here, not a SIGBUS in the middle.
  const reserved = ftruncate(libc, fd, lengthBytes) || fallocate(libc, fd, lengthBytes);
  if (reserved < 0) {
    close(libc, fd);
    const advice = backing === 'posix' ? 'Use memfd instead, or free some.' : 'Use smaller messages.';
    return problem(
      'refused',
      `Cannot reserve ${bytesText(lengthBytes)} in ${place}: ${errnoName(reserved)}. ${advice}`,
    );
  }
  if (backing === 'memfd') sealAgainstShrinking(libc, fd);
  const address = mmap(libc, lengthBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  if (address < 0) {
    close(libc, fd);
    return problem('refused', `Cannot map ${bytesText(lengthBytes)} of ${place}: ${errnoName(address)}.`);
  }
  const what = backing === 'memfd' ? 'memfd:shmtop-ring' : 'unnamed file in /dev/shm';
  const name = `${fileIdOf(backing === 'memfd' ? 'memfd' : 'unlinked', fd)} (${what})`;
  return segmentOf(libc, { kind: 'fd', fd }, name, address, lengthBytes, () => {
    munmap(libc, address, lengthBytes);
    close(libc, fd);
  });
}

function fileIdOf(kind: 'memfd' | 'unlinked', fd: number): string {
  const stat = nodeIo().stat(`/proc/self/fd/${fd}`, 'follow');
  return typeof stat === 'number' ? kind : fileId(kind, stat.device, stat.inode);
}

function segmentOf(
  libc: Libc,
  handle: SegmentHandle,
  name: string,
  address: number,
  lengthBytes: number,
  unmap: () => void,
): Segment {
  let memory: ArrayBuffer | undefined = viewMemory(libc, address, lengthBytes);
  return {
    handle,
    lengthBytes,
    address,
    name,
    memory: () => {
      if (!memory) throw new Error('the segment was released');
      return memory;
    },
    release: () => {
      if (!memory) return;
      memory = undefined;
      unmap();
    },
  };
}
