// Other mount namespaces, without entering them: which there are (Linux 6.12), and the mounts of each (listmount(2), statmount(2);
// Linux 6.11).
import { ENOENT } from './errno.ts';
import { close, ioctl } from './file.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

/** _IOR(0xb7, 5, __u64), <linux/nsfs.h>: the number of the mount namespace that the descriptor is of (Linux 6.11). */
const NS_GET_MNTNS_ID = 0x8008b705;
/** `struct mnt_id_req`, <linux/mount.h>: size u32, spare u32, then mnt_id, param and mnt_ns_id as u64. */
/** _IOR(0xb7, 11 and 12, struct mnt_ns_info): a descriptor of the namespace after or before this one (Linux 6.12). */
const NS_MNT_GET_NEXT = 0x8010b70b;
const NS_MNT_GET_PREV = 0x8010b70c;
/** `struct mnt_ns_info`: its size and the number of mounts as u32, mnt_ns_id as u64. */
const INFO_BYTES = 16;
const REQUEST_BYTES = 32;
const MOST_AT_ONCE = 512;
const DETAIL_BYTES = 16_384;
/** STATMOUNT_SB_BASIC and STATMOUNT_MNT_ROOT; STATMOUNT_MNT_POINT costs more, and matters of whole file systems only. */
const DEVICE_AND_ROOT = 0x01 | 0x08;
const POINT = 0x10;
/** `struct statmount`: byte offsets; texts are offsets from `text`, NUL-terminated. */
const STATMOUNT = { devMajor: 16, devMinor: 20, root: 104, point: 108, text: 512 } as const;

export interface ForeignMount {
  readonly devMajor: number;
  readonly devMinor: number;
  /** What of the file system is mounted: raw bytes, one char each, not escaped. */
  readonly root: string;
  /** Where, likewise; empty where it is a part of a file system, of which that is not asked. */
  readonly mountPoint: string;
}

/**
 * Calls `use` with a descriptor of each mount namespace that is alive, but for the one that `own` is of; it closes none. Told are
 * those over whose user namespace this process has CAP_SYS_ADMIN, whoever is in them or keeps them, a descriptor on its way over a
 * socket too. 0 when that was all, 1 when there are more than `most`, or -errno (ENOTTY: too old).
 */
export function eachMountNamespace(libc: Libc, own: number, most: number, use: (fd: number) => void): number {
  const info = libc.allocate(INFO_BYTES);
  let seen = 0;
  for (const direction of [NS_MNT_GET_PREV, NS_MNT_GET_NEXT]) {
    let at = own;
    for (;;) {
      info.u32[0] = INFO_BYTES;
      const next = ioctl(libc, at, direction, info.address);
      if (at !== own) close(libc, at);
      if (next === -ENOENT) break;
      if (next < 0) return next;
      at = next;
      if (++seen > most) {
        close(libc, at);
        return 1;
      }
      use(at);
    }
  }
  return 0;
}

/** Reads the mounts of namespaces, one after the other. */
export class MountLister {
  readonly #libc: Libc;
  readonly #request: NativeMemory;
  readonly #ids: NativeMemory;
  readonly #detail: NativeMemory;
  readonly #text: Buffer;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#request = libc.allocate(REQUEST_BYTES);
    this.#ids = libc.allocate(8 * MOST_AT_ONCE);
    this.#detail = libc.allocate(DETAIL_BYTES);
    this.#text = Buffer.from(this.#detail.bytes.buffer);
  }

  /**
   * Calls `use` with each mount of the namespace behind `fd` that is of a wanted device, as far as `mayGoOn`: 0 when that was all,
   * 1 when there are more, or -errno (ENOTTY, ENOSYS: too old).
   */
  each(
    fd: number,
    mayGoOn: () => boolean,
    isWanted: (devMajor: number, devMinor: number) => boolean,
    use: (mount: ForeignMount) => void,
  ): number {
    const request = this.#request;
    const failed = ioctl(this.#libc, fd, NS_GET_MNTNS_ID, request.address + 24);
    if (failed < 0) return failed;
    request.u32[0] = REQUEST_BYTES;
    const { u32: ids } = this.#ids;
    const { u32: detail } = this.#detail;
    // LSMT_ROOT: all below the root of the namespace; `param` is the last one that was told.
    for (let last: readonly [number, number] = [0, 0]; ; ) {
      request.u32.set([0xffffffff, 0xffffffff, ...last], 2);
      const count = this.#call(this.#libc.numbers.listmount, this.#ids, MOST_AT_ONCE);
      if (count <= 0) return count;
      for (let at = 0; at < count; at++) {
        if (!mayGoOn()) return 1;
        const asked = this.#ask(ids[2 * at], ids[2 * at + 1], DEVICE_AND_ROOT);
        if (asked === -ENOENT) continue; // unmounted meanwhile
        if (asked < 0) return asked;
        const devMajor = detail[STATMOUNT.devMajor / 4];
        const devMinor = detail[STATMOUNT.devMinor / 4];
        if (!isWanted(devMajor, devMinor)) continue;
        const root = this.#textAt(STATMOUNT.root);
        const told = root === '/' ? this.#ask(ids[2 * at], ids[2 * at + 1], POINT) : 0;
        if (told === -ENOENT) continue;
        if (told < 0) return told;
        use({ devMajor, devMinor, root, mountPoint: root === '/' ? this.#textAt(STATMOUNT.point) : '' });
      }
      last = [ids[2 * count - 2], ids[2 * count - 1]];
    }
  }

  #call(number: number, into: NativeMemory, size: number): number {
    return this.#libc.result(this.#libc.raw.syscall(number, this.#request.address, into.address, size, 0, 0));
  }

  /** statmount(2) of one of them, by the halves of its number. */
  #ask(low: number, high: number, what: number): number {
    this.#request.u32.set([low, high, what, 0], 2);
    return this.#call(this.#libc.numbers.statmount, this.#detail, DETAIL_BYTES);
  }

  /** The text whose place the record tells at `field`. */
  #textAt(field: number): string {
    const start = STATMOUNT.text + this.#detail.u32[field / 4];
    return this.#text.toString('latin1', start, this.#text.indexOf(0, start));
  }
}
