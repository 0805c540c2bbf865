// What became of the object of an event that the samples do not show: told to be gone, or newer than the last of them.
import { objectOfEvent, type ShmEvent } from '../../probe/model/event/event.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { EventLog } from './event-log.ts';
import { type State, shownData, shownEvents } from './state.ts';

/** `gone`: its end was told. `not-sampled`: no sample can show it yet. `not-shown`: a later sample does not show it; its end was not told. */
export type EventFate = 'gone' | 'not-sampled' | 'not-shown';

/** The clocks of events and of samples may differ a little. */
const SLACK_MS = 100;

/** `listedAtMs`: when the newest sample was taken; absent: there is none. */
export function fateOf(event: ShmEvent, { entries }: EventLog, listedAtMs: number | undefined): EventFate {
  let newestMs = event.atMs;
  for (let at = entries.length - 1; at >= 0; at--) {
    const later = itemAt(entries, at).event;
    if (later.atMs < event.atMs) break;
    if (later.id !== event.id) continue;
    if (later.event === 'destroyed') return 'gone';
    newestMs = Math.max(newestMs, later.atMs);
  }
  if (event.event === 'destroyed') return 'gone';
  return listedAtMs === undefined || newestMs >= listedAtMs - SLACK_MS ? 'not-sampled' : 'not-shown';
}

/** What became of what an event made, for its row: a creation alone looks like a leak. Undefined: it is there, or not sampled yet. */
export function sequelOf(state: State, event: ShmEvent): string | undefined {
  if (event.event !== 'created' || objectOfEvent(event, shownData(state).byId)) return undefined;
  switch (fateOf(event, shownEvents(state), shownData(state).listedAtMs)) {
    case 'gone':
      return 'gone again';
    case 'not-shown':
      return 'not there any more: its end was not told';
    case 'not-sampled':
      return undefined;
  }
}

/** The sentence for the status line. */
export function fateText(event: ShmEvent, fate: EventFate): string {
  const name = event.shortId ?? event.id ?? '?';
  switch (fate) {
    case 'gone':
      return `${name} is gone.`;
    case 'not-sampled':
      return `${name} is not sampled yet: it is shown as soon as it is.`;
    case 'not-shown':
      return `${name} is not in the last sample, and its end was not told.`;
  }
}
