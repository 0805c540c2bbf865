// The figures of the load that runs, or of the last one: how far it is, rates, what they mean, and a row a second below.
import type { Interval, Meter } from '../../load/model/meter.ts';
import { exactSizeText } from '../../load/model/size.ts';
import { asciiWords, formatCount } from '../format/load-numbers.ts';
import { formatRow, rowHeader, spellSetup } from '../format/load-rows.ts';
import { PHASES } from '../format/load-words.ts';
import { wrapText } from '../format/wrap.ts';
import type { Pane } from '../state/pane.ts';
import { fitTo, joinPieces, type Kit, type Piece, paintWith } from './pen.ts';
import { drawFacts, drawShare } from './throughput-facts.ts';
import { drawRates } from './throughput-rates.ts';

/** From this height on there is room for more than the figures that matter. */
const ROOMY = 14;
/** Rows that are worth giving up a fact for. */
const ROWS = 3;

/** At most `height` lines, none wider than `width`. */
export function drawFigures(kit: Kit, meter: Meter, { width, height }: Pane): string[] {
  const isOver = meter.phase === 'done' || meter.phase === 'failed';
  // The rates move with each look, the rest once a second: quieter to read, and more truly measured.
  const whole = hasMeasured(meter) ? meter.total : undefined;
  const now = isOver ? whole : meter.now;
  const span = isOver ? whole : (meter.intervals.at(-1) ?? meter.now);
  const head = [drawProgress(kit, meter, width), ...problemLines(kit, meter, width)];
  const isRoomy = height >= ROOMY;
  const isHigh = height >= 26;
  const gap = isHigh ? [' '.repeat(width)] : [];
  const chartHeight = !isRoomy ? 1 : Math.max(1, Math.min(12, Math.floor((height - 15) / 3)));
  const rates = drawRates(kit, meter, now, { width, height, chartHeight });
  const rest = height - head.length - rates.length - gap.length * 3;
  const facts = drawFacts(kit, meter, span, width, Math.max(1, isRoomy ? rest - 1 - ROWS : rest));
  const rows = drawRows(kit, meter, width, rest - facts.length);
  return [...head, ...gap, ...rates, ...gap, ...facts, ...(rows.length > 0 ? gap : []), ...rows].slice(0, height);
}

/** A load that is stopped at once has a stretch of time of no length. */
const hasMeasured = ({ total }: Meter) => total !== undefined && total.messages > 0;

function drawProgress(kit: Kit, meter: Meter, width: number): string {
  const { phase, setup, elapsedSec, total } = meter;
  const what = [spellSetup(setup), `${setup.sync}, ${exactSizeText(setup.sizeBytes)}, ${setup.backing}`];
  if (phase === 'done' || phase === 'failed') {
    const isWhole = elapsedSec > setup.durationSec - 0.5;
    const title: Piece =
      phase === 'failed' ? [' Failed ', 'bad'] : isWhole ? [' Done ', 'good'] : [' Stopped ', 'accent'];
    const moved = hasMeasured(meter)
      ? ` ${formatCount(total?.messages ?? 0)} messages in ${spellSeconds(total?.seconds ?? 0)}`
      : ' before anything was measured';
    return joinPieces(kit, [title, [moved, 'value'], [fitting(what, width - moved.length - 12), 'faint']], width);
  }
  const title: Piece = [' Running ', 'accent'];
  if (phase !== 'running') {
    const words = kit.style.unicode ? PHASES[phase] : asciiWords(PHASES[phase]);
    return joinPieces(kit, [title, [` ${words}`, 'plain'], [fitting(what, width - words.length - 14), 'faint']], width);
  }
  const isWide = width >= 60;
  const left = spellSeconds(Math.max(0, Math.ceil(setup.durationSec - elapsedSec)));
  const passed = ` ${spellSeconds(Math.floor(elapsedSec))} of ${spellSeconds(setup.durationSec)}`;
  const barWidth = Math.max(4, Math.min(50, Math.floor(width * 0.3)));
  const rest = width - 9 - barWidth;
  const times = isWide ? fitTo(kit, `${passed}, ${left} left`, 26) : passed;
  const end = joinPieces(
    kit,
    [
      [times, 'value'],
      [isWide ? fitting(what, rest - 28) : '', 'faint'],
    ],
    rest,
  );
  return joinPieces(kit, [title], 9) + drawShare(kit, Math.min(1, elapsedSec / setup.durationSec), barWidth) + end;
}

/** The first text that fits, after two blanks; none where none does. */
function fitting(texts: readonly string[], width: number): string {
  const text = texts.find(({ length }) => length <= width);
  return text === undefined ? '' : `  ${text}`;
}

/** `9.8 s`, `45 s`, `2:05 min` */
function spellSeconds(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

function problemLines(kit: Kit, { problem }: Meter, width: number): string[] {
  if (!problem) return [];
  return wrapText(problem.message, width - 2)
    .slice(0, 3)
    .map((text) => joinPieces(kit, [[` ${text}`, 'bad']], width));
}

/** The newest at the top, each with a bar of its rate where there is room. */
function drawRows(kit: Kit, meter: Meter, width: number, height: number): string[] {
  const { setup, intervals } = meter;
  if (height < 2 || intervals.length === 0 || !hasMeasured(meter)) return [];
  const header = rowHeader(setup, width - 2);
  const barWidth = Math.min(60, width - header.length - 5);
  const shown = intervals.slice(-(height - 1)).reverse();
  const top = Math.max(...intervals.map(({ bytesPerSecond }) => bytesPerSecond), Number.MIN_VALUE);
  return [
    paintWith(kit, 'column-title', fitTo(kit, ` ${header}`, width)),
    ...shown.map((row) => drawRow(kit, ` ${formatRow(setup, row, width - 2)}`, row, top, barWidth, width)),
  ];
}

function drawRow(kit: Kit, raw: string, row: Interval, top: number, barWidth: number, width: number): string {
  const text = kit.style.unicode ? raw : asciiWords(raw);
  const token = row.wrong > 0 ? 'bad' : 'plain';
  if (barWidth < 12) return joinPieces(kit, [[text, token]], width);
  return `${joinPieces(kit, [[text, token]], width - barWidth - 1)}${drawShare(kit, row.bytesPerSecond / top, barWidth)} `;
}
