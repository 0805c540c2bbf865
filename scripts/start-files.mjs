// Which sources are loaded with an entry: all that it reaches without a lazy import.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `import … from`, `export … from` and `import '…'`; what is imported as a type only is gone from the program. */
const STATIC = /^(?:(?:import|export)\b(?! type\b)[^'";]*?from |import )'(\.[^']+)'/gms;

/** Absolute paths, without the entry itself, which is a file of its own. */
export function reachedFrom(root, entry) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const code = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
    for (const [, path] of code.matchAll(STATIC)) visit(join(dirname(file), path));
  };
  visit(join(root, entry));
  seen.delete(join(root, entry));
  return seen;
}
