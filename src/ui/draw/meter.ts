// One meter: label, bar, numbers and the last minutes, in exactly so many columns.

import { shareOf } from '../../probe/model/ceilings.ts';
import { sparkline } from '../format/boxes.ts';
import { formatIecBytes } from '../format/bytes.ts';
import type { Series } from '../state/history.ts';
import type { UiToken } from '../theme.ts';
import { fitTo, type Kit, paintWith } from './pen.ts';

export interface Meter {
  readonly label: string;
  readonly unit: 'bytes' | 'count';
  readonly used?: number;
  readonly limit?: number;
  readonly series?: Series;
}

const LABEL_WIDTH = 9;

export function drawMeter(kit: Kit, meter: Meter, width: number): string {
  const label = paintWith(kit, 'label', fitTo(kit, meter.label, Math.min(LABEL_WIDTH, width)));
  const numbers = numbersOf(meter);
  const sparkWidth = width >= 64 ? 20 : width >= 50 ? 10 : 0;
  const barWidth = width - LABEL_WIDTH - 1 - Math.max(13, numbers.length) - 1 - (sparkWidth > 0 ? sparkWidth + 1 : 0);
  const value = paintWith(kit, 'value', fitTo(kit, numbers, Math.max(13, numbers.length), 'right'));
  if (barWidth < 4)
    return label + paintWith(kit, 'value', fitTo(kit, numbers, Math.max(0, width - LABEL_WIDTH), 'right'));
  const spark =
    sparkWidth > 0
      ? ` ${paintWith(kit, 'spark', sparkline(meter.series?.values ?? [], sparkWidth, kit.boxes.sparks, meter.limit))}`
      : '';
  return `${label} ${drawBar(kit, shareOf(meter), barWidth)} ${value}${spark}`;
}

/** A bar whose filled part has the colour of how full it is; without a limit it is empty. */
export function drawBar(kit: Kit, share: number | undefined, width: number): string {
  const full = Math.max(
    0,
    Math.min(width, share === undefined ? 0 : share > 0 ? Math.max(1, Math.round(share * width)) : 0),
  );
  return (
    paintWith(kit, fullness(share), kit.boxes.barFull.repeat(full)) +
    paintWith(kit, 'meter-rest', kit.boxes.barRest.repeat(width - full))
  );
}

export const fullness = (share: number | undefined): UiToken =>
  share === undefined || share < 0.7 ? 'meter-low' : share < 0.9 ? 'meter-high' : 'meter-full';

function numbersOf({ used, limit, unit }: Meter): string {
  const text = (value: number) => (unit === 'bytes' ? formatIecBytes(value) : String(value));
  if (used === undefined) return '-';
  return limit === undefined ? `${text(used)}, no limit` : `${text(used)} of ${text(limit)}`;
}
