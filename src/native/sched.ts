// sched_getaffinity(2), sched_setaffinity(2): which processors the calling thread may use. -errno on failure.
import type { Libc } from './libc.ts';

const MASK_BYTES = 1024;

/** The processors that the calling thread may use, ascending; empty when the kernel refuses to say. */
export function allowedCpus(libc: Libc): readonly number[] {
  const mask = libc.allocate(MASK_BYTES);
  const length = libc.result(libc.raw.sched_getaffinity(0, MASK_BYTES, mask.address));
  if (length < 0) return [];
  const cpus: number[] = [];
  for (let cpu = 0; cpu < MASK_BYTES * 8; cpu++) {
    if ((mask.bytes[cpu >> 3] >> (cpu & 7)) & 1) cpus.push(cpu);
  }
  return cpus;
}

/** Binds the calling thread (not the helper threads of V8) to one processor: 0 or -errno. Children inherit it. */
export function pinToCpu(libc: Libc, cpu: number): number {
  const mask = libc.allocate(MASK_BYTES);
  mask.bytes[cpu >> 3] = 1 << (cpu & 7);
  return libc.result(libc.raw.sched_setaffinity(0, MASK_BYTES, mask.address));
}
