// The program of the worker processes: what Node is told to run, and in which environment.
import { processArgs } from '../probe/thread/worker-file.ts';

/** In tests. */
const IS_SOURCE = import.meta.url.endsWith('.ts');

/** The first arguments for process.execPath; the worker's own follow. */
export const workerProgram = (): readonly string[] => processArgs('load-worker', 'load/worker/main.ts');

/**
 * Without options that are meant for us (an inspector, loaders, coverage): they would slow or break the workers. A cache of code is
 * worth nothing to a bundle as small as theirs, and much to their sources.
 */
export function workerEnvironment(): NodeJS.ProcessEnv {
  const isForUs = (name: string) => name.startsWith('NODE_') && !(IS_SOURCE && name === 'NODE_COMPILE_CACHE');
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForUs(name)));
}
