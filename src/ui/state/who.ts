// The key that leads to who fills a limit: what alarms, what is selected, or the next one.
import { hasObjects, type Scope } from '../../probe/model/ceiling-scope.ts';
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { selectAlarms } from './alarm.ts';
import { allCeilings, knownCeilings } from './all-limits.ts';
import { drillToCeiling, drillToOwners } from './drill.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

/** The limit that the Where screen is about; undefined: all memory, or a limit that is no longer there. */
export const scopeOf = (state: State): Scope | undefined =>
  state.whereOf && scopeById(allCeilings(state), state.whereOf.ceilingId, shownData(state).head?.host.ipcNamespace);

const scopeById = memoLast((ceilings: readonly Ceiling[], id: string, ownNamespace?: string): Scope | undefined => {
  const ceiling = ceilings.find((one) => one.id === id);
  return ceiling && { ceiling, ownNamespace };
});

/** Who fills what alarms, or its details where no object does; where nothing does, the first /dev/shm, else the machine's memory. */
export function showWho(state: State): State {
  const [alarm] = selectAlarms(state);
  if (alarm && !hasObjects(alarm.ceiling)) return drillToCeiling(state, alarm.ceiling.id);
  const device = shownData(state).head?.limits.mounts[0]?.device;
  return drillToOwners(state, alarm?.ceiling.id ?? (device === undefined ? 'shmem' : `bytes:${device}`));
}

/** On the Where screen: the next limit, those that alarm first; after the last, all memory again. */
export function showNextWho(state: State): State {
  const alarming = new Set(selectAlarms(state).map(({ ceiling }) => ceiling.id));
  const all = knownCeilings(state)
    .filter((ceiling) => ceiling.kind !== 'shmem' && hasObjects(ceiling))
    .map(({ id }) => id);
  const ids = [...alarming, ...all.filter((id) => !alarming.has(id))];
  const { whereOf } = state;
  const ceilingId = ids[whereOf ? ids.indexOf(whereOf.ceilingId) + 1 : 0];
  return { ...state, whereOf: ceilingId === undefined ? undefined : { ceilingId, by: whereOf?.by ?? 'process' } };
}
