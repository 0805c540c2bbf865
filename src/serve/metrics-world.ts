// What `metrics` needs of the machine: one sampler for all its looks, and where its text goes.
import { basename, dirname, resolve } from 'node:path';
import { replaceText } from '../files/replace-text.ts';
import { Sampler, type SamplerOptions } from '../probe/look/sampler.ts';
import { MOST_OBJECTS } from '../probe/model/assemble/ceiling.ts';
import type { HostMemory } from '../probe/model/host-memory.ts';
import type { Semaphores } from '../probe/model/semaphores.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { readHostMemory } from '../probe/source/host-memory.ts';
import { readSemaphores } from '../probe/source/semaphores.ts';
import { becomeCareful } from '../probe/territory/patience/patience.ts';
import { listen } from './metrics-server.ts';

export interface MetricsRequest {
  /** Default `/proc`. */
  readonly procRoot?: string;
  /** Of every look. Containers keep their ids: names would be kept for ever. */
  readonly options: SamplerOptions;
  /** Takes the first look, which begins the program anew where it hangs. */
  readonly guarded: (look: () => Snapshot) => Snapshot;
  /** Calls back at a signal that asks for an end. */
  readonly onInterrupt: (interrupted: () => void) => unknown;
}

interface Address {
  readonly host: string;
  readonly port: number;
  readonly isLoopback: boolean;
}

/** Read by whoever collects it. */
const READABLE = 0o644;

export function openMetrics({ procRoot = '/proc', options, guarded, onInterrupt }: MetricsRequest) {
  let sampler: Sampler | undefined;
  const sample = (minAgeSec: number): Snapshot => {
    if (sampler) {
      // Whatever hangs now must not end it: it is asked with a deadline.
      becomeCareful();
      return sampler.sample();
    }
    const first = new Sampler({ ...options, minAgeSec, mostObjects: MOST_OBJECTS });
    sampler = first;
    return guarded(() => first.sample());
  };
  return {
    sample,
    semaphores: (): Semaphores | string => readSemaphores(procRoot),
    hostMemory: (): HostMemory | undefined => readHostMemory(procRoot),
    replace: (path: string, text: string): string | undefined =>
      replaceText(dirname(resolve(path)), basename(path), text, 0, READABLE)?.reason,
    serve: (address: Address, page: () => string, say: (text: string) => void) =>
      serve(address, page, say, onInterrupt),
  };
}

async function serve(
  address: Address,
  page: () => string,
  say: (text: string) => void,
  onInterrupt: MetricsRequest['onInterrupt'],
): Promise<string | undefined> {
  const ended = new Promise<void>((resolve) => onInterrupt(resolve));
  const listening = await listen({ ...address, page });
  if (typeof listening === 'string') return listening;
  const { server, port } = listening;
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  say(
    `metrics at http://${host}:${port}/metrics${address.isLoopback ? '' : ', for every machine that reaches this address'}`,
  );
  await ended;
  server.closeAllConnections();
  server.close();
  return undefined;
}
