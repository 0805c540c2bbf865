// shmtop-json(7): from the JSON Schema that the output is checked against.
import { SCHEMA_VERSION } from '../cli/json.ts';
import { objectRows, outputRows, partRows } from '../cli/schema/page.ts';
import { page, terms, text, word } from './mdoc.ts';

/** `date` as mdoc(7) has it. */
export function jsonPage(date: string): string {
  return page('shmtop-json', 7, date, 'what shmtop writes with --json', [
    [
      'DESCRIPTION',
      `${text(DESCRIPTION)}\n${terms(outputRows().map(([command = '', form = '', what = '']) => [`Cm ${bare(command)} Ar ${bare(form)}`, ended(what)]))}`,
    ],
    [
      'OBJECT',
      `${text('What is not said to be always there may be absent.')}\n${terms(objectRows().map(([mark = '', kind = '', meaning = '']) => [`Va ${bare(mark)}`, `${ended(meaning)} Is: ${kind}${mark.includes('?') ? '' : ', always there'}.`]))}`,
    ],
    ['PARTS', terms(partRows().map(([part = '', has = '']) => [`Va ${bare(part)}`, `Has: ${spelled(has)}.`]))],
    ['SEE ALSO', '.Xr shmtop 1'],
  ]);
}

const DESCRIPTION = `The output has a version of its own, schemaVersion, now ${SCHEMA_VERSION}: adding a field leaves it, renaming one or changing what it means raises it. Sizes are numbers of bytes; what can exceed 2^53 is a decimal string. Times are ISO 8601 in UTC. Absent means unknown or never; nothing is ever -1, "n/a" or empty. The command schema prints all of this as JSON Schema (2020-12). The outputs of the commands:`;

/** The cells of docs/reference.md are code spans. */
const bare = (cell: string) => word(spelled(cell));
/** `name?` may be absent; a question mark would end the macro. */
const spelled = (cell: string) =>
  cell.replaceAll('`', '').replace(/(\S+)/g, (name) => (name.endsWith('?') ? name.slice(0, -1) : name));
const ended = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
