// `shmtop ls`: one snapshot as a table, JSON or CSV.

import { parseObjectFilter } from '../filter/object-filter.ts';
import { keepMost, MOST_OBJECTS } from '../probe/model/assemble/ceiling.ts';
import type { ShmObject } from '../probe/model/object.ts';
import { isIdOf, looksLikeId } from '../probe/model/object-id.ts';
import { type Column, findColumn, sortRows } from '../ui/format/column.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { leftOutText } from '../ui/format/totals.ts';
import { chooseColumns, chooseSort, defaultColumns } from './column-choice.ts';
import type { CliContext } from './context.ts';
import { formatCsv } from './csv.ts';
import { reportMissing } from './ids.ts';
import { writeObjectLines, writeSnapshotJson } from './json-stream.ts';
import { writeLsTable } from './ls-table.ts';
import { writePieces } from './pieces.ts';
import { reportError, reportGaps, reportNearEnd } from './report.ts';
import { understood } from './understood.ts';
import { UsageError } from './usage.ts';

export interface LsOptions {
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly columns?: string;
  readonly sort?: string;
  /** False with `--no-header`. */
  readonly header: boolean;
  readonly bytes?: boolean;
  /** Kinds with commas: files are looked for only where they are wanted. */
  readonly kind?: string;
  /** More looks follow. */
  readonly isRepeated?: boolean;
  readonly minAge: number;
  readonly all?: boolean;
}

/** Exit code 1 when an ID was asked for that is not there. */
export function ls(context: CliContext, words: readonly string[], options: LsOptions): number {
  const format = outputFormat(options);
  const filter = filterFor(words);
  const isExact = format !== 'table';
  const isChosen = options.columns !== undefined;
  const columns = isChosen
    ? chooseColumns(OBJECT_COLUMNS, options.columns)
    : format === 'csv'
      ? [...OBJECT_COLUMNS]
      : defaultColumns(OBJECT_COLUMNS);
  const sort = options.sort === undefined ? undefined : chooseSort(OBJECT_COLUMNS, options.sort);
  const asked = sort === undefined ? columns : [...columns, sort.column];
  const rss = isExact || options.header || filter.needsRss || asked.some(({ needsRss }) => needsRss);
  const units = isExact || filter.needsUnits || asked.some(({ needsUnits }) => needsUnits);
  hintAtRedirection(context, words);

  const snapshot = context.sample({
    includeFiles: wantsFiles(words, options),
    minAgeSec: options.minAge,
    rss,
    units,
    namespaces: format === 'json',
    ...(options.isRepeated ? { isRepeated: true } : {}),
  });
  const nowSec = snapshot.takenAtMs / 1000;
  const matching = snapshot.objects.filter((object) => filter.matches(object, nowSec));
  // A table is for people; what a script reads is whole.
  const { objects: passed, leftOut } = isExact ? { objects: matching } : keepMost(matching, MOST_OBJECTS);
  const rows = sort
    ? sortRows(passed, sort.column, sort.descending, nowSec)
    : isExact
      ? passed
      : sortByUrgency(passed, nowSec);
  const hasHeader = options.header;
  const write = (piece: string | Uint8Array) => context.stdout.write(piece);
  if (format === 'json') writeSnapshotJson(snapshot, rows, write);
  else if (format === 'ndjson') writeObjectLines(rows, write);
  else if (format === 'csv') writePieces(context.stdout, formatCsv(columns, rows, { nowSec, hasHeader }));
  else
    writeLsTable(context, { snapshot, rows, leftOut, columns, isChosen, hasHeader, isExact: options.bytes ?? false });
  if (format !== 'json' && (format !== 'table' || !hasHeader)) {
    reportNearEnd(context, snapshot);
    reportGaps(context, snapshot);
  }
  if (leftOut && !hasHeader) reportError(context, leftOutText(leftOut));
  return reportMissing(context, snapshot, words);
}

function outputFormat({ json, ndjson, csv }: LsOptions): 'table' | 'json' | 'ndjson' | 'csv' {
  if ([json, ndjson, csv].filter(Boolean).length > 1) {
    throw new UsageError('--json, --ndjson and --csv exclude each other: give one of them');
  }
  return json ? 'json' : ndjson ? 'ndjson' : csv ? 'csv' : 'table';
}

/** IDs select any of the objects named; the other words all have to hold. */
function filterFor(words: readonly string[]) {
  const ids = words.filter(looksLikeId);
  const filter = understood(parseObjectFilter(words.filter((word) => !looksLikeId(word))));
  const { matches, needsRss, needsUnits } = filter;
  if (ids.length === 0) return { matches, needsRss, needsUnits };
  return {
    matches: (object: ShmObject, nowSec: number) => ids.some((id) => isIdOf(object, id)) && matches(object, nowSec),
    needsRss,
    needsUnits,
  };
}

function wantsFiles(words: readonly string[], { all, kind }: LsOptions): boolean {
  if (all || kind?.toLowerCase().split(',').includes('file')) return true;
  return words.some((word) => /^(kind=(.*,)?file\b|file:)/i.test(word));
}

/** What may be cleaned up first, then what costs most. */
function sortByUrgency(objects: readonly ShmObject[], nowSec: number): readonly ShmObject[] {
  const byCost = sortBy(objects, 'mem', true, nowSec);
  return sortBy(byCost, 'verdict', false, nowSec);
}

function sortBy(objects: readonly ShmObject[], id: string, descending: boolean, nowSec: number): readonly ShmObject[] {
  const column: Column<ShmObject> | undefined = findColumn(OBJECT_COLUMNS, id);
  return column ? sortRows(objects, column, descending, nowSec) : objects;
}

/** `ls size>1G` without quotes is `ls size` into a file called 1G. */
function hintAtRedirection(context: CliContext, words: readonly string[]): void {
  const word = words.find((word) => findColumn(OBJECT_COLUMNS, word)?.quantity !== undefined);
  if (word === undefined || context.stdout.isTty) return;
  reportError(context, `'${word}' is taken as text to search for; to compare, quote the whole word: '${word}>1'`);
}
