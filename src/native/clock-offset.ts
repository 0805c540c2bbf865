// How far CLOCK_REALTIME is ahead of CLOCK_BOOTTIME, and that of CLOCK_MONOTONIC (clock_gettime(2)): both move only in jumps.
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';

const CLOCK_REALTIME = 0;
const CLOCK_MONOTONIC = 1;
const CLOCK_BOOTTIME = 7;

export interface ClockOffsets {
  /** REALTIME - BOOTTIME, milliseconds: changes when the clock is set, and a little all the time (adjtime(3)). */
  readonly realMs: number;
  /** BOOTTIME - MONOTONIC, milliseconds: grows by the time that the machine was suspended. */
  readonly suspendedMs: number;
}

/** `scratch` has TIMESPEC_BYTES. Some microseconds may pass between the calls. */
export function clockOffsets(libc: Libc, scratch: NativeMemory): ClockOffsets {
  const read = (clock: number) => {
    libc.raw.clock_gettime(clock, scratch.address);
    return (scratch.u32[0] + scratch.u32[1] * 4294967296) * 1000 + scratch.u32[2] / 1e6;
  };
  const bootMs = read(CLOCK_BOOTTIME);
  return { realMs: read(CLOCK_REALTIME) - bootMs, suspendedMs: bootMs - read(CLOCK_MONOTONIC) };
}
