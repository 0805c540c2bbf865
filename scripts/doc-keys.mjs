// Writes the table of keys into README between its marks. A test fails when it is not up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keysMarkdown } from '../src/ui/state/keymap-doc.ts';

const path = fileURLToPath(new URL('../README.md', import.meta.url));
const table = keysMarkdown({ isReadOnly: false, remove: true, load: true });
const text = readFileSync(path, 'utf8');
writeFileSync(
  path,
  text.replace(/(<!-- keys -->\n)[\s\S]*?(<!-- \/keys -->)/, (_, start, end) => `${start}${table}\n${end}`),
);
