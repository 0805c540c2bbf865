// process_vm_readv(2) and process_vm_writev(2): the memory of another process, copied by a call. -errno on failure.
import type { Libc } from './libc.ts';
import { type NativeMemory, writeU64 } from './memory.ts';
import { IOVEC_BYTES } from './pipe.ts';

type Transfer = (pid: number, local: number, locals: number, remote: number, remotes: number, flags: number) => number;

/** One copy between `address` here and `remote` there, of `length` bytes: bytes copied, or -errno (-EPERM, -ESRCH, -EFAULT). */
export type CopyBetween = (pid: number, address: number, remote: number, length: number) => number;

const PROTOTYPE = '(int pid, uintptr_t local, ulong locals, uintptr_t remote, ulong remotes, ulong flags)';

/**
 * Binds one of the two, since it has six arguments and is called by the load generator only. What is at `remote` is whatever the process
 * has there: the caller makes sure that the pid is still that of the process it means.
 */
export function bindProcessVm(libc: Libc, name: 'process_vm_readv' | 'process_vm_writev'): CopyBetween {
  const transfer: Transfer = libc.koffi.load(null).func(`long ${name}${PROTOTYPE}`);
  const vectors: NativeMemory = libc.allocate(2 * IOVEC_BYTES);
  return (pid, address, remote, length) => {
    writeU64(vectors.u32, 0, address);
    writeU64(vectors.u32, 2, length);
    writeU64(vectors.u32, 4, remote);
    writeU64(vectors.u32, 6, length);
    return libc.result(transfer(pid, vectors.address, 1, vectors.address + IOVEC_BYTES, 1, 0));
  };
}
