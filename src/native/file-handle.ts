// Handles of files (name_to_handle_at(2), open_by_handle_at(2)): the very file, whatever its name is by now. -errno on failure.
import { AT_EMPTY_PATH, O_CLOEXEC, O_PATH } from './layout.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

/** `struct file_handle` with the 12 bytes that a tmpfs puts into it (shmem_encode_fh, mm/shmem.c). */
export const TMPFS_HANDLE_BYTES = 20;

/**
 * A descriptor that only says which file it is (O_PATH: neither an open for others nor a use), or -errno: ESTALE it is gone, EPERM
 * without CAP_DAC_READ_SEARCH in the first user namespace. `mountFd` is of any file of that file system, not an O_PATH one before
 * Linux 3.6; `scratch` has TMPFS_HANDLE_BYTES.
 */
export function openTmpfsHandle(
  libc: Libc,
  mountFd: number,
  { inode, generation }: { readonly inode: number; readonly generation: number },
  scratch: NativeMemory,
): number {
  const { u32 } = scratch;
  u32[0] = 12;
  u32[1] = 1;
  u32[2] = generation;
  u32[3] = inode >>> 0;
  u32[4] = Math.floor(inode / 4294967296);
  const { raw, result, numbers } = libc;
  return result(raw.syscall(numbers.open_by_handle_at, mountFd, scratch.address, O_PATH | O_CLOEXEC, 0, 0));
}

/**
 * Is the file behind a descriptor one of tmpfs (or devtmpfs, which is one)? By the form of its handle, which the code of its file
 * system makes without asking anybody: nothing can wait here, also where a stranger serves the file (FUSE, NFS). Type 1 with three
 * words, of which two are the inode, is what shmem_encode_fh makes (mm/shmem.c); `inode` as statx(2) has it. `scratch` has
 * TMPFS_HANDLE_BYTES. False too where the kernel makes no handles.
 */
export function isOnTmpfs(libc: Libc, fd: number, inode: number, scratch: NativeMemory): boolean {
  const { u32 } = scratch;
  u32.fill(0);
  u32[0] = 12;
  const { raw, result, numbers } = libc;
  const mountId = libc.allocate(8);
  const failed = result(
    raw.syscall(numbers.name_to_handle_at, fd, libc.path(''), scratch.address, mountId.address, AT_EMPTY_PATH),
  );
  return failed === 0 && u32[0] === 12 && u32[1] === 1 && u32[3] + u32[4] * 4294967296 === inode;
}
