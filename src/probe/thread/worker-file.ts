// Where the code of a thread lies: beside the bundle that this file is part of, or the source when nothing was built.
import { existsSync } from 'node:fs';
import { keepFoothold } from './foothold.ts';

/**
 * `name` is that of the entry in scripts/build.mjs; `source` is a path below src. Throws when the file is missing. A thread
 * can be started afterwards, also where the working directory was removed.
 */
export function workerFile(name: string, source: string): URL {
  keepFoothold();
  const places = [`./${name}.js`, `../${name}.js`, `../../${source}`];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`${name}.js is missing: the installation is damaged`);
  return found;
}
