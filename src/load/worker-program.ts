// The program of the worker processes: where it lies, and with which flags and environment it is started.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const NODE_FLAGS: readonly string[] = ['--no-warnings'];

/** In tests. */
const IS_SOURCE = import.meta.url.endsWith('.ts');

/** dist/load-worker.js beside the bundle or one up from its chunks; the source itself when that is what runs. */
export function workerPath(): string {
  if (IS_SOURCE) return fileURLToPath(new URL('./worker/main.ts', import.meta.url));
  const besides = fileURLToPath(new URL('./load-worker.js', import.meta.url));
  return existsSync(besides) ? besides : fileURLToPath(new URL('../load-worker.js', import.meta.url));
}

/**
 * Options meant for us (an inspector, loaders, coverage) would slow or break the workers; a cache of code is worth nothing to a
 * bundle as small as theirs, and much to their sources.
 */
const isForUs = (name: string) => name.startsWith('NODE_') && !(IS_SOURCE && name === 'NODE_COMPILE_CACHE');

export function workerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForUs(name)));
}
