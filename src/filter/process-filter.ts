// The FILTER words for processes: their own fields, and those of the objects that they hold (one that fits is enough).
import { escapeBytes } from '../probe/model/bytes.ts';
import { looksLikeId } from '../probe/model/object-id.ts';
import type { ProcessRow } from '../probe/model/process-row.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { type Filter, type FilterVocabulary, parseFilter } from './filter.ts';
import type { FilterField } from './filter-field.ts';
import { matchesObjectName, OBJECT_FIELDS } from './object-filter.ts';
import { WHOSE_FIELDS } from './whose-fields.ts';

const user = ({ process }: ProcessRow) => [
  process.user === undefined ? undefined : safeText(process.user),
  process.uid,
];
const command = ({ process }: ProcessRow) => (process.comm === undefined ? undefined : escapeBytes(process.comm));

const OWN_FIELDS: readonly FilterField<ProcessRow>[] = [
  { id: 'user', kind: 'whole', values: user },
  { id: 'comm', kind: 'part', values: (row) => [command(row)] },
  ...WHOSE_FIELDS.map(
    (field): FilterField<ProcessRow> => ({ ...field, values: ({ process }) => field.values([process]) }),
  ),
  { id: 'ns', kind: 'whole', values: ({ process }) => [process.ipcNamespace] },
  ...PROCESS_COLUMNS.flatMap((column): FilterField<ProcessRow>[] =>
    column.quantity === undefined
      ? []
      : [
          {
            id: column.id,
            kind: 'number',
            quantity: column.quantity,
            needsRss: column.needsRss,
            values: (row, nowSec) => [column.value(row, nowSec)],
          },
        ],
  ),
];

const OBJECTS_FIELDS = OBJECT_FIELDS.filter(({ id }) => !OWN_FIELDS.some((own) => own.id === id)).map(
  (field): FilterField<ProcessRow> => ({
    ...field,
    values: ({ holds }, nowSec) => holds.flatMap(({ object }) => field.values(object, nowSec)),
  }),
);

const VOCABULARY: FilterVocabulary<ProcessRow> = { fields: [...OWN_FIELDS, ...OBJECTS_FIELDS], matchesText };

function matchesText(row: ProcessRow, text: string): boolean {
  if (!looksLikeId(text)) {
    const wanted = text.toLowerCase();
    const own = [command(row), ...user(row)];
    if (own.some((value) => value !== undefined && String(value).toLowerCase().includes(wanted))) return true;
  }
  // Not by whom else its objects are held: one word would show all 500 that share something with the one that is meant.
  return row.holds.some(({ object }) => matchesObjectName(object, text));
}

export type ProcessFilter = Filter<ProcessRow>;

/** As for objects: words joined by AND, trouble as a value. */
export function parseProcessFilter(words: readonly string[]): ReturnType<typeof parseFilter<ProcessRow>> {
  return parseFilter(words, VOCABULARY);
}
