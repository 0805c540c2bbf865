// Who holds an object: what was found of each process, with its name, user and container.
import type { Hold } from '../join/hold.ts';
import type { Container, Holder } from '../object.ts';

/** What is known of a holder apart from what it holds; absent fields could not be read. */
export interface HolderFacts {
  readonly startTicks: number;
  readonly comm: string;
  readonly uid?: number;
  readonly ipcNamespace?: string;
  readonly container?: Container;
}

export interface HolderBook {
  readonly userName: (uid: number) => string | undefined;
  readonly facts: (pid: number) => HolderFacts | undefined;
}

export const NO_HOLDERS: readonly Holder[] = [];

export function assembleHolders(holds: ReadonlyMap<number, Hold>, { facts, userName }: HolderBook): readonly Holder[] {
  if (holds.size === 0) return NO_HOLDERS;
  return [...holds]
    .sort(([a], [b]) => a - b)
    .map(([pid, { mappings, fds }]) => {
      const process = facts(pid);
      return {
        pid,
        startTicks: process?.startTicks,
        comm: process?.comm,
        uid: process?.uid,
        user: process?.uid === undefined ? undefined : userName(process.uid),
        mappings,
        fds,
        ipcNamespace: process?.ipcNamespace,
        container: process?.container,
      };
    });
}

/** The container of an object is that of its holders, where they agree. */
export function commonContainer(holders: readonly Holder[]): Container | undefined {
  if (holders.length === 0) return undefined; // 30,000 looks beyond the end of an array would take 10 ms
  const container = holders[0]?.container;
  return container && holders.every((holder) => holder.container?.id === container.id) ? container : undefined;
}
