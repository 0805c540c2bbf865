// What the Where screen says of its rows, and what keys do to them.

import { SUM_KINDS, type SumKind } from '../../probe/model/account/sum-by.ts';
import { itemAt } from '../../probe/model/item-at.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { countUnlisted } from '../../probe/model/snapshot.ts';
import { REMAINDER_WORDS, unlistedWords } from '../format/account-words.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { shortCeiling, spellCeiling } from '../format/ceiling-words.ts';
import type { NamedOwner } from '../format/owner-columns.ts';
import { ownerLabel, surroundingsOf } from '../format/owner-words.ts';
import { SUM_WORDS } from '../format/sum-words.ts';
import { countOf } from '../format/totals.ts';
import { drillInto } from './drill.ts';
import type { Intent } from './intent.ts';
import { NEW_LIST } from './list.ts';
import { memoLast } from './memo.ts';
import { ownerRowId, ownersBy, selectOwnerRows } from './owner-rows.ts';
import { type OnlyOwner, type State, shownData } from './state.ts';
import { scopeOf, showNextWho } from './who.ts';

export const ownerRowIds = (state: State): readonly string[] => idsOf(selectOwnerRows(state));
const idsOf = memoLast((rows: readonly NamedOwner[]): readonly string[] => rows.map(ownerRowId));

export function ownerFinder(state: State, text: string): (index: number) => boolean {
  const rows = selectOwnerRows(state);
  const wanted = text.toLowerCase();
  return (index) => itemAt(rows, index).label.toLowerCase().includes(wanted);
}

export function ownerPosition(state: State, at: number): string {
  const rows = selectOwnerRows(state);
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const { head, stage } = shownData(state);
  const unlisted = head ? countUnlisted(head) : 0;
  const rest = stage === 'partial' ? ' so far' : unlisted > 0 ? `, ${countOf(unlisted, 'object')} more not listed` : '';
  const scope = scopeOf(state);
  const of = `${at + 1} of ${rows.length}`;
  // What removal would do needs the room more than what a meter shows already.
  if (scope) return state.columns < ROOMY ? `${of}${rest} ` : `${of}, ${spellCeiling(scope.ceiling)}${rest} `;
  return `${of}, ${formatIecBytes(bytes)} in memory${rest} `;
}

const ROOMY = 100;

export function ownerChip(state: State): string {
  const scope = scopeOf(state);
  const by = `by ${SUM_WORDS[ownersBy(state)].one}`;
  return scope ? `who fills ${shortCeiling(scope.ceiling)}, ${by}` : by;
}

/** The objects of the row, as they are shown. */
export function ownedObjects(state: State, at: number): readonly ShmObject[] {
  const { byId } = shownData(state);
  return selectOwnerRows(state)[at]?.objectIds.flatMap((id) => byId.get(id) ?? []) ?? [];
}

/** The owner of an object, as a filter that only its objects pass. */
export const onlyUserOf = (state: State, object: ShmObject): OnlyOwner => ({
  by: 'user',
  key: object.uid?.toString() ?? object.user,
  label: ownerLabel(object, 'user', surroundingsOf(shownData(state).head)),
});

/** Keys of the Where screen. Undefined: it means what it means elsewhere. */
export function reduceOwnerKeys(state: State, intent: Intent, at: number): State | undefined {
  switch (intent) {
    case 'tree':
      return withBy(state, itemAt(SUM_KINDS, (SUM_KINDS.indexOf(ownersBy(state)) + 1) % SUM_KINDS.length));
    case 'open':
      return openOwner(state, selectOwnerRows(state)[at]);
    case 'who':
      return showNextWho(state);
    case 'back':
      // Who came here by a key goes back with it; who narrowed it here, widens it here.
      return state.whereOf && !state.cameFrom && state.search === '' ? { ...state, whereOf: undefined } : undefined;
    default:
      return undefined;
  }
}

function withBy(state: State, by: SumKind): State {
  const { settings, whereOf } = state;
  const there = { ...state, lists: { ...state.lists, where: NEW_LIST } };
  return whereOf ? { ...there, whereOf: { ...whereOf, by } } : { ...there, settings: { ...settings, whereBy: by } };
}

function openOwner(state: State, row: NamedOwner | undefined): State {
  switch (row?.kind) {
    case 'objects': {
      const { by, key, label } = row;
      return drillInto(state, { by, key, label, scope: scopeOf(state) });
    }
    case 'files':
      return { ...state, message: { text: unlistedWords(row.part?.mount?.path), kind: 'warning' } };
    case 'remainder':
      return { ...state, message: { text: REMAINDER_WORDS, kind: 'warning' } };
    case undefined:
      return state;
  }
}
