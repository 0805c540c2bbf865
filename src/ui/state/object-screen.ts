// What the Objects screen says of its rows: ids, the selected object, the place in the list, how the tree is grouped.

import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { countUnlisted } from '../../probe/model/snapshot.ts';
import { countOf } from '../format/totals.ts';
import { memoLast } from './memo.ts';
import { rowHasText, selectObjectRows, selectObjects } from './object-rows.ts';
import type { Row } from './row.ts';
import { type State, shownData, shownMarks } from './state.ts';

export const objectRowIds = (state: State): readonly string[] => idsOf(selectObjectRows(state));
const idsOf = memoLast((rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id));

/** The object of the row, or the one that a holder row hangs on. */
export function objectAt(state: State, at: number): ShmObject | undefined {
  const row = selectObjectRows(state)[at];
  return row === undefined || row.kind === 'group' ? undefined : row.object;
}

export function objectFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectObjectRows(state);
  return (index) => rowHasText(itemAt(rows, index), text);
}

export function objectPosition(state: State, at: number): string {
  const { head, objects, stage } = shownData(state);
  // What is gone and still marked has a row too.
  const all = objects.length + shownMarks(state).ghosts.length;
  const shown = selectObjects(state).length;
  const unlisted = head ? countUnlisted(head) : 0;
  const more = stage === 'partial' ? ' so far' : unlisted > 0 ? `, ${unlisted} more not listed` : '';
  return shown === all || state.settings.groupBy !== undefined
    ? `${at + 1} of ${selectObjectRows(state).length}${more} `
    : `${at + 1} of ${shown} shown, ${countOf(all, 'object')}${more} `;
}

export const groupChip = ({ settings: { groupBy } }: State): string | undefined =>
  groupBy === undefined ? undefined : `by ${groupBy}`;
