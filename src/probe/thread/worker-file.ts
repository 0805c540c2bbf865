// Where the code of a thread or process lies: in the single executable, beside the bundle that this file is part of, or the source
// when nothing was built.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { singleFile } from '../../single-file/single-file.ts';
import { keepFoothold } from './foothold.ts';

/** What `new Worker` takes: a file, or (`eval`) its text. */
export interface ThreadProgram {
  readonly code: URL | string;
  readonly eval: boolean;
}

/**
 * `name` is that of the entry in scripts/bundle.mjs; `source` is a path below src. Throws when the file is missing. A thread
 * can be started afterwards, also where the working directory was removed.
 */
export function threadProgram(name: string, source: string): ThreadProgram {
  keepFoothold();
  const inside = singleFile();
  return inside ? { code: inside.threadCode(name), eval: true } : { code: entryFile(name, source), eval: false };
}

/** The first arguments for process.execPath to be that process, its own follow; else as above. */
export function processArgs(name: string, source: string): readonly string[] {
  keepFoothold();
  return singleFile()?.processArgs(name) ?? ['--no-warnings', fileURLToPath(entryFile(name, source))];
}

function entryFile(name: string, source: string): URL {
  const places = [`./${name}.js`, `../${name}.js`, `../../${source}`];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`${name}.js is missing: the installation is damaged`);
  return found;
}
