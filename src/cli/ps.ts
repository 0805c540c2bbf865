// `shmtop ps`: processes and what they hold.

import { parseProcessFilter } from '../filter/process-filter.ts';
import { type ProcessRow, processRows } from '../probe/model/process-row.ts';
import { sortRows } from '../ui/format/column.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import { chooseColumns, chooseSort, defaultColumns } from './column-choice.ts';
import type { CliContext } from './context.ts';
import { formatCsv } from './csv.ts';
import { reportMissing } from './ids.ts';
import { jsonText } from './json-text.ts';
import { DEFAULT_MIN_AGE_SEC } from './options.ts';
import { writePieces } from './pieces.ts';
import { jsonOfProcesses } from './process-json.ts';
import { writePsTable } from './ps-table.ts';
import { reportError, reportGaps } from './report.ts';
import { understood } from './understood.ts';
import { EXIT, UsageError } from './usage.ts';

export interface PsOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly columns?: string;
  readonly sort?: string;
  /** False with `--no-header`. */
  readonly header: boolean;
  readonly bytes?: boolean;
  readonly all?: boolean;
}

/** Words that are numbers are pids, any of which will do; the others are FILTER words. Exit code 1 when a pid holds nothing. */
export function ps(context: CliContext, words: readonly string[], options: PsOptions): number {
  if (options.json && options.csv) throw new UsageError('--json and --csv exclude each other: give one of them');
  const pids = words.flatMap(pidsIn);
  const filter = understood(parseProcessFilter(words.filter((word) => pidsIn(word).length === 0)));
  const isChosen = options.columns !== undefined;
  const columns = isChosen
    ? chooseColumns(PROCESS_COLUMNS, options.columns)
    : options.csv
      ? [...PROCESS_COLUMNS]
      : defaultColumns(PROCESS_COLUMNS);
  const { column, descending } = chooseSort(PROCESS_COLUMNS, options.sort ?? '-mem');

  const snapshot = context.sample({
    includeFiles: options.all ?? false,
    minAgeSec: DEFAULT_MIN_AGE_SEC,
    rss: true,
    units: true,
  });
  const nowSec = snapshot.takenAtMs / 1000;
  const all = processRows(snapshot.objects);
  const passes = (row: ProcessRow) =>
    (pids.length === 0 || pids.includes(row.process.pid)) && filter.matches(row, nowSec);
  const rows = sortRows(all.filter(passes), column, descending, nowSec);
  if (options.json) context.stdout.write(`${jsonText(jsonOfProcesses(snapshot, rows))}\n`);
  else if (options.csv) {
    writePieces(context.stdout, formatCsv(columns, rows, { nowSec, hasHeader: options.header }));
    reportGaps(context, snapshot);
  } else {
    const isExact = options.bytes ?? false;
    writePsTable(context, { snapshot, rows, all: all.length, columns, isChosen, hasHeader: options.header, isExact });
    if (!options.header) reportGaps(context, snapshot);
  }
  const missing = pids.filter((pid) => !all.some(({ process }) => process.pid === pid));
  for (const pid of missing) {
    reportError(context, `process ${pid} holds no shared memory that can be seen, or does not exist`);
  }
  return missing.length > 0 ? EXIT.notDone : reportMissing(context, snapshot, words);
}

/** `12`, or what `-p 12,13` became; none in any other word. */
const pidsIn = (word: string): readonly number[] =>
  /^(pid=)?\d+(,\d+)*$/.test(word) ? word.replace('pid=', '').split(',').map(Number) : [];
