// Numbers in records of the kernel, lowest byte first (x86_64, arm64), at any byte: a DataView for each record would cost more.

/** Beyond the end: 0, as everywhere here; who reads a record has looked at its length. */
export const u8 = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const u16 = (bytes: Uint8Array, at: number): number => u8(bytes, at) | (u8(bytes, at + 1) << 8);

export const i32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) | (u16(bytes, at + 2) << 16);

export const u32 = (bytes: Uint8Array, at: number): number => i32(bytes, at) >>> 0;

/** Exact up to 2^53. */
export const u64 = (bytes: Uint8Array, at: number): number => u32(bytes, at) + u32(bytes, at + 4) * 4294967296;
