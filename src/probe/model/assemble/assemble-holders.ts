// Who holds an object: what was found of each process, with its name, user and container.
import type { Hold } from '../join/hold.ts';
import { type Container, containerKey, type Holder } from '../object.ts';

/** What is known of a holder apart from what it holds; absent fields could not be read. */
export interface HolderFacts {
  readonly startTicks: number;
  readonly comm: string;
  readonly uid?: number;
  readonly ipcNamespace?: string;
  readonly container?: Container;
  readonly unit?: string;
  readonly job?: string;
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
        unit: process?.unit,
        job: process?.job,
      };
    });
}

/** The container of an object is that of its holders, where they agree; or else the pod that they all are of. */
export function commonContainer(holders: readonly Holder[]): Container | undefined {
  if (holders.length === 0) return undefined; // 30,000 looks beyond the end of an array would take 10 ms
  return sharedContainer(holders.map(({ container }) => container));
}

/** Never empty. */
export function sharedContainer(containers: readonly (Container | undefined)[]): Container | undefined {
  const [first] = containers;
  if (!first || containers.every((one) => one === first)) return first;
  const key = containerKey(first);
  if (containers.every((one) => one && containerKey(one) === key)) return first;
  const { podUid, pod, podNamespace, uid, within } = first;
  const isOfPod = (one: Container | undefined) => one?.podUid === podUid && one?.uid === uid && one?.within === within;
  if (podUid === undefined || !containers.every(isOfPod)) return undefined;
  return { id: podUid, name: pod, runtime: 'pod', uid, within, podUid, pod, podNamespace };
}
