// What may stand before the operator of a FILTER word, and how the text behind it is understood.
import { BYTES_WORDS, parseBytes } from '../ui/format/bytes.ts';
import type { Quantity } from '../ui/format/column.ts';
import { DURATION_WORDS, parseDuration } from '../ui/format/duration.ts';
import { nearest } from '../ui/format/nearest.ts';

export type FilterOperator = '=' | '!=' | '>' | '>=' | '<' | '<=';

type Value = string | number | undefined;

interface FieldOf<Row> {
  readonly id: string;
  readonly needsRss?: boolean;
  readonly needsUnits?: boolean;
  /** All values of a row; one that fits is enough. Text is escaped, as people see it. */
  readonly values: (row: Row, nowSec: number) => readonly Value[];
}

/**
 * `number`: a quantity, with all operators. `part`: text that contains the operand. `whole`: text that is the operand, or one of several with commas.
 * `closed`: one or more of a list of words. Case never matters.
 */
export type FilterField<Row> =
  | (FieldOf<Row> & { readonly kind: 'number'; readonly quantity: Quantity })
  | (FieldOf<Row> & { readonly kind: 'part' | 'whole' })
  | (FieldOf<Row> & { readonly kind: 'closed'; readonly allowed: readonly string[] });

/** The test for one value (`!=` is tested as `=`), or why there is none. */
export function parseOperand<Row>(
  field: FilterField<Row>,
  operator: FilterOperator,
  operand: string,
): { readonly accepts: (value: Value) => boolean } | { readonly message: string } {
  if (operand === '') return { message: `nothing follows "${operator}"; ${expectation(field)}` };
  if (field.kind === 'number') return numberTest(field, operator, operand);
  if (operator !== '=' && operator !== '!=') return { message: `${field.id} takes = only; ${expectation(field)}` };
  const wanted = operand.toLowerCase();
  switch (field.kind) {
    case 'part':
      return { accepts: (value) => typeof value === 'string' && value.toLowerCase().includes(wanted) };
    case 'whole':
      return { accepts: wholeTest(wanted) };
    case 'closed': {
      const words = wanted.split(',');
      const unknown = words.find((word) => !field.allowed.includes(word));
      if (unknown !== undefined) {
        const near = nearest(unknown, field.allowed);
        const hint = near === undefined ? '' : `did you mean ${near}? `;
        return { message: `"${unknown}" is unknown; ${hint}${expectation(field)}` };
      }
      return { accepts: (value) => typeof value === 'string' && words.includes(value) };
    }
  }
}

/** One of the texts between commas, or the text with its commas. */
function wholeTest(wanted: string): (value: Value) => boolean {
  const words = wanted.split(',').filter((word) => word !== '');
  return (value) => {
    const text = value === undefined ? undefined : String(value).toLowerCase();
    return text !== undefined && (text === wanted || words.includes(text));
  };
}

function numberTest<Row>(
  field: FilterField<Row> & { readonly kind: 'number' },
  operator: FilterOperator,
  operand: string,
): { readonly accepts: (value: Value) => boolean } | { readonly message: string } {
  const isList = (operator === '=' || operator === '!=') && operand.includes(',');
  if (isList) {
    const limits = operand.split(',').map((each) => parseQuantity(field.quantity, each));
    if (!limits.includes(undefined)) return { accepts: (value) => typeof value === 'number' && limits.includes(value) };
  }
  const limit = parseQuantity(field.quantity, operand);
  if (limit === undefined) return { message: `"${operand}" is not understood; ${expectation(field)}` };
  const compare = COMPARISONS[operator];
  return { accepts: (value) => typeof value === 'number' && compare(value, limit) };
}

const COMPARISONS: Readonly<Record<FilterOperator, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '!=': (value, limit) => value === limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
};

function parseQuantity(quantity: Quantity, text: string): number | undefined {
  switch (quantity) {
    case 'bytes':
      return parseBytes(text);
    case 'seconds':
      return parseDuration(text);
    case 'count': {
      const count = /^\d+$/.test(text) ? Number(text) : Number.NaN;
      return Number.isSafeInteger(count) ? count : undefined;
    }
  }
}

const QUANTITY_WORDS: Readonly<Record<Quantity, string>> = {
  bytes: BYTES_WORDS,
  seconds: DURATION_WORDS,
  count: 'a whole number',
};

function expectation<Row>(field: FilterField<Row>): string {
  if (field.kind === 'number') return `${field.id} takes ${QUANTITY_WORDS[field.quantity]}`;
  if (field.kind === 'closed') return `${field.id} is one of ${field.allowed.join(' ')}`;
  return `${field.id} takes text`;
}
