// The table of objects: header line and the rows in the window, each exactly as wide as the pane.

import { escapeBytes } from '../../probe/model/bytes.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { type Column, findColumn } from '../format/column.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import { glyphsFor } from '../format/glyphs.ts';
import { spellAccess, spellFds } from '../format/holder-columns.ts';
import { safeText } from '../format/safe-text.ts';
import type { TablePlace } from '../format/table-places.ts';
import { countOf } from '../format/totals.ts';
import { withFreshEvidence } from '../state/fresh-evidence.ts';
import { rowHasText, selectObjectRows } from '../state/object-rows.ts';
import type { GroupRow, HolderRow, ObjectRow, Row } from '../state/row.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { modeOf, selectedRow } from '../state/select.ts';
import { type State, shownMarks } from '../state/state.ts';
import { GUTTER, tablePlaces } from '../state/table-layout.ts';
import type { UiToken } from '../theme.ts';
import { cutTo, fitTo, joinPieces, type Kit, kitOf, type Piece, paintWith } from './pen.ts';
import { drawTitles } from './titles.ts';

/** Of many thousand mappings these tell how it is used. */
const MOST_LOOKED_AT = 1000;

interface Placed {
  readonly column: Column<ShmObject>;
  readonly place: TablePlace;
}

export function drawObjectTable(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen(state).body;
  const placed = tablePlaces(state).flatMap((place): Placed[] => {
    const column = findColumn(OBJECT_COLUMNS, place.id);
    return column ? [{ column, place }] : [];
  });
  const rows = selectObjectRows(state);
  const { top } = state.lists.objects;
  const at = selectedRow(state);
  const lines = [drawTitles(kit, placed, state.settings.sort, width)];
  for (let index = top; index < Math.min(rows.length, top + height - 1); index++) {
    lines.push(drawRow(kit, state, rows[index], placed, width, index === at));
  }
  return rows.length === 0 ? [...lines, '', paintWith(kit, 'faint', cutTo(kit, ` ${emptyText(state)}`, width))] : lines;
}

function emptyText(state: State): string {
  if (state.data.stage === 'none') return 'Reading…';
  if (state.filter.text !== '' || state.isOnlyLeftovers || state.onlyUser !== undefined)
    return 'Nothing passes the filter. Esc clears it.';
  return 'No shared memory here: no segment, no name in /dev/shm, no shared mapping.';
}

function drawRow(
  kit: Kit,
  state: State,
  row: Row,
  placed: readonly Placed[],
  width: number,
  isSelected: boolean,
): string {
  const selection = isSelected ? selectionToken(state) : undefined;
  switch (row.kind) {
    case 'group':
      return drawGroup(kit, row, width, selection);
    case 'holder':
      return drawHolder(kit, row, width, selection);
    case 'object':
      return drawObject(kit, state, row, placed, width, selection);
  }
}

function selectionToken(state: State): UiToken {
  if (state.removal?.kind === 'countdown') return 'danger';
  return modeOf(state) === 'table' || state.prompt ? 'selected' : 'selected-idle';
}

function drawObject(
  kit: Kit,
  state: State,
  row: ObjectRow,
  placed: readonly Placed[],
  width: number,
  selection: UiToken | undefined,
): string {
  const { depth, isOpen } = row;
  const object = withFreshEvidence(row.object, kit.style.nowSec);
  const mark = shownMarks(state).byId.get(object.id)?.kind;
  const isTagged = state.tags.has(object.id);
  const isMatch = state.search !== '' && rowHasText(row, state.search);
  const whole: UiToken | undefined = selection ?? (mark === 'gone' ? 'mark-gone' : undefined);
  const pieces: Piece[] = [
    [markSign(kit, mark, object), whole ?? (mark === undefined ? 'warning' : `mark-${mark}`)],
    [isTagged ? kit.boxes.tag : ' ', whole ?? 'tagged'],
  ];
  let x = GUTTER;
  for (const { column, place } of placed) {
    if (place.x > x) pieces.push([' '.repeat(place.x - x), whole]);
    const isName = column.id === 'id';
    const tree =
      depth > 0 && isName ? `${object.holders.length === 0 ? ' ' : isOpen ? kit.boxes.open : kit.boxes.closed} ` : '';
    const text = fitTo(kit, tree + column.text(object, kit.style), place.width, column.align, column.cut);
    const token = isTagged && isName ? 'tagged' : isMatch && isName ? 'match' : column.token?.(object);
    pieces.push([text, whole ?? token]);
    x = place.x + place.width;
  }
  return joinPieces(kit, pieces, width, selection);
}

function markSign({ boxes }: Kit, mark: string | undefined, object: ShmObject): string {
  if (mark === 'new') return boxes.newMark;
  if (mark === 'changed') return boxes.changedMark;
  if (mark === 'gone') return boxes.goneMark;
  return object.status.includes('dest') ? boxes.destMark : ' ';
}

function drawGroup(kit: Kit, row: GroupRow, width: number, selection: UiToken | undefined): string {
  const { boxes } = kit;
  const numbers: Piece[] = [
    [
      `  ${countOf(row.count, 'object')}, ${formatIecBytes(row.costBytes)} in memory, ${formatIecBytes(row.sizeBytes)} in length`,
      selection ?? 'faint',
    ],
  ];
  if (row.byVerdict.abandoned > 0) numbers.push([`  ${row.byVerdict.abandoned} abandoned`, selection ?? 'abandoned']);
  if (row.byVerdict.unheld > 0) numbers.push([`  ${row.byVerdict.unheld} unheld`, selection ?? 'unheld']);
  return joinPieces(
    kit,
    [[`${row.isOpen ? boxes.open : boxes.closed} ${row.label}`, selection ?? 'group'], ...numbers],
    width,
    selection,
  );
}

function drawHolder(kit: Kit, { holder, depth }: HolderRow, width: number, selection: UiToken | undefined): string {
  const comm = holder.comm === undefined ? '?' : escapeBytes(holder.comm);
  const access = [...new Set(holder.mappings.slice(0, MOST_LOOKED_AT).map(({ perms }) => spellAccess(perms)))];
  const how = [
    holder.mappings.length > 0 ? `${countOf(holder.mappings.length, 'mapping')} (${access.join(', ')})` : '',
    spellFds(holder.fds) ?? '',
  ].filter((text) => text !== '');
  const user = holder.user ?? holder.uid?.toString();
  const text = `${comm}[${holder.pid}]${user === undefined ? '' : ` of ${safeText(user)}`}  ${how.join(', ')}`;
  return joinPieces(
    kit,
    [[`${' '.repeat(depth * 6)}${glyphsFor(kit.style).bullet} ${text}`, selection ?? 'plain']],
    width,
    selection,
  );
}
