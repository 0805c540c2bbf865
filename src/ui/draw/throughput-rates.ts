// Messages and bytes a second: the figures that the screen is about, large where there is room, and their last minute as a chart.
import { HISTORY_LENGTH, type Interval, type Meter } from '../../load/model/meter.ts';
import { formatByteRate, formatCount } from '../format/load-numbers.ts';
import { LIVE_MS } from '../state/load.ts';
import { bigDigits } from './big-digits.ts';
import { type ChartOptions, drawChart } from './chart.ts';
import { joinPieces, type Kit, type Piece, paintWith } from './pen.ts';

interface Rate {
  /** `76.9`, and `M messages/s`. */
  readonly number: string;
  readonly unit: string;
  readonly most: string;
}

export interface RatesPane {
  readonly width: number;
  readonly height: number;
  readonly chartHeight: number;
}

/** Both side by side over one chart, since a byte rate is the message rate times the size; on a narrow terminal stacked. */
export function drawRates(kit: Kit, meter: Meter, now: Interval | undefined, pane: RatesPane): string[] {
  const { width, height, chartHeight } = pane;
  const rates = ratesOf(meter, now);
  const size = { width: width - 2, height: chartHeight };
  const chart = chartOf(kit, meter, meter.history.bytesPerSecond, size).map((text) => ` ${text} `);
  if (width < 60) {
    return [...rates.map(({ number, unit }) => joinPieces(kit, [[` ${number} ${unit}`, 'accent']], width)), ...chart];
  }
  const half = Math.floor(width / 2);
  const isBig = kit.style.unicode && height >= 19 && half >= 34;
  const linesOf = (rate: Rate) => (isBig ? bigLines(rate) : smallLine(rate));
  const [messages, bytes] = rates;
  const right = linesOf(bytes);
  const lines = linesOf(messages).map(
    (pieces, at) => joinPieces(kit, pieces, half) + joinPieces(kit, right[at] ?? [], width - half),
  );
  return [...lines, ...chart];
}

const smallLine = ({ number, unit, most }: Rate): readonly Piece[][] => [
  [
    [` ${number} ${unit}`, 'accent'],
    [`   ${most}`, 'faint'],
  ],
];

function bigLines({ number, unit, most }: Rate): readonly Piece[][] {
  const [first, second, third] = bigDigits(number);
  return [
    [[` ${first}`, 'accent']],
    [
      [` ${second}`, 'accent'],
      [`  ${most}`, 'faint'],
    ],
    [
      [` ${third}`, 'accent'],
      [`  ${unit}`, 'value'],
    ],
  ];
}

/** The planned time, and where that is longer the last minute. */
export function chartOf(
  kit: Kit,
  { elapsedSec, setup }: Meter,
  values: readonly number[],
  size: Pick<ChartOptions, 'width' | 'height' | 'most'>,
): string[] {
  const planned = (setup.durationSec * 1000) / LIVE_MS;
  const window = Math.min(HISTORY_LENGTH, planned);
  const count = Math.max(values.length, Math.round((elapsedSec * 1000) / LIVE_MS));
  const options = { ...size, window, count, isScrolling: planned > HISTORY_LENGTH };
  return drawChart(values, options, kit.boxes).map((text) => paintWith(kit, 'spark', text));
}

/** A figure that is not known yet is a dash, so that nothing jumps when it comes. */
function ratesOf({ history }: Meter, now: Interval | undefined): readonly [messages: Rate, bytes: Rate] {
  const { messagesPerSecond, bytesPerSecond } = history;
  const [count = '-', prefix = ''] = (now ? formatCount(now.messagesPerSecond) : '-').split(' ');
  const [bytes = '-', unit = ''] = (now ? formatByteRate(now.bytesPerSecond) : '- bytes/s').split(' ');
  const most = (values: readonly number[], format: (value: number) => string) =>
    values.length > 1 ? `max ${format(Math.max(...values))}` : '';
  return [
    { number: count, unit: `${prefix} messages/s`.trim(), most: most(messagesPerSecond, formatCount) },
    { number: bytes, unit, most: most(bytesPerSecond, formatByteRate) },
  ];
}
