// The mounts of another mount namespace, by a descriptor of it, without entering it (listmount(2), statmount(2); Linux 6.11).
import { ENOENT } from './errno.ts';
import { ioctl } from './file.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

/** _IOR(0xb7, 5, __u64), <linux/nsfs.h>: the number of the mount namespace that the descriptor is of (Linux 6.11). */
const NS_GET_MNTNS_ID = 0x8008b705;
/** `struct mnt_id_req`, <linux/mount.h>: size u32, spare u32, then mnt_id, param and mnt_ns_id as u64. */
const REQUEST_BYTES = 32;
const MOST_AT_ONCE = 512;
const DETAIL_BYTES = 16_384;
/** STATMOUNT_SB_BASIC, STATMOUNT_MNT_ROOT and STATMOUNT_MNT_POINT. */
const WANTED = 0x01 | 0x08 | 0x10;
/** `struct statmount`: byte offsets; texts are offsets from `text`, NUL-terminated. */
const STATMOUNT = { devMajor: 16, devMinor: 20, root: 104, point: 108, text: 512 } as const;

export interface ForeignMount {
  readonly devMajor: number;
  readonly devMinor: number;
  /** What of the file system is mounted, and where: raw bytes, one char each, not escaped. */
  readonly root: string;
  readonly mountPoint: string;
}

/** Calls `use` with each mount, `most` at most: 0 when that was all, 1 when there are more, or -errno (ENOTTY, ENOSYS: too old). */
export function eachMountOf(libc: Libc, fd: number, most: number, use: (mount: ForeignMount) => void): number {
  const request = libc.allocate(REQUEST_BYTES);
  const ids = libc.allocate(8 * MOST_AT_ONCE);
  const detail = libc.allocate(DETAIL_BYTES);
  const text = Buffer.from(detail.bytes.buffer);
  const failed = ioctl(libc, fd, NS_GET_MNTNS_ID, request.address + 24);
  if (failed < 0) return failed;
  request.u32[0] = REQUEST_BYTES;
  let seen = 0;
  // LSMT_ROOT: all below the root of the namespace; `param` is the last one that was told.
  for (let last: readonly [number, number] = [0, 0]; ; ) {
    request.u32.set([0xffffffff, 0xffffffff, ...last], 2);
    const count = call(libc, libc.numbers.listmount, request, ids, MOST_AT_ONCE);
    if (count < 0) return count;
    if (count === 0) return 0;
    for (let at = 0; at < count; at++) {
      if (++seen > most) return 1;
      request.u32.set([ids.u32[2 * at], ids.u32[2 * at + 1], WANTED, 0], 2);
      const result = call(libc, libc.numbers.statmount, request, detail, DETAIL_BYTES);
      if (result < 0 && result !== -ENOENT) return result; // ENOENT: unmounted meanwhile
      if (result === 0) use(mountAt(detail, text));
    }
    last = [ids.u32[2 * count - 2], ids.u32[2 * count - 1]];
  }
}

function call(libc: Libc, number: number, request: NativeMemory, into: NativeMemory, size: number): number {
  return libc.result(libc.raw.syscall(number, request.address, into.address, size, 0, 0));
}

function mountAt({ u32 }: NativeMemory, text: Buffer): ForeignMount {
  const textAt = (offset: number) => {
    const start = STATMOUNT.text + u32[offset / 4];
    return text.toString('latin1', start, text.indexOf(0, start));
  };
  return {
    devMajor: u32[STATMOUNT.devMajor / 4],
    devMinor: u32[STATMOUNT.devMinor / 4],
    root: textAt(STATMOUNT.root),
    mountPoint: textAt(STATMOUNT.point),
  };
}
