// The rows of the Ceilings screen: how full each limit is, how fast it fills, and the words for it.
import { type Ceiling, ceilingsOf } from '../../probe/model/ceilings.ts';
import { type CeilingWords, ceilingWords } from '../format/ceiling-words.ts';
import type { Data } from './data.ts';
import { type History, ratePerSecond, secondsToFull } from './history.ts';
import { memoLast } from './memo.ts';
import { type State, shownData, shownHistory } from './state.ts';

export interface CeilingRow extends CeilingWords {
  readonly id: string;
  readonly unit: Ceiling['unit'];
  readonly used: number;
  /** Absent: no limit, or more than a number can say. */
  readonly limit?: number;
  readonly share?: number;
  readonly ratePerSecond?: number;
  readonly fullInSec?: number;
}

/** Values worth a history, by the id of their ceiling. */
export function measure({ head, memory }: Data): Record<string, number | undefined> {
  if (!head) return {};
  return Object.fromEntries(
    ceilingsOf(head.limits, memory, undefined, head.namespaces).map(({ id, used }) => [id, used]),
  );
}

export function selectCeilings(state: State): readonly CeilingRow[] {
  return list(shownData(state), shownHistory(state));
}

export const ceilingIds = (state: State): readonly string[] => selectCeilings(state).map(({ id }) => id);

const list = memoLast(({ head, memory, objects }: Data, history: History): readonly CeilingRow[] => {
  if (!head) return [];
  return ceilingsOf(head.limits, memory, objects, head.namespaces)
    .filter(({ kind, used }) => kind !== 'shmem' || used !== undefined)
    .map((ceiling): CeilingRow => {
      const { id, unit, used = 0, limit } = ceiling;
      return {
        ...ceilingWords(ceiling),
        ...{ id, unit, used, limit },
        share: limit ? used / limit : undefined,
        ratePerSecond: ratePerSecond(history[id]),
        fullInSec: limit === undefined ? undefined : secondsToFull(history[id], limit),
      };
    });
});
