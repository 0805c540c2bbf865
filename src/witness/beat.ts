// The beat of a recorder: rounds by timer, each second its tables and the store, and a glance at names when the kernel tells of them.
import { untilBeat } from '../probe/live/beat.ts';
import type { Recorder } from './recorder.ts';

export interface BeatOptions {
  /** Glances at names as soon as the kernel tells of them: not in a thread that may be ended at any moment (probe/live/wake.ts). */
  readonly isWoken: boolean;
  readonly roundMs: number;
  /** After what is done each second. */
  readonly eachSecond?: () => void;
  /** Absent: what is thrown ends the program. */
  readonly attempt?: (action: () => void) => void;
}

/** So many things told in a round, and the next one comes sooner. */
const BUSY = 2000;
const BUSY_ROUND_MS = 50;
/** Wake-ups in a round, beyond which names are looked at by timer: each wake-up costs some 30 µs. */
const MOST_WAKES = 16;
const GLANCE_MS = 10;

/** Begins at once; what is returned ends it. */
export function beat(recorder: Recorder, options: BeatOptions): () => void {
  const { isWoken, roundMs, eachSecond, attempt = (action) => action() } = options;
  let isOver = false;
  let wakes = 0;
  let nextSecondMs = 0;
  let timer: NodeJS.Timeout | undefined;
  let glances: NodeJS.Timeout | undefined;
  const look = () => attempt(() => recorder.glance());
  const glance = () => {
    look();
    if (++wakes < MOST_WAKES || glances || isOver) return;
    recorder.pause();
    glances = setInterval(look, GLANCE_MS);
  };
  const round = () =>
    attempt(() => {
      const count = recorder.round();
      const nowMs = performance.now();
      if (nowMs >= nextSecondMs) {
        nextSecondMs = nowMs + 1000 - roundMs / 2;
        recorder.second();
        eachSecond?.();
      }
      if (isOver) return;
      if (glances && count < MOST_WAKES) {
        clearInterval(glances);
        glances = undefined;
        recorder.resume();
      }
      wakes = 0;
      timer = setTimeout(round, count > BUSY ? BUSY_ROUND_MS : untilBeat(roundMs));
    });
  if (isWoken && recorder.hasWakes) recorder.wake(glance);
  round();
  return () => {
    isOver = true;
    clearTimeout(timer);
    clearInterval(glances);
  };
}
