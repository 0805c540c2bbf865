// A fixed block of memory outside the JavaScript heap, with its address and typed views, for calls into libc.
import type { Koffi } from './koffi.ts';

/** Memory that does not move while this object is alive; 64-bit words are read as two u32 halves. */
export interface NativeMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;
  /** Where it starts, as a plain number (user addresses are below 2^47), to pass as `uintptr_t`. */
  readonly address: number;
}

/** Allocates `size` bytes (rounded up to 8), zeroed. Costs a system allocation: do it once, not per call. */
export function allocateMemory(koffi: Koffi, size: number): NativeMemory {
  const buffer = Buffer.alloc(Math.ceil(size / 8) * 8); // never from the pool; large ones are zero pages until touched
  return {
    bytes: new Uint8Array(buffer.buffer, 0, buffer.length),
    u32: new Uint32Array(buffer.buffer, 0, buffer.length / 4),
    i32: new Int32Array(buffer.buffer, 0, buffer.length / 4),
    address: Number(koffi.address(buffer)),
  };
}

/** Reads the u64 at word `index` (in u32 units) as a number; exact up to 2^53. Small values stay integers in V8, unboxed. */
export function readU64(words: Uint32Array, index: number): number {
  const high = words[index + 1];
  const low = words[index];
  if (high === 0 && low < 0x40000000) return low | 0;
  return low + high * 4294967296;
}

/** Reads the u64 at word `index` exactly, as decimal text (limits such as SHMMAX exceed 2^53). */
export function readU64Text(words: Uint32Array, index: number): string {
  return ((BigInt(words[index + 1]) << 32n) | BigInt(words[index])).toString();
}

/** Writes a number below 2^53 as u64 at word `index`. */
export function writeU64(words: Uint32Array, index: number, value: number): void {
  words[index] = value >>> 0;
  words[index + 1] = Math.floor(value / 4294967296);
}
