// The rows of the Ceilings screen: how full each limit is, how fast it fills, and the words for it.
import { alarmsOf } from '../../probe/model/alarm.ts';
import { hasObjects } from '../../probe/model/ceiling-scope.ts';
import type { Ceiling } from '../../probe/model/ceilings.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import { remedyOf } from '../format/ceiling-remedy.ts';
import { type CeilingWords, ceilingWords, noObjectsText } from '../format/ceiling-words.ts';
import { allCeilings, knownCeilings, selectLimits } from './all-limits.ts';
import { drillToOwners } from './drill.ts';
import { type History, ratePerSecond, secondsToFull } from './history.ts';
import type { Intent } from './intent.ts';
import { memoLast } from './memo.ts';
import { type State, shownHistory } from './state.ts';

export interface CeilingRow extends CeilingWords {
  readonly id: string;
  readonly ceiling: Ceiling;
  /** A command line that makes it wider; absent: none can be told. */
  readonly remedy?: string;
  readonly unit: Ceiling['unit'];
  readonly used: number;
  /** Absent: no limit, or more than a number can say. */
  readonly limit?: number;
  readonly share?: number;
  readonly ratePerSecond?: number;
  readonly fullInSec?: number;
}

/** Values worth a history, by the id of their ceiling. */
export const measure = (state: State): Record<string, number | undefined> =>
  Object.fromEntries(knownCeilings({ ...state, paused: undefined }).map(({ id, used }) => [id, used]));

export const selectCeilings = (state: State): readonly CeilingRow[] =>
  list(allCeilings(state), selectLimits(state)?.pageSizeBytes ?? 0, shownHistory(state));

export const ceilingIds = (state: State): readonly string[] => selectCeilings(state).map(({ id }) => id);

export function ceilingFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectCeilings(state);
  const wanted = text.toLowerCase();
  return (index) => {
    const { title, error, remedy } = itemAt(rows, index);
    return [title, error, remedy].some((value) => value?.toLowerCase().includes(wanted));
  };
}

/** Keys of the Ceilings screen. Undefined: it means what it means elsewhere. */
export function reduceCeilingKeys(state: State, intent: Intent, at: number): State | undefined {
  const row = selectCeilings(state)[at];
  if (intent !== 'who' || !row) return undefined;
  if (hasObjects(row.ceiling)) return drillToOwners(state, row.id);
  return { ...state, message: { text: noObjectsText(row.ceiling), kind: 'warning' } };
}

/** A control group without a limit is no ceiling. */
const list = memoLast((ceilings: readonly Ceiling[], pageSizeBytes: number, history: History): readonly CeilingRow[] =>
  alarmingFirst(ceilings)
    .filter(({ used, kind, limit }) => used !== undefined && (kind !== 'group' || limit !== undefined))
    .map((ceiling): CeilingRow => {
      const { id, unit, used = 0, limit } = ceiling;
      return {
        ...ceilingWords(ceiling),
        ...{ id, unit, used, limit, ceiling },
        remedy: remedyOf(ceiling, pageSizeBytes),
        share: limit ? used / limit : undefined,
        ratePerSecond: ratePerSecond(history[id]),
        fullInSec: limit === undefined ? undefined : secondsToFull(history[id], limit),
      };
    }),
);

/** What alarms stands first, else they keep the order in which they are worth knowing. */
function alarmingFirst(ceilings: readonly Ceiling[]): readonly Ceiling[] {
  const alarming = new Set(alarmsOf(ceilings).map(({ ceiling }) => ceiling));
  return [...alarming, ...ceilings.filter((ceiling) => !alarming.has(ceiling))];
}
