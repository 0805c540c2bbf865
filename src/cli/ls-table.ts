// The table of `shmtop ls` with its last lines: totals, what did not fit, what could not be seen.
import type { LeftOut } from '../probe/model/assemble/ceiling.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { addLeftOut, sumTotals } from '../probe/model/totals.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { paint } from '../ui/format/colour.ts';
import type { Column } from '../ui/format/column.ts';
import { gapLines } from '../ui/format/gaps.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { nearEndLines } from '../ui/format/near-end.ts';
import type { Style } from '../ui/format/style.ts';
import { drawTable } from '../ui/format/table.ts';
import { countOf, formatTotals, formatVerdictCounts, leftOutText } from '../ui/format/totals.ts';
import { wrapSpans, wrapText } from '../ui/format/wrap.ts';
import type { CliContext } from './context.ts';
import { writeLines } from './pieces.ts';
import { outputWidth, styleFor } from './style.ts';

export interface LsTable {
  readonly snapshot: Snapshot;
  readonly rows: readonly ShmObject[];
  /** What passed the filter too and is not among the rows. */
  readonly leftOut?: LeftOut;
  readonly columns: readonly Column<ShmObject>[];
  readonly isChosen: boolean;
  /** Without it, rows only: nothing that a script would have to skip. */
  readonly hasHeader: boolean;
  readonly isExact: boolean;
}

export function writeLsTable(context: CliContext, request: LsTable): void {
  const { snapshot, rows, columns, isChosen, hasHeader } = request;
  const style = styleFor(context, snapshot.takenAtMs / 1000, request.isExact ? 'exact' : 'iec');
  const width = outputWidth(context);
  const { lines, dropped } = drawTable({ columns, rows, style, width, isChosen, hasHeader });
  if (rows.length > 0) writeLines(context.stdout, lines);
  if (hasHeader) writeLines(context.stdout, footer(request, context.memory()?.shmemBytes, dropped, style, width));
}

function* footer(
  { snapshot, rows, leftOut }: LsTable,
  shmemBytes: number | undefined,
  dropped: readonly string[],
  style: Style,
  width: number | undefined,
): Generator<string> {
  const all = snapshot.objects.length;
  const wrap = (text: string) => wrapText(forLocale(text, style), width ?? Number.POSITIVE_INFINITY, 2);
  if (rows.length > 0) {
    yield '';
    const totals = addLeftOut(sumTotals(rows), leftOut);
    yield* wrap(formatTotals(totals, all, style));
    yield* wrapSpans(formatVerdictCounts(totals, style), { separator: '   ', width, style });
  } else if (all > 0) yield* wrap(`None of the ${countOf(all, 'object')} here matches.`);
  else yield* wrap(nothingText(shmemBytes));
  if (leftOut) for (const part of wrap(`${leftOutText(leftOut)}.`)) yield paint(part, 'warning', style);
  if (dropped.length > 0) {
    yield* wrap(`Too narrow for ${dropped.join(', ')}: widen the terminal, or pipe the table.`);
  }
  for (const line of nearEndLines(snapshot)) for (const part of wrap(`${line}.`)) yield paint(part, 'bad', style);
  for (const line of gapLines(snapshot)) {
    for (const part of wrap(line)) yield paint(part, 'warning', style);
  }
}

/** Beside empty files of the system. */
const NEXT_TO_NOTHING = 4 << 20;

/** Plain files on a tmpfs are shared memory for free(1): who asks after those must not be told that there is none. */
function nothingText(shmemBytes = 0): string {
  const nothing = 'no segment, no object in /dev/shm, no shared mapping';
  if (shmemBytes < NEXT_TO_NOTHING) return `No shared memory here: ${nothing}.`;
  const there = `${spellBytes(shmemBytes, { bytes: 'iec' })} of shared memory on this machine`;
  return `None of the ${there} is in what is listed here: ${nothing}. See where it is: shmtop summary.`;
}
