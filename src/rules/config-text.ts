// One config.toml as text: its rows of software and its never-touch list, and where in it each thing stands.
import { parse, TomlError } from 'smol-toml';
import type { NeverEntry } from '../probe/model/judge/never-touch.ts';
import type { SoftwareRow } from '../probe/model/judge/software.ts';
import { understandNever } from './never-section.ts';
import { mayBeVeto, understandRow } from './own-row.ts';

/** Settings of the dashboard: understood elsewhere (ui/settings-file.ts), and no tables. */
export const SETTING_NAMES: readonly string[] = [
  ...['theme', 'interval', 'min_age', 'columns', 'confirm', 'mouse', 'follow', 'meters', 'read_only', 'ascii', 'all'],
];

export interface OwnRules {
  readonly rows: readonly SoftwareRow[];
  readonly never: readonly NeverEntry[];
  readonly problems: readonly string[];
  readonly mayRecord: boolean;
  /** As that of Rules. */
  readonly blocked?: string;
}

const MOST_ROWS = 500;
const UNDERSTOOD: readonly string[] = ['software', 'never', 'witness'];

/** PURE but for the clock. `path` is for the words; nothing is read. */
export function understandRules(path: string, text: string, nowMs: () => number): OwnRules {
  const places = new Places(path, text);
  let table: Readonly<Record<string, unknown>>;
  try {
    table = parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = 'it is not TOML'] = error.message.split('\n');
    const blocked = `${path} line ${error.line}: ${first}`;
    return { rows: [], never: [], problems: [blocked], blocked, mayRecord: false };
  }
  const rows: SoftwareRow[] = [];
  const problems: string[] = [];
  let blocked: string | undefined;
  const block = (problem: string) => {
    problems.push(problem);
    blocked ??= problem;
  };
  const given: unknown = table.software ?? [];
  if (!Array.isArray(given) || given.length > MOST_ROWS) {
    block(`${path}: software is a list of at most ${MOST_ROWS} rows, each under [[software]]`);
  } else {
    for (const [at, row] of given.entries()) {
      const place = places.ofRow(at, given.length);
      const understood = isTable(row) ? understandRow(row, place, nowMs) : 'a row is a table under [[software]]';
      if (typeof understood !== 'string') rows.push(understood);
      else if (isTable(row) && mayBeVeto(row)) block(`${place}: this row of software is left out: ${understood}`);
      else problems.push(`${place}: this row of software is left out: ${understood}`);
    }
  }
  let never: readonly NeverEntry[] = [];
  if (table.never !== undefined) {
    const understood = understandNever(table.never, (entry) => places.ofNever(entry));
    if (typeof understood === 'string') block(understood);
    else never = understood;
  }
  const { witness = true } = table;
  if (typeof witness !== 'boolean') problems.push(`${places.ofSection('witness')}: witness is true or false`);
  for (const [name, value] of Object.entries(table)) {
    if (SETTING_NAMES.includes(name) || UNDERSTOOD.includes(name)) continue;
    // A setting that nobody knows protects nothing; a section, or a list, may have been meant as the list of what to keep.
    if (typeof value === 'object')
      block(`${places.ofSection(name)}: "${name}" is not known: is it [never] or [[software]]?`);
  }
  return { rows, never, problems, mayRecord: witness === true, ...(blocked === undefined ? {} : { blocked }) };
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Lines by what stands in them: the parser keeps none. Where that is not clear, the file alone. */
class Places {
  readonly #path: string;
  readonly #lines: readonly string[];

  constructor(path: string, text: string) {
    this.#path = path;
    this.#lines = text.split('\n');
  }

  ofRow(at: number, count: number): string {
    const heads = this.#lines.flatMap((line, index) =>
      /^\s*\[\[\s*["']?software["']?\s*\]\]/.test(line) ? [index] : [],
    );
    return heads.length === count ? this.#line(heads[at]) : `${this.#path}, row ${at + 1} of software`;
  }

  ofNever(entry?: string): string {
    const head = this.#lines.findIndex((line) => /^\s*(?:\[\s*["']?never["']?\s*\]|["']?never["']?\s*[.=])/.test(line));
    if (head < 0) return this.#path;
    const found = entry === undefined ? -1 : this.#lines.findIndex((line, at) => at >= head && line.includes(entry));
    return this.#line(found < 0 ? head : found);
  }

  ofSection(name: string): string {
    const found = this.#lines.findIndex((line) => line.replace(/^[\s["']*/, '').startsWith(name));
    return this.#line(found < 0 ? undefined : found);
  }

  #line(index: number | undefined): string {
    return index === undefined ? this.#path : `${this.#path} line ${index + 1}`;
  }
}
