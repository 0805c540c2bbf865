// struct timespec in native memory, for calls that take a time-out (futex(2), semtimedop(2), sem_timedwait(3)).
import { type NativeMemory, writeU64 } from './memory.ts';

/** Writes `milliseconds` (a duration, or a time since the epoch) as two 64-bit words at the start of `memory`. */
export function writeTimespec(memory: NativeMemory, milliseconds: number): void {
  const seconds = Math.floor(milliseconds / 1000);
  writeU64(memory.u32, 0, seconds);
  writeU64(memory.u32, 2, Math.round((milliseconds - seconds * 1000) * 1e6));
}
