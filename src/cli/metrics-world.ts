// What `metrics` is handed: looks at the machine, and where its text goes.
import type { HostMemory } from '../probe/model/host-memory.ts';
import type { Semaphores } from '../probe/model/semaphores.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import type { ListenAddress } from './metrics/listen-address.ts';

export interface MetricsWorld {
  /** May be called for years: of a crowd it hands on so many objects and counts the rest. */
  readonly sample: (minAgeSec: number) => Snapshot;
  readonly semaphores: () => Semaphores | string;
  readonly hostMemory: () => HostMemory | undefined;
  /** In one step, to be read by everybody; in words why it could not be. */
  readonly replace: (path: string, text: string) => string | undefined;
  /** Answers until a signal ends it, and resolves then; in words why it cannot. `say`: where it listens. */
  readonly serve: (
    address: ListenAddress,
    page: () => string,
    say: (text: string) => void,
  ) => Promise<string | undefined>;
}
