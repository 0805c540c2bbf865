// The ceilings: two lines each, with bar, rate, time to full, and the error that running into it causes.

import { sparkline } from '../format/boxes.ts';
import { formatIecBytes } from '../format/bytes.ts';
import { shortCeiling, spellCeiling } from '../format/ceiling-words.ts';
import { formatDuration } from '../format/duration.ts';
import { type CeilingRow, selectCeilings } from '../state/ceilings.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { screenOf } from '../state/screens.ts';
import { selectedRow } from '../state/select.ts';
import { type State, shownHistory } from '../state/state.ts';
import { drawBar, fullness } from './meter.ts';
import { fitTo, joinPieces, type Kit, kitOf, type Piece, paintWith } from './pen.ts';

export function drawCeilings(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen(state).body;
  const at = selectedRow(state);
  const lines: string[] = [];
  const title = paintWith(
    kit,
    'column-title',
    fitTo(kit, '  CEILING: how full, how fast, and the error that it causes', width),
  );
  const ceilings = selectCeilings(state);
  if (ceilings.length === 0) return [` ${paintWith(kit, 'faint', 'Reading…')}`];
  for (const [index, ceiling] of ceilings.entries()) {
    if (index < state.lists.ceilings.top || lines.length + screenOf('ceilings').rowLines > height) continue;
    lines.push(...drawCeiling(kit, ceiling, state, width, index === at));
  }
  return [title, ...lines];
}

/** Room for each part of the first line; the bar has what is left. */
const ROOMY = { from: 100, title: 28, percent: 7, numbers: 18, trend: 27 };
const NARROW = { from: 64, title: 18, percent: 6, numbers: 16, trend: 20 };
const NARROWEST = { from: 0, title: 16, percent: 6, numbers: 16, trend: 0 };
const LEAST_BAR = 6;

function drawCeiling(kit: Kit, row: CeilingRow, state: State, width: number, isSelected: boolean): string[] {
  const { share, ceiling, error, fullInSec } = row;
  const room = [ROOMY, NARROW].find(({ from }) => width >= from) ?? NARROWEST;
  const sparkWidth = width >= 140 ? 30 : 0;
  const spark =
    sparkWidth > 0
      ? ` ${paintWith(kit, 'spark', sparkline(shownHistory(state)[row.id]?.values ?? [], sparkWidth, kit.boxes.sparks))}`
      : '';
  const fixed = 2 + room.title + room.percent + room.numbers + room.trend;
  const barWidth = width - fixed - 2 - (sparkWidth > 0 ? sparkWidth + 1 : 0);
  const bar = barWidth >= LEAST_BAR ? ` ${drawBar(kit, share, barWidth)}` : '';
  const title = room === ROOMY ? row.title : shortCeiling(ceiling);
  const left: Piece[] = [
    [isSelected ? `${kit.boxes.closed} ` : '  ', 'accent'],
    [fitTo(kit, title, room.title, 'left', 'middle'), isSelected ? 'accent' : 'header'],
  ];
  const trend = trendOf(row, room === ROOMY);
  const right: Piece[] = [
    [fitTo(kit, percentOf(share), room.percent, 'right'), fullness(share)],
    [fitTo(kit, spellCeiling(ceiling), room.numbers, 'right'), 'value'],
    [fitTo(kit, trend === '' ? '' : `  ${trend}`, room.trend), fullInSec === undefined ? 'faint' : 'warning'],
  ];
  const rightWidth = Math.min(room.percent + room.numbers + room.trend, Math.max(0, width - 2 - room.title));
  return [
    joinPieces(kit, left, Math.min(width, 2 + room.title)) + bar + joinPieces(kit, right, rightWidth) + spark,
    joinPieces(
      kit,
      [
        ['    ', 'plain'],
        ['when full: ', 'faint'],
        [error, share !== undefined && share >= 0.9 ? 'bad' : 'plain'],
      ],
      width,
    ),
  ];
}

/** Never 100 % while there is room. */
function percentOf(share: number | undefined): string {
  if (share === undefined) return '';
  if (share > 0 && share < 0.001) return '<0.1%';
  return share < 0.1 ? `${(share * 100).toFixed(1)}%` : `${Math.floor(share * 100)}%`;
}

/** What is full in months at the rate of these minutes is not worth a word. */
const FAR_SEC = 30 * 86_400;

function trendOf({ ratePerSecond, fullInSec, unit }: CeilingRow, isRoomy: boolean): string {
  if (ratePerSecond === undefined) return '';
  const size = Math.abs(ratePerSecond);
  if (size < (unit === 'bytes' ? 1 : 0.001)) return 'steady';
  const sign = ratePerSecond > 0 ? '+' : '-';
  const rate =
    unit === 'bytes'
      ? `${sign}${formatIecBytes(size)}/s`
      : size < 1
        ? `${sign}${(size * 60).toFixed(1)}/min`
        : `${sign}${size.toFixed(1)}/s`;
  if (fullInSec === undefined || fullInSec > FAR_SEC) return rate;
  return isRoomy ? `${rate}, full in ${formatDuration(fullInSec)}` : `${rate} ${formatDuration(fullInSec)} left`;
}
