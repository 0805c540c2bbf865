// The table of objects: a row is an object, a group of the tree, or a holder below its object.
import { escapeBytes } from '../../probe/model/bytes.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { OBJECT_COLUMNS } from '../format/columns.ts';
import { glyphsFor } from '../format/glyphs.ts';
import { spellAccess, spellFds } from '../format/holder-columns.ts';
import { safeText } from '../format/safe-text.ts';
import { countOf } from '../format/totals.ts';
import { isAllSeen } from '../state/data.ts';
import { withFreshEvidence } from '../state/fresh-evidence.ts';
import { rowHasText, selectObjectRows } from '../state/object-rows.ts';
import type { GroupRow, HolderRow, ObjectRow, Row } from '../state/row.ts';
import { type State, shownMarks } from '../state/state.ts';
import { OBJECT_TABLE } from '../state/tables.ts';
import type { Kit, Piece } from './pen.ts';
import { type Cells, drawTable } from './table.ts';

/** Of many thousand mappings these tell how it is used. */
const MOST_LOOKED_AT = 1000;

export function drawObjectTable(state: State): string[] {
  return drawTable(state, {
    table: OBJECT_TABLE,
    columns: OBJECT_COLUMNS,
    rows: selectObjectRows,
    row: objectRow,
    emptyText,
  });
}

function emptyText(state: State): string {
  if (state.data.stage === 'none') return 'Reading…';
  if (state.filter.text !== '' || state.isOnlyLeftovers || state.onlyOwner !== undefined)
    return 'Nothing passes the filter. Esc clears it.';
  const { head } = state.data;
  return head && !isAllSeen(head)
    ? 'No shared memory is to be seen here, but not everything could be looked into: ? tells what.'
    : 'No shared memory here: no segment, no name in /dev/shm, no shared mapping.';
}

function objectRow(kit: Kit, state: State, row: Row): Cells<ShmObject> | readonly Piece[] {
  switch (row.kind) {
    case 'group':
      return groupPieces(kit, row);
    case 'holder':
      return holderPieces(kit, row);
    case 'object':
      return objectCells(kit, state, row);
  }
}

function objectCells(kit: Kit, state: State, row: ObjectRow): Cells<ShmObject> {
  const { depth, isOpen } = row;
  const item = withFreshEvidence(row.object, kit.style.nowSec);
  const mark = shownMarks(state).byId.get(item.id)?.kind;
  const isTagged = state.tags.has(item.id);
  const isMatch = state.search !== '' && rowHasText(row, state.search);
  const branch = item.holders.length === 0 ? ' ' : isOpen ? kit.boxes.open : kit.boxes.closed;
  const nameToken = isTagged ? 'tagged' : isMatch ? 'match' : undefined;
  return {
    item,
    gutter: [
      [markSign(kit, mark, item), mark === undefined ? 'warning' : `mark-${mark}`],
      [isTagged ? kit.boxes.tag : ' ', 'tagged'],
    ],
    whole: mark === 'gone' ? 'mark-gone' : undefined,
    text: ({ id }, text) => (depth > 0 && id === 'id' ? `${branch} ${text}` : text),
    token: ({ id }) => (id === 'id' ? nameToken : undefined),
  };
}

function markSign({ boxes }: Kit, mark: string | undefined, object: ShmObject): string {
  if (mark === 'new') return boxes.newMark;
  if (mark === 'changed') return boxes.changedMark;
  if (mark === 'gone') return boxes.goneMark;
  return object.status.includes('dest') ? boxes.destMark : ' ';
}

function groupPieces({ boxes }: Kit, { label, totals, isOpen }: GroupRow): readonly Piece[] {
  const { abandoned, orphaned, unheld } = totals.byVerdict;
  const sums = `${formatIecBytes(totals.costBytes)} in memory, ${formatIecBytes(totals.sizeBytes)} in length`;
  const pieces: Piece[] = [
    [`${isOpen ? boxes.open : boxes.closed} ${label}`, 'group'],
    [`  ${countOf(totals.objects, 'object')}, ${sums}`, 'faint'],
  ];
  if (abandoned.objects > 0) pieces.push([`  ${abandoned.objects} abandoned`, 'abandoned']);
  if (orphaned.objects > 0) pieces.push([`  ${orphaned.objects} orphaned`, 'orphaned']);
  if (unheld.objects > 0) pieces.push([`  ${unheld.objects} unheld`, 'unheld']);
  return pieces;
}

function holderPieces({ style }: Kit, { holder, depth }: HolderRow): readonly Piece[] {
  const comm = holder.comm === undefined ? '?' : escapeBytes(holder.comm);
  const access = [...new Set(holder.mappings.slice(0, MOST_LOOKED_AT).map(({ perms }) => spellAccess(perms)))];
  const how = [
    holder.mappings.length > 0 ? `${countOf(holder.mappings.length, 'mapping')} (${access.join(', ')})` : '',
    spellFds(holder.fds) ?? '',
  ].filter((text) => text !== '');
  const user = holder.user ?? holder.uid?.toString();
  const text = `${comm}[${holder.pid}]${user === undefined ? '' : ` of ${safeText(user)}`}  ${how.join(', ')}`;
  return [[`${' '.repeat(depth * 6)}${glyphsFor(style).bullet} ${text}`, 'plain']];
}
