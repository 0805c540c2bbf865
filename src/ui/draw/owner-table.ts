// The Where screen: who has how much memory, each with a bar of its share.
import { OWNER_COLUMNS, spellShare } from '../format/owner-columns.ts';
import { isAllSeen } from '../state/data.ts';
import { selectOwnerRows } from '../state/owner-rows.ts';
import type { State } from '../state/state.ts';
import { OWNER_TABLE } from '../state/tables.ts';
import type { Kit } from './pen.ts';
import { drawTable } from './table.ts';

/** Of the share in front of its bar: ` 100% `. */
const FIGURE_WIDTH = 5;
const LEAST_BAR = 3;

export function drawOwnerTable(state: State): string[] {
  return drawTable(state, {
    table: OWNER_TABLE,
    columns: OWNER_COLUMNS,
    rows: selectOwnerRows,
    row: (kit, { tags }, item) => ({
      item,
      gutter: [[' '], [tags.size > 0 && item.objectIds.some((id) => tags.has(id)) ? kit.boxes.tag : ' ', 'tagged']],
      text: ({ id }, text, width) => (id === 'share' ? shareText(kit, item.share, width) : text),
      token: ({ id }) => (id === 'share' ? 'spark' : undefined),
    }),
    emptyText: ({ data, filter, isOnlyLeftovers, onlyOwner }) => {
      if (data.stage === 'none') return 'Reading…';
      const isFiltered = filter.text !== '' || isOnlyLeftovers || onlyOwner !== undefined;
      if (isFiltered) return 'Nothing passes the filter. Esc clears it.';
      return data.head && !isAllSeen(data.head)
        ? 'No shared memory is to be seen here, but not everything could be looked into: ? tells what.'
        : 'No shared memory here: nobody has any.';
    },
  });
}

/** The figure, and a bar of as many columns as are left: whole at a share of 1, and not empty where there is any. */
function shareText({ boxes }: Kit, share: number | undefined, width: number): string {
  const figure = spellShare(share).padStart(FIGURE_WIDTH - 1);
  const room = width - FIGURE_WIDTH;
  if (share === undefined || room < LEAST_BAR) return spellShare(share);
  const full = share > 0 ? Math.max(1, Math.round(share * room)) : 0;
  return `${figure} ${boxes.barFull.repeat(full)}`;
}
