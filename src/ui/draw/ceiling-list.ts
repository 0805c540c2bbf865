// The ceilings: three lines each, with bar, rate, time to full, and the error that running into it causes.

import { sparkline } from '../format/boxes.ts';
import { formatIecBytes } from '../format/bytes.ts';
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

function drawCeiling(kit: Kit, ceiling: CeilingRow, state: State, width: number, isSelected: boolean): string[] {
  const { used, limit, unit, share } = ceiling;
  const text = (value: number) => (unit === 'bytes' ? formatIecBytes(value) : String(value));
  const numbers = limit === undefined ? `${text(used)} of any` : `${text(used)} of ${text(limit)}`;
  const percent =
    share === undefined ? '' : `${share > 0 && share < 0.001 ? '<0.1' : (share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
  const titleWidth = Math.min(28, Math.floor(width * 0.36));
  const sparkWidth = width >= 140 ? 30 : 0;
  const trend = width >= 64 ? trendOf(ceiling) : '';
  const trendWidth = width >= 64 ? 24 : 0;
  const barWidth = width - 2 - titleWidth - 1 - 7 - 19 - trendWidth - (sparkWidth > 0 ? sparkWidth + 1 : 0) - 2;
  const first: Piece[] = [
    [isSelected ? `${kit.boxes.closed} ` : '  ', 'accent'],
    [fitTo(kit, ceiling.title, titleWidth), isSelected ? 'accent' : 'header'],
  ];
  const bar = barWidth >= 6 ? ` ${drawBar(kit, share, barWidth)}` : '';
  const values: Piece[] = [
    [fitTo(kit, percent, 7, 'right'), fullness(share)],
    [fitTo(kit, numbers, 19, 'right'), 'value'],
    [fitTo(kit, trend === '' ? '' : `  ${trend}`, trendWidth), ceiling.fullInSec === undefined ? 'faint' : 'warning'],
  ];
  const spark =
    sparkWidth > 0
      ? ` ${paintWith(kit, 'spark', sparkline(shownHistory(state)[ceiling.id]?.values ?? [], sparkWidth, kit.boxes.sparks))}`
      : '';
  const left = joinPieces(kit, first, 2 + titleWidth);
  const right = joinPieces(kit, values, Math.min(26 + trendWidth, width - 2 - titleWidth));
  return [
    left + bar + right + spark,
    joinPieces(
      kit,
      [
        ['    ', 'plain'],
        ['when full: ', 'faint'],
        [ceiling.error, share !== undefined && share >= 0.9 ? 'bad' : 'plain'],
      ],
      width,
    ),
    isSelected
      ? joinPieces(
          kit,
          [
            ['    ', 'plain'],
            [`${ceiling.meaning} ${ceiling.advice}`, 'faint'],
          ],
          width,
        )
      : '',
  ];
}

function trendOf({ ratePerSecond, fullInSec, unit }: CeilingRow): string {
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
  return fullInSec === undefined ? rate : `${rate}, full in ${formatDuration(fullInSec)}`;
}
