// The generated parts of docs/reference.md: printed from the tables that the program itself uses, never written by hand.

import { DEED_FIELDS } from '../filter/deed-filter.ts';
import type { FilterField } from '../filter/filter-field.ts';
import { OBJECT_FIELDS } from '../filter/object-filter.ts';
import type { Column } from '../ui/format/column.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import type { CommandSpec, OptionSpec } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { objectRows, outputRows, partRows } from './schema/page.ts';
import { PROGRAM } from './which-command.ts';

/** By the name of their marks: `<!-- commands -->` … `<!-- /commands -->`. */
export const REFERENCE_PARTS: Readonly<Record<string, () => string>> = {
  commands: () => [...COMMANDS.map(commandText), commandText(PROGRAM)].join('\n\n'),
  filter: () => table(['word', 'compares'], OBJECT_FIELDS.map(fieldRow)),
  'history-filter': () => table(['word', 'compares'], DEED_FIELDS.map(fieldRow)),
  columns: () => columnTable(OBJECT_COLUMNS),
  'process-columns': () => columnTable(PROCESS_COLUMNS),
  'json-outputs': () => table(['command', 'form', 'what it is'], outputRows()),
  'json-object': () => table(['field', 'is', 'meaning'], objectRows()),
  'json-parts': () => table(['part', 'has'], partRows()),
};

function commandText({ name, summary, words, options }: CommandSpec): string {
  const argument =
    words === undefined
      ? ''
      : words.isAll
        ? ` ${words.name}`
        : words.isRequired
          ? ` ${words.name}…`
          : ` [${words.name}…]`;
  const rows = options.filter(({ name }) => name !== 'help').map(optionRow);
  const parts = [`### \`shmtop${name === '' ? '' : ` ${name}`}${argument}\``, capital(summary)];
  if (words !== undefined) parts.push(`${words.name}: ${inPage(words.help)}.`);
  if (rows.length > 0) parts.push(table(['option', 'does'], rows));
  return parts.join('\n\n');
}

function optionRow({ name, short, value, isValueOptional, help }: OptionSpec): readonly [string, string] {
  const argument = value === undefined ? '' : isValueOptional ? ` [${value}]` : ` ${value}`;
  return [`${short === undefined ? '' : `\`-${short}\` `}\`--${name}${argument}\``, inPage(help)];
}

function fieldRow<Row>({ id, kind, ...field }: FilterField<Row>): readonly [string, string] {
  const allowed = 'allowed' in field ? ` (${(field.allowed as readonly string[]).join(' ')})` : '';
  const how = { whole: 'the whole text', closed: `one of these${allowed}`, part: 'a part of the text' };
  return [`\`${id}\``, kind === 'number' ? 'a number, also with `>` `>=` `<` `<=`' : how[kind]];
}

function columnTable<Row>(columns: readonly Column<Row>[]): string {
  const rows = columns.map(({ id, title, meaning, priority }) => [
    `\`${id}\``,
    title,
    `${meaning}${priority === undefined ? ' (when asked for)' : ''}`,
  ]);
  return table(['column', 'title', 'meaning'], rows);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Help of a command goes on with what this page has in sections of its own. */
const inPage = (help: string) => help.replace(/, explained below$/, '; see below');

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
