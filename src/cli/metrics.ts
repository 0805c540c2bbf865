// `shmtop metrics`: OpenMetrics text, once (to standard output or into a file), or for whoever asks over HTTP.
import { version } from '../../package.json';
import type { CliContext } from './context.ts';
import { listedFamilies, MOST_LISTED, mountFamilies, namespaceFamilies } from './metrics/crowd-families.ts';
import { spellFamilies } from './metrics/exposition.ts';
import { LISTEN_WORDS, parseAddress } from './metrics/listen-address.ts';
import { limitFamilies, objectFamilies, sightFamilies } from './metrics/machine-families.ts';
import type { MetricsWorld } from './metrics-world.ts';
import { reportError } from './report.ts';
import { EXIT, UsageError } from './usage.ts';

export interface MetricsOptions {
  /** Seconds. */
  readonly minAge: number;
  /** As typed; `true` without a value. */
  readonly listen?: string | true;
  /** A file that is replaced in one step. */
  readonly output?: string;
  /** As typed. */
  readonly objects?: string;
}

/** Exit code 1 where the file could not be written or nobody can be listened to. Ends, listening, with a signal. */
export async function metrics(context: CliContext, world: MetricsWorld, options: MetricsOptions): Promise<number> {
  const { listen, output, minAge } = options;
  if (listen !== undefined && output !== undefined) throw new UsageError('--listen and --output exclude each other');
  const most = mostOf(options.objects);
  const page = () => {
    const startedMs = performance.now();
    const snapshot = world.sample(minAge);
    const semaphores = world.semaphores();
    return spellFamilies([
      ...objectFamilies(snapshot),
      ...limitFamilies(snapshot, typeof semaphores === 'string' ? undefined : semaphores, world.hostMemory()),
      ...mountFamilies(snapshot),
      ...namespaceFamilies(snapshot),
      ...listedFamilies(snapshot, most),
      ...sightFamilies(snapshot, version, (performance.now() - startedMs) / 1000),
    ]);
  };
  if (listen !== undefined) {
    const address = parseAddress(listen === true ? '' : listen);
    if (!address) throw new UsageError(`--listen takes ${LISTEN_WORDS}; "${String(listen)}" is not understood`);
    return tell(context, await world.serve(address, page, (text) => reportError(context, text)));
  }
  const text = page();
  if (output !== undefined) return tell(context, world.replace(output, text));
  context.stdout.write(text);
  return EXIT.done;
}

function tell(context: CliContext, problem: string | undefined): number {
  if (problem === undefined) return EXIT.done;
  reportError(context, problem);
  return EXIT.notDone;
}

function mostOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const most = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (most >= 1 && most <= MOST_LISTED) return most;
  throw new UsageError(`--objects takes a number from 1 to ${MOST_LISTED}; "${text}" is not understood`);
}
