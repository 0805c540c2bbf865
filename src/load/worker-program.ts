// The program of the worker processes: where it lies, and with which flags and environment it is started.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const NODE_FLAGS: readonly string[] = ['--no-warnings'];

/** dist/load-worker.js beside the bundle or one up from its chunks; the source itself when that is what runs (tests). */
export function workerPath(): string {
  if (import.meta.url.endsWith('.ts')) return fileURLToPath(new URL('./worker/main.ts', import.meta.url));
  const besides = fileURLToPath(new URL('./load-worker.js', import.meta.url));
  return existsSync(besides) ? besides : fileURLToPath(new URL('../load-worker.js', import.meta.url));
}

/** Without options that are meant for us (an inspector, loaders, coverage, a cache of code): they would slow or break the workers. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_')));
}
