// Asks the observing thread for what the screen needs now: content of the object in view, share of the selected process, interval.
import { useEffect } from 'react';
import type { ToWorker } from '../../probe/thread/worker-protocol.ts';
import { objectOfSelectedEvent } from '../state/event-object.ts';
import { contentBytes } from '../state/reduce-overlay.ts';
import { screenOf } from '../state/screens.ts';
import { selectedObject, selectedProcess } from '../state/select.ts';
import { type State, shownData } from '../state/state.ts';

export type Ask = (question: ToWorker) => void;

/** Content is read again with each tick, so that it is live. */
export function useContent(state: State, ask: Ask): void {
  const { content } = state;
  const id = content?.id;
  const offset = content?.offset ?? 0;
  const length = contentBytes(state);
  const tickMs = shownData(state).head?.takenAtMs;
  useEffect(() => {
    if (id !== undefined && tickMs !== undefined) ask({ type: 'peek', id, offset, length });
  }, [ask, id, offset, length, tickMs]);
}

/** smaps_rollup of one process is dear: asked once when its details open, not with each tick. */
export function useProcessShare(state: State, ask: Ask): void {
  const pid = state.detail ? selectedProcess(state)?.process.pid : undefined;
  useEffect(() => {
    if (pid !== undefined) ask({ type: 'share', pid });
  }, [ask, pid]);
}

/** Page tables of all holders are dear, too: asked when the details of an object open, and when its holders change. */
export function useResidents(state: State, ask: Ask): void {
  const object = state.detail ? selectedObject(state) : undefined;
  const id = object?.id;
  const holders = object?.holders.map(({ pid, mappings }) => `${pid}:${mappings.length}`).join();
  useEffect(() => {
    if (id !== undefined && holders) ask({ type: 'residents', id });
  }, [ask, id, holders]);
}

/** What a witness knows of the object in view, with each tick; a recording has none. */
export function useLife(state: State, ask: Ask): void {
  const object = state.detail && !state.replay ? (selectedObject(state) ?? goneObject(state)) : undefined;
  const id = object?.id;
  const tickMs = shownData(state).head?.takenAtMs;
  useEffect(() => {
    if (id !== undefined && tickMs !== undefined) ask({ type: 'life', id });
  }, [ask, id, tickMs]);
}

const goneObject = (state: State) =>
  screenOf(state.screen).words === 'events' ? objectOfSelectedEvent(state) : undefined;

/** With each tick while somebody looks at it; else now and then, for what alarms. A recording has none. */
export function useAccount(state: State, ask: Ask): void {
  const { stage, head } = state.data;
  const isThere = stage === 'whole' && !state.replay && !state.paused;
  const isLookedAt = screenOf(state.screen).asks === 'account';
  const takenAtMs = head?.takenAtMs ?? 0;
  const turn = isLookedAt ? takenAtMs : Math.floor(takenAtMs / ALARM_EVERY_MS);
  useEffect(() => {
    if (isThere && turn > 0) ask({ type: 'account' });
  }, [ask, isThere, turn]);
}

const ALARM_EVERY_MS = 60_000;

export function useInterval(state: State, ask: Ask): void {
  const { intervalMs } = state.settings;
  useEffect(() => ask({ type: 'interval', intervalMs }), [ask, intervalMs]);
}

/** Events come at once, and short attaches are seen, while somebody looks at them. */
export function useWatch(state: State, ask: Ask): void {
  const isWatched = screenOf(state.screen).asks === 'events';
  useEffect(() => ask({ type: 'watch', isWatched }), [ask, isWatched]);
}
