// What is full or nearly so: the first thing that the header says, before how much could be removed.
import { type Alarm, alarmsOf } from '../../probe/model/alarm.ts';
import { ceilingsOf } from '../../probe/model/ceilings.ts';
import type { Data } from './data.ts';
import { type History, secondsToFull } from './history.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

/** The worst first; mostly none. Costs nothing that grows with the objects: it is asked with every frame. */
export const selectAlarms = (state: State): readonly Alarm[] => alarms(shownData(state), state.history);

const alarms = memoLast(({ head, memory }: Data, history: History): readonly Alarm[] =>
  head ? alarmsOf(ceilingsOf(head.limits, memory), ({ id }, limit) => secondsToFull(history[id], limit)) : [],
);
