// FILTER words (`user=postgres size>1G !kind=sysv psm_`): parsed into one test that a row passes or not.
import { nearest } from '../ui/format/nearest.ts';
import { type FilterField, type FilterOperator, parseOperand } from './filter-field.ts';

/** A word that makes no sense, with what would. */
export interface FilterProblem {
  readonly word: string;
  /** One sentence without the word: what is wrong with it and what is allowed. */
  readonly message: string;
}

export interface Filter<Row> {
  /** True when all words hold; a filter without words lets everything pass. */
  readonly matches: (row: Row, nowSec: number) => boolean;
  /** True when a word asks for resident bytes, which must be sampled for it. */
  readonly needsRss: boolean;
  /** True when a word asks for units or jobs, for which control groups must be read. */
  readonly needsUnits: boolean;
  /** Bare words, as typed. */
  readonly bareWords: readonly string[];
  /** By field: what words of the form `field=value` ask for, as typed. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
}

/** The fields that may stand before an operator, and what a word without an operator is compared with. */
export interface FilterVocabulary<Row> {
  readonly fields: readonly FilterField<Row>[];
  readonly matchesText: (row: Row, text: string) => boolean;
}

const WORD = /^([a-z]+)(==|!=|>=|<=|=|>|<)(.*)$/isu;

/** What stands alone, or at the beginning or end of a word, with the words beside it: `size > 1T` is one. */
export function joinWords(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    const isContinued =
      before !== undefined &&
      ((OPEN_END.test(before) && !WHOLE.test(word)) || (OPEN_START.test(word) && NAME.test(before)));
    if (isContinued) joined.splice(-1, 1, before + word);
    else joined.push(word);
  }
  return joined;
}

const NAME = /^!?[a-z]+$/i;
const OPEN_START = /^(==|!=|>=|<=|=|>|<)/;
/** `size>` waits for its value, which is no word with a field of its own. */
const WHOLE = /^!?[a-z]+(==|!=|>=|<=|=|>|<)/i;
const OPEN_END = /^!?[a-z]+(==|!=|>=|<=|=|>|<)$/i;

/** Never throws. Empty words count for nothing. */
export function parseFilter<Row>(
  words: readonly string[],
  vocabulary: FilterVocabulary<Row>,
): { readonly filter: Filter<Row> } | { readonly problem: FilterProblem } {
  const tests: ((row: Row, nowSec: number) => boolean)[] = [];
  const bareWords: string[] = [];
  const wanted = new Map<string, string[]>();
  let needsRss = false;
  let needsUnits = false;
  for (const word of joinWords(words)) {
    if (word.trim() === '') continue;
    const isNegated = word.startsWith('!');
    const positive = isNegated ? word.slice(1) : word;
    if (positive === '') return { problem: { word, message: 'nothing follows "!"; write !user=root or !psm_' } };
    const parts = WORD.exec(positive);
    if (!parts) {
      if (!isNegated) bareWords.push(word);
      tests.push(negate(isNegated, (row) => vocabulary.matchesText(row, positive)));
      continue;
    }
    const [, name = '', operator = '=', operand = ''] = parts;
    const field = vocabulary.fields.find(({ id }) => id === name.toLowerCase());
    if (!field) return { problem: { word, message: unknownField(name, vocabulary.fields) } };
    const compiled = parseOperand(field, operatorOf(operator), operand);
    if ('message' in compiled) return { problem: { word, message: compiled.message } };
    needsRss ||= field.needsRss ?? false;
    needsUnits ||= field.needsUnits ?? false;
    const { accepts } = compiled;
    const isOpposite = operatorOf(operator) === '!=';
    if (!isNegated && operatorOf(operator) === '=') wanted.set(field.id, [...(wanted.get(field.id) ?? []), operand]);
    tests.push(negate(isNegated !== isOpposite, (row, nowSec) => field.values(row, nowSec).some(accepts)));
  }
  return {
    filter: {
      matches: (row, nowSec) => tests.every((test) => test(row, nowSec)),
      needsRss,
      needsUnits,
      bareWords,
      wanted,
    },
  };
}

function negate<Row>(isNegated: boolean, test: (row: Row, nowSec: number) => boolean) {
  return isNegated ? (row: Row, nowSec: number) => !test(row, nowSec) : test;
}

function operatorOf(text: string): FilterOperator {
  switch (text) {
    case '!=':
    case '>':
    case '>=':
    case '<':
    case '<=':
      return text;
    default:
      return '=';
  }
}

function unknownField<Row>(name: string, fields: readonly FilterField<Row>[]): string {
  const ids = fields.map(({ id }) => id);
  const near = nearest(name, ids);
  return `there is no field "${name}"; ${near === undefined ? '' : `did you mean ${near}? `}fields are ${ids.join(' ')}`;
}
