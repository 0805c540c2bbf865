// What is full or nearly so: the first thing that the header says, before how much could be removed.
import { type Alarm, alarmsOf } from '../../probe/model/alarm.ts';
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { knownCeilings } from './all-limits.ts';
import { type History, secondsToFull } from './history.ts';
import { memoLast } from './memo.ts';
import { type State, shownHistory } from './state.ts';

/** The worst first; mostly none. */
export const selectAlarms = (state: State): readonly Alarm[] => alarms(knownCeilings(state), shownHistory(state));

const alarms = memoLast((ceilings: readonly Ceiling[], history: History): readonly Alarm[] =>
  alarmsOf(ceilings, ({ id }, limit) => secondsToFull(history[id], limit)),
);
