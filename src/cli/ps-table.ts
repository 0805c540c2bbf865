// The table of `shmtop ps` with its last lines.

import type { ProcessRow } from '../probe/model/process-row.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { paint } from '../ui/format/colour.ts';
import type { Column } from '../ui/format/column.ts';
import { gapLines } from '../ui/format/gaps.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { drawTable } from '../ui/format/table.ts';
import { countOf } from '../ui/format/totals.ts';
import { wrapText } from '../ui/format/wrap.ts';
import type { CliContext } from './context.ts';
import { writeLines } from './pieces.ts';
import { outputWidth, styleFor } from './style.ts';

export interface PsTable {
  readonly snapshot: Snapshot;
  readonly rows: readonly ProcessRow[];
  /** Processes that hold anything, before the filter. */
  readonly all: number;
  readonly columns: readonly Column<ProcessRow>[];
  readonly isChosen: boolean;
  readonly hasHeader: boolean;
  readonly isExact: boolean;
}

export function writePsTable(context: CliContext, request: PsTable): void {
  const { snapshot, rows, all, columns, isChosen, hasHeader } = request;
  const style = styleFor(context, snapshot.takenAtMs / 1000, request.isExact ? 'exact' : 'iec');
  const width = outputWidth(context);
  const { lines, dropped } = drawTable({ columns, rows, style, width, isChosen, hasHeader });
  if (rows.length > 0) writeLines(context.stdout, lines);
  if (!hasHeader) return;
  const footer = [rows.length > 0 ? summary(rows, all) : nothing(all)];
  if (dropped.length > 0) footer.push(`Too narrow for ${dropped.join(', ')}: widen the terminal, or pipe the table.`);
  const wrap = (line: string) => wrapText(forLocale(line, style), width ?? Number.POSITIVE_INFINITY, 2);
  const gaps = gapLines(snapshot).flatMap(wrap);
  writeLines(context.stdout, [
    ...(rows.length > 0 ? [''] : []),
    ...footer.flatMap(wrap),
    ...gaps.map((line) => paint(line, 'warning', style)),
  ]);
}

function summary(rows: readonly ProcessRow[], all: number): string {
  const objects = new Set(rows.flatMap(({ holds }) => holds.map(({ object }) => object.id))).size;
  const shown = rows.length === all ? '' : `${rows.length} of `;
  const verb = rows.length === 1 && all === 1 ? 'holds' : 'hold';
  return `${shown}${countOf(all, 'process', 'processes')} ${verb} ${countOf(objects, 'object')}.`;
}

function nothing(all: number): string {
  return all === 0
    ? 'No process that could be looked into holds shared memory.'
    : `None of the ${countOf(all, 'process', 'processes')} that hold shared memory matches.`;
}
