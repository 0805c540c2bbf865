// The licences of what is inside what we give away: they ask to travel with every copy.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LICENCE = /^(licen[cs]e|copying)(\.(txt|md))?$/i;
/** Those that say their licence in their sources only; all MIT. */
const HOLDERS = { 'yoga-layout': 'Copyright (c) Meta Platforms, Inc. and affiliates.' };

/** One text for the packages of that name, and for further licences by title. */
export function notices(packages, more = {}) {
  const parts = [...packages.map((name) => noticeOf(name)), ...Object.entries(more)];
  const text = parts.map(([title, licence]) => `${'='.repeat(78)}\n${title}\n${'='.repeat(78)}\n\n${licence.trim()}\n`);
  return `This program contains the following software of others.\n\n${text.join('\n')}`;
}

function noticeOf(name) {
  const folder = join(root, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = existsSync(folder) ? readdirSync(folder).find((entry) => LICENCE.test(entry)) : undefined;
  const title = `${name} ${version} (${license})`;
  if (file !== undefined) return [title, readFileSync(join(folder, file), 'utf8')];
  const holder = HOLDERS[name];
  if (holder === undefined || license !== 'MIT')
    throw new Error(`${name} has no licence file: look, and say in HOLDERS whose it is`);
  const mit = readFileSync(join(root, 'LICENSE'), 'utf8');
  return [title, mit.replace(/^Copyright .*$/m, holder)];
}
