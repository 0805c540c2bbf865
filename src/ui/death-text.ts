// What is said when the observing thread died: the first time, when something follows from it, and then no more.
import type { Death } from '../probe/thread/sampler-client.ts';
import { safeText } from './format/safe-text.ts';

/** From this death on it is said that it goes on, and no more after that. */
const AGAIN_AND_AGAIN = 4;

/** Undefined: it was said before; that the data are old stands in the title meanwhile. */
export function deathText({ reason, againInMs, times, mostObjects }: Death): string | undefined {
  const again = `it is started again in ${againInMs / 1000} s`;
  if (mostObjects !== undefined && times < AGAIN_AND_AGAIN) {
    return `The observing thread ran out of memory: ${again} and lists ${mostObjects} objects at most.`;
  }
  if (times === 1) return `The observing thread ended (${safeText(reason)}); ${again}.`;
  if (times === AGAIN_AND_AGAIN) {
    return `The observing thread ended ${times} times (${safeText(reason)}); it is tried again now and then.`;
  }
  return undefined;
}
