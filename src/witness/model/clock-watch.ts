// Was the clock set, or the machine stopped, since the last look? Times of before and after then do not fit together.
import type { WatchGap } from '../../probe/model/life/life.ts';

export interface ClockReading {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** REALTIME - BOOTTIME. */
  readonly realMs: number;
  /** BOOTTIME - MONOTONIC. */
  readonly suspendedMs: number;
}

/** A clock that is put right slowly (adjtime(3), chrony) moves less than this from one look to the next. */
const STEP_MS = 250;

/** The gap between two readings, or undefined. A step back makes times to come twice: until then nothing is gapless. */
export function clockGap(before: ClockReading, now: ClockReading): WatchGap | undefined {
  const isStep = Math.abs(now.realMs - before.realMs) > STEP_MS;
  const isStop = Math.abs(now.suspendedMs - before.suspendedMs) > STEP_MS;
  if (!isStep && !isStop) return undefined;
  const fromMs = Math.round(Math.min(before.nowMs, now.nowMs));
  const untilMs = Math.round(Math.max(before.nowMs, now.nowMs));
  return { fromMs, untilMs, why: isStep ? 'clock' : 'suspended' };
}
