// Writes what README and docs/reference.md say of keys, commands, columns and words from the program's own tables.
// A test fails where one of them is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { REFERENCE_PARTS } from '../src/cli/reference.ts';
import { keysMarkdown } from '../src/ui/state/keymap-doc.ts';

const keys = () => keysMarkdown({ isReadOnly: false, remove: true, load: true });
const PAGES = { 'README.md': { keys }, 'docs/reference.md': { keys, ...REFERENCE_PARTS } };

for (const [page, parts] of Object.entries(PAGES)) {
  const path = fileURLToPath(new URL(`../${page}`, import.meta.url));
  const written = Object.entries(parts).reduce(
    (text, [mark, print]) => {
      const [start, end] = [`<!-- ${mark} -->\n`, `\n<!-- /${mark} -->`];
      const [from, to] = [text.indexOf(start), text.indexOf(end)];
      if (from < 0 || to < 0) throw new Error(`${page} has no marks ${start.trim()} … ${end.trim()}`);
      return text.slice(0, from + start.length) + print() + text.slice(to);
    },
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, written);
}
