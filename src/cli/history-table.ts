// The table of `shmtop history` with its last lines: since when it was watched, and what was not.
import type { Watch } from '../probe/model/life/life.ts';
import { shortTime } from '../ui/format/actor-text.ts';
import { paint } from '../ui/format/colour.ts';
import { DEED_COLUMNS, type DeedRow } from '../ui/format/deed-columns.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { gapTexts, stoppedText } from '../ui/format/life-text.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { drawTable } from '../ui/format/table.ts';
import { countOf } from '../ui/format/totals.ts';
import { wrapText } from '../ui/format/wrap.ts';
import type { CliContext } from './context.ts';
import { writeLines } from './pieces.ts';
import { outputWidth, styleFor } from './style.ts';

export interface HistoryTable {
  readonly watch?: Watch;
  readonly rows: readonly DeedRow[];
  readonly hasHeader: boolean;
  readonly nowMs: number;
}

const NOTHING =
  'Nothing was watched on this boot: start shmtop witness, and from then on it is known who makes, uses and removes what.';

export function writeHistoryTable(context: CliContext, { watch, rows, hasHeader, nowMs }: HistoryTable): void {
  const style = styleFor(context, nowMs / 1000);
  const width = outputWidth(context);
  const { lines } = drawTable({ columns: DEED_COLUMNS, rows, style, width, isChosen: false, hasHeader });
  if (rows.length > 0) writeLines(context.stdout, lines);
  if (!hasHeader) return;
  const wrap = (text: string) => wrapText(forLocale(text, style), width ?? Number.POSITIVE_INFINITY, 2);
  if (!watch) {
    writeLines(context.stdout, wrap(NOTHING));
    return;
  }
  const objects = new Set(rows.map(({ life }) => life)).size;
  const count =
    rows.length === 0
      ? 'Nothing that was asked for'
      : `${countOf(rows.length, 'deed')} on ${countOf(objects, 'object')}`;
  const since = `${count}; watched since ${shortTime(watch.sinceMs, nowMs)}: what was made before that has no maker here.`;
  const doubts = [...missingSources(watch), ...gapTexts(watch.gaps, nowMs), ...stoppedText(watch, nowMs)];
  writeLines(context.stdout, [
    ...(rows.length > 0 ? [''] : []),
    ...wrap(since),
    ...doubts.flatMap(wrap).map((line) => paint(line, 'warning', style)),
  ]);
}

const missingSources = ({ sources }: Watch): string[] =>
  sources.filter(({ isActive }) => !isActive).map(({ name, text }) => `Without ${safeText(name)}: ${safeText(text)}.`);
