// A watch without native calls: one look after the other, and what must have happened between them.

import type { ShmEvent } from '../model/event/event.ts';
import { eventsBetween } from '../model/event/events-between.ts';
import type { LiveRequest, LiveSession, Pace, SourceNote } from '../model/event/live-session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { SourceTap } from './source-tap.ts';

/** Milliseconds between two looks. */
const EVERY: Readonly<Record<Pace, number>> = { quick: 250, calm: 1000 };

const nothingToTap = () =>
  new SourceTap({ has: () => false, drain: () => {}, share: () => [], devices: new Set(), privateDevices: new Set() });

/** `why` there are no native calls, in words. */
export function startTextSession(
  why: string,
  { sample, pace: startPace = 'quick', isInRounds = false }: LiveRequest & { readonly sample: () => Snapshot },
  onEvent: (event: ShmEvent) => void,
): LiveSession {
  const first = sample();
  let last = first;
  let pace = startPace;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const now = sample();
    const events = eventsBetween(last.objects, now.objects, now.takenAtMs);
    last = now;
    for (const event of events) onEvent(event);
  };
  const again = () => {
    timer = setTimeout(() => {
      look();
      if (timer) again();
    }, EVERY[pace]);
  };
  // In rounds somebody looks again and again anyway.
  if (!isInRounds) again();
  const source: SourceNote = {
    name: 'text',
    isActive: true,
    text: `the texts of /proc and the names in /dev/shm, ${1000 / EVERY.quick} times a second, since there are no native calls: ${why}`,
    misses: 'what comes and goes between two looks, and who did it: the pid is that of the last who used a segment',
  };
  return {
    sources: () => [source],
    setPace: (to) => {
      pace = to;
    },
    first,
    sampleNow: () => {
      look();
      return last;
    },
    holdersOf: () => undefined,
    segment: () => undefined,
    tap: nothingToTap(),
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
