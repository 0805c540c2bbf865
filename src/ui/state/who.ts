// The key that leads to who fills a limit: what alarms, what is selected, or the next one.
import type { Scope } from '../../probe/model/ceiling-scope.ts';
import { ceilingsOf } from '../../probe/model/ceilings.ts';
import type { Limits } from '../../probe/model/snapshot.ts';
import { selectAlarms } from './alarm.ts';
import { selectLimits } from './all-limits.ts';
import type { Data } from './data.ts';
import { drillToOwners } from './drill.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

/** The limit that the Where screen is about; undefined: all memory, or a limit that is no longer there. */
export const scopeOf = (state: State): Scope | undefined =>
  state.whereOf && scopeById(selectLimits(state), shownData(state), state.whereOf.ceilingId);

const scopeById = memoLast(
  (limits: Limits | undefined, { head, memory, objects }: Data, id: string): Scope | undefined => {
    const ceiling = limits && ceilingsOf(limits, memory, objects).find((one) => one.id === id);
    return ceiling && { ceiling, ownNamespace: head?.host.ipcNamespace };
  },
);

/** Who fills what alarms; where nothing does, the first /dev/shm, else the machine's memory. */
export function showWho(state: State): State {
  const [alarm] = selectAlarms(state);
  const device = shownData(state).head?.limits.mounts[0]?.device;
  return drillToOwners(state, alarm?.ceiling.id ?? (device === undefined ? 'shmem' : `bytes:${device}`));
}

/** On the Where screen: the next limit, those that alarm first; after the last, all memory again. */
export function showNextWho(state: State): State {
  const limits = selectLimits(state);
  if (!limits) return state;
  const alarming = selectAlarms(state).map(({ ceiling }) => ceiling.id);
  const all = ceilingsOf(limits, undefined).flatMap(({ id, kind }) => (kind === 'shmem' ? [] : [id]));
  const ids = [...alarming, ...all.filter((id) => !alarming.includes(id))];
  const { whereOf } = state;
  const ceilingId = ids[whereOf ? ids.indexOf(whereOf.ceilingId) + 1 : 0];
  return { ...state, whereOf: ceilingId === undefined ? undefined : { ceilingId, by: whereOf?.by ?? 'process' } };
}
