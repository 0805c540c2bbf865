// `node scripts/man.mjs [FOLDER]`: the manual pages and the example of settings, printed from the tables of the program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonPage } from '../src/manual/json-page.ts';
import { programPage } from '../src/manual/program-page.ts';
import { settingsExample, settingsPage } from '../src/manual/settings-page.ts';

/** By name of the file. `atMs`: when the program was made. */
export function manualPages(atMs) {
  const date = new Date(atMs).toLocaleDateString('en-US', {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone: 'UTC',
  });
  return {
    'shmtop.1': programPage(date),
    'shmtop.toml.5': settingsPage(date),
    'shmtop-json.7': jsonPage(date),
    'config.toml.example': settingsExample(),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? '.';
  mkdirSync(folder, { recursive: true });
  const { SOURCE_DATE_EPOCH } = process.env;
  const pages = manualPages(SOURCE_DATE_EPOCH === undefined ? Date.now() : Number(SOURCE_DATE_EPOCH) * 1000);
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
}
