// The key that leads to who fills a limit: what alarms, what is selected, or the next one.
import type { Scope } from '../../probe/model/ceiling-scope.ts';
import { ceilingsOf } from '../../probe/model/ceilings.ts';
import { selectAlarms } from './alarm.ts';
import type { Data } from './data.ts';
import { drillToOwners } from './drill.ts';
import { memoLast } from './memo.ts';
import { type State, shownData } from './state.ts';

/** The limit that the Where screen is about; undefined: all memory, or a limit that is no longer there. */
export function scopeOf({ whereOf, ...state }: State): Scope | undefined {
  return whereOf && scopeById(shownData(state), whereOf.ceilingId);
}

const scopeById = memoLast(({ head, memory, objects }: Data, id: string): Scope | undefined => {
  const ceiling = head && ceilingsOf(head.limits, memory, objects).find((one) => one.id === id);
  return ceiling && { ceiling, ownNamespace: head.host.ipcNamespace };
});

/** Who fills what alarms; where nothing does, the first /dev/shm, else the machine's memory. */
export function showWho(state: State): State {
  const [alarm] = selectAlarms(state);
  const device = shownData(state).head?.limits.mounts[0]?.device;
  return drillToOwners(state, alarm?.ceiling.id ?? (device === undefined ? 'shmem' : `bytes:${device}`));
}

/** On the Where screen: the next limit, those that alarm first; after the last, all memory again. */
export function showNextWho(state: State): State {
  const { head, memory } = shownData(state);
  if (!head) return state;
  const alarming = selectAlarms(state).map(({ ceiling }) => ceiling.id);
  const all = ceilingsOf(head.limits, memory).flatMap(({ id, kind }) => (kind === 'shmem' ? [] : [id]));
  const ids = [...alarming, ...all.filter((id) => !alarming.includes(id))];
  const { whereOf } = state;
  const ceilingId = ids[whereOf ? ids.indexOf(whereOf.ceilingId) + 1 : 0];
  return { ...state, whereOf: ceilingId === undefined ? undefined : { ceilingId, by: whereOf?.by ?? 'process' } };
}
