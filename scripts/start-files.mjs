// Which sources every command needs at its start: what src/start.ts reaches without a lazy import. They become one file of the
// bundle, since each further one costs about a millisecond at every start.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `import … from`, `export … from` and `import '…'`; what is imported as a type only is gone from the program. */
const STATIC = /^(?:(?:import|export)\b(?! type\b)[^'";]*?from |import )'(\.[^']+)'/gms;

/** Absolute paths. `root` is that of the project. */
export function startFiles(root, entries = ['src/main.ts', 'src/start.ts']) {
  const seen = new Set();
  const visit = (file) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const code = readFileSync(file, 'utf8').replace(/^\s*(\/\/|\/?\*).*$/gm, '');
    for (const [, path] of code.matchAll(STATIC)) visit(join(dirname(file), path));
  };
  for (const entry of entries) visit(join(root, entry));
  seen.delete(join(root, 'src/main.ts')); // an entry is a file of its own
  return seen;
}
