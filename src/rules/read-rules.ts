// Reads the rules: /etc/shmtop/config.toml and the user's own. A file that somebody else could have written is not read, and then
// nobody knows what is not to be touched.
import { join } from 'node:path';
import { type Env, foldersFor } from '../files/homes.ts';
import { readTrustedText } from '../files/text-file.ts';
import { isRefused } from '../files/trust.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import { type OwnRules, understandRules } from './config-text.ts';
import { CONFIG_NAME, isThere, mayBeOurs, mayHaveRules, SYSTEM_FOLDER } from './places.ts';
import { NO_RULES, type Rules, tableWith } from './rules.ts';

/** Nobody has more to say. */
const MOST_BYTES = 1 << 20;

/** Anew from the disk at each call, so that a removal goes by what the list says now. */
export function readRules(env: Env, systemFolder = SYSTEM_FOLDER): Rules {
  if (!mayHaveRules(env, systemFolder)) return NO_RULES;
  const files = [readOne(join(systemFolder, CONFIG_NAME), isThere)];
  for (const folder of foldersFor('config', env)) {
    const own = readOne(join(folder, CONFIG_NAME), mayBeOurs);
    files.push(own);
    // As with the settings: only where one is refused the next place counts too.
    if (!own.isRefused) break;
  }
  const problems = files.flatMap((file) => file.problems).map(safeLine);
  const blocked = files.find((file) => file.blocked !== undefined)?.blocked;
  return {
    table: tableWith(files.flatMap(({ rows }) => rows)),
    never: files.flatMap(({ never }) => never),
    problems,
    mayRecord: blocked === undefined && files.every(({ mayRecord }) => mayRecord),
    ...(blocked === undefined ? {} : { blocked: safeLine(blocked) }),
  };
}

function readOne(path: string, mayBeThere: (path: string) => boolean): OwnRules & { readonly isRefused: boolean } {
  const nothing = { rows: [], never: [], problems: [], mayRecord: true, isRefused: false };
  if (!mayBeThere(path)) return nothing;
  const text = readTrustedText(path, MOST_BYTES);
  if (!isRefused(text)) return { ...understandRules(path, text, () => performance.now()), isRefused: false };
  if (text.refusal === 'absent') return nothing;
  const blocked = `${text.reason.startsWith(path) ? '' : `${path} is not read: `}${text.reason}`;
  return { rows: [], never: [], problems: [blocked], blocked, mayRecord: false, isRefused: true };
}
