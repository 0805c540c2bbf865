// What is full or nearly so: the first thing that the header says, before how much could be removed.
import { type Alarm, alarmsOf } from '../../probe/model/alarm.ts';
import { ceilingsOf } from '../../probe/model/ceilings.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { Limits } from '../../probe/model/snapshot.ts';
import { selectLimits } from './all-limits.ts';
import { type History, secondsToFull } from './history.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

/** The worst first; mostly none. Costs nothing that grows with the objects: it is asked with every frame. */
export const selectAlarms = (state: State): readonly Alarm[] =>
  alarms(selectLimits(state), shownData(state).memory, state.history);

const alarms = memoLast(
  (limits: Limits | undefined, memory: HostMemory | undefined, history: History): readonly Alarm[] =>
    limits ? alarmsOf(ceilingsOf(limits, memory), ({ id }, limit) => secondsToFull(history[id], limit)) : [],
);
