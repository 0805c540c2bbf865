// One limit: what it means, the error that running into it causes, who fills it, and what helps.
import { hasObjects } from '../../probe/model/ceiling-scope.ts';
import { unlistedWords } from '../format/account-words.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { noObjectsText, spellCeiling } from '../format/ceiling-words.ts';
import { forLocale } from '../format/glyphs.ts';
import type { NamedOwner } from '../format/owner-columns.ts';
import { spellShare } from '../format/owner-columns.ts';
import { wrapAll } from '../format/wrap.ts';
import { type CeilingRow, selectCeilings } from '../state/ceilings.ts';
import { selectOwnerRows } from '../state/owner-rows.ts';
import { selectedRow } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { drawBar } from './meter.ts';
import { cutTo, fitTo, joinPieces, type Kit, paintWith } from './pen.ts';

/** More of them are what the Where screen is for. */
const MOST_SHOWN = 8;
const BAR_WIDTH = 12;
const VALUE_WIDTH = 7;

/** All lines, none wider than `width`. */
export function drawCeilingDetail(kit: Kit, state: State, width: number): readonly string[] {
  const row = selectCeilings(state)[selectedRow(state)];
  if (!row) return [paintWith(kit, 'faint', 'Nothing is selected.')];
  const text = (words: string) => wrapAll(forLocale(words, kit.style), width, 2);
  const title = (words: string) => ['', paintWith(kit, 'column-title', fitTo(kit, words, width))];
  return [
    paintWith(kit, 'accent', cutTo(kit, row.title, width)),
    ...text(`${spellCeiling(row.ceiling)}. ${row.meaning}`),
    ...text(`When full: ${row.error}`).map((line) => paintWith(kit, 'warning', line)),
    ...title('WHAT HELPS'),
    ...text(row.advice),
    ...(row.remedy === undefined ? [] : remedyLines(kit, row.remedy, width)),
    ...title('WHO FILLS IT (w: all of them, and what may go)'),
    ...consumerLines(kit, state, row, width),
  ];
}

/** Copied whole, however little of it there is room for. */
function remedyLines(kit: Kit, remedy: string, width: number): string[] {
  return [
    ...wrapAll(forLocale(remedy, kit.style), Math.max(1, width - 2), 0).map(
      (line) => `  ${paintWith(kit, 'value', line)}`,
    ),
    paintWith(kit, 'faint', cutTo(kit, '  y copies it', width)),
  ];
}

function consumerLines(kit: Kit, state: State, { id, unit, ceiling }: CeilingRow, width: number): string[] {
  if (!hasObjects(ceiling)) return wrapAll(forLocale(noObjectsText(ceiling), kit.style), width, 2);
  const rows = selectOwnerRows({
    ...state,
    whereOf: { ceilingId: id, by: 'process' },
    filter: { text: '' },
    isOnlyLeftovers: false,
    onlyOwner: undefined,
    frozenIds: undefined,
  });
  if (rows.length === 0) return [paintWith(kit, 'faint', cutTo(kit, 'Nobody that can be seen.', width))];
  const more = rows.length > MOST_SHOWN ? [cutTo(kit, `and ${rows.length - MOST_SHOWN} more`, width)] : [];
  // Of all memory they lie on several mounts.
  const files = 'mount' in ceiling ? rows.find((row) => row.kind === 'files') : undefined;
  const listed = files ? wrapAll(forLocale(unlistedWords(files.part?.mount?.path), kit.style), width, 2) : [];
  return [...rows.slice(0, MOST_SHOWN).map((row) => consumerLine(kit, row, unit, width)), ...more, ...listed];
}

function consumerLine(kit: Kit, { label, weight, share }: NamedOwner, unit: CeilingRow['unit'], width: number): string {
  const value = unit === 'bytes' ? formatIecBytes(weight) : String(weight);
  const bar = width >= 40 ? ` ${drawBar(kit, share, BAR_WIDTH)}` : '';
  const figures = fitTo(kit, value, VALUE_WIDTH, 'right') + fitTo(kit, spellShare(share), 6, 'right');
  const room = width - VALUE_WIDTH - 6 - 2 - (bar === '' ? 0 : BAR_WIDTH + 1);
  return `${paintWith(kit, 'value', figures)}${bar}  ${joinPieces(kit, [[label]], Math.max(0, room))}`;
}
