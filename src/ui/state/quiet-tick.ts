// Does a tick change anything that can be seen? Drawing the same screen again costs more than the sample did.
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { TickInput } from './data.ts';
import { memoLast } from './memo.ts';
import type { State } from './state.ts';

/** Ages below a minute are shown in seconds. */
const SHOWN_IN_SECONDS = 62;
/** Ages of minutes and more may be this old on the screen. */
const MOST_AGE_MS = 10_000;

export function isQuietTick({ data, marks, events, history }: State, tick: TickInput): boolean {
  const { head } = data;
  if (!head || data.stage !== 'whole' || tick.isFresh || tick.isPart || marks.byId.size > 0) return false;
  if (tick.changed.length > 0 || tick.removed.length > 0 || tick.events.length > 0) return false;
  // A rate that was shown goes back to nothing.
  if (events.sinceSample > 0 || (history.events?.values.at(-1) ?? 0) > 0) return false;
  const { takenAtMs } = tick.head;
  if (takenAtMs - head.takenAtMs >= MOST_AGE_MS || takenAtMs < head.takenAtMs) return false;
  if (takenAtMs / 1000 - newestSec(data.objects) < SHOWN_IN_SECONDS) return false;
  return isSameMemory(data.memory, tick.memory ?? data.memory) && shownFacts(head) === shownFacts(tick.head);
}

const newestSec = memoLast((objects: readonly ShmObject[]) => {
  let newest = 0;
  for (const { atimeSec = 0, dtimeSec = 0, ctimeSec = 0, mtimeSec = 0, btimeSec = 0 } of objects) {
    newest = Math.max(newest, atimeSec, dtimeSec, ctimeSec, mtimeSec, btimeSec);
  }
  return newest;
});

/** Everything of a sample but its objects and its time, as it is shown. */
const shownFacts = ({ limits, visibility, gaps, host, leftOut }: TickInput['head']): string =>
  JSON.stringify([limits, visibility, gaps, host, leftOut]);

/** The Shmem of a whole machine never stands quite still: a hundredth more or less waits for the next frame. */
function isSameMemory(shown: HostMemory | undefined, now: HostMemory | undefined): boolean {
  const before = shown?.shmemBytes ?? 0;
  return Math.abs((now?.shmemBytes ?? 0) - before) <= before / 100 && shown?.totalBytes === now?.totalBytes;
}
