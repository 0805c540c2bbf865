// What `--help` says after the options: the filter words and the columns, printed from their tables.
import type { Column } from '../ui/format/column.ts';
import { wrapText } from '../ui/format/wrap.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../ui/format/process-columns.ts';
import { OBJECT_FIELDS } from '../ui/state/object-filter.ts';

const WIDTH = 80;

export function lsHelp(): string {
  const numbers = OBJECT_FIELDS.filter(({ kind }) => kind === 'number').map(({ id }) => id);
  const texts = OBJECT_FIELDS.filter(({ kind }) => kind !== 'number').map(({ id }) => id);
  return `
Filter words (all have to hold; quote those with < > or !):
  psm_                    text in name, key, command or owner
  sysv:5 posix:/x 0x5301  these objects, whatever else is there
  user=postgres           ${paragraph(texts.join(' '))}
  'size>1G' 'idle>=2h'    ${paragraph(numbers.join(' '))}
  '!kind=memfd'           not

Columns (--columns a,b,c; +a,b adds to the default; all):
${columnLines(OBJECT_COLUMNS)}

Verdicts:
  in-use     somebody holds it
  abandoned  nobody holds it and nobody is left who would come back for it
  unheld     nobody holds it now, but somebody may come back for it
  unknown    something that could hold it could not be looked into

Examples:
  shmtop ls verdict=abandoned 'age>1d'     what can be cleaned up
  shmtop ls --sort -mem --columns +perms   what costs most
  shmtop ls --json | jq '.objects[].id'
`;
}

export function showHelp(): string {
  return `
An ID is what ls prints: sysv:5, sysv:5@4026531839 (another IPC namespace), posix:/name,
0x5301 (a key), or the full id of the JSON.

Examples:
  shmtop show sysv:5
  shmtop show posix:/psm_6a16b91e --hex --length 4K
`;
}

export function psHelp(): string {
  return `
Numbers are pids; other words are filter words as for ls, such as user=alice, comm=python,
kind=sysv or 'mem>1G'; of the objects that a process holds, one that fits is enough.

Columns (--columns a,b,c; +a,b adds to the default; all):
${columnLines(PROCESS_COLUMNS)}
`;
}

/** Column ids of the default table first. */
function columnLines<Row>(columns: readonly Column<Row>[]): string {
  const widest = Math.max(...columns.map(({ id }) => id.length));
  const byDefault = [...columns].sort((a, b) => Number(a.priority === undefined) - Number(b.priority === undefined));
  return byDefault
    .flatMap(({ id, meaning }) => wrapText(`  ${id.padEnd(widest)}  ${meaning}`, WIDTH, widest + 4))
    .join('\n');
}

function paragraph(text: string): string {
  const indent = 26;
  return wrapText(' '.repeat(indent) + text, WIDTH, indent)
    .join('\n')
    .trimStart();
}
