// Runs removals of segments in the IPC namespace that each belongs to, verified by its inode, and comes back.
import { readlinkSync } from 'node:fs';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { GapList } from '../probe/model/gap.ts';
import { type Io, listPids } from '../probe/source/io.ts';
import { nativeIo } from '../probe/source/io-native.ts';
import { readNamespace } from '../probe/source/namespace-link.ts';
import { type IpcDoor, ipcDoorOf, withinIpcNamespace } from '../probe/source/namespaces.ts';
import { mountedIpcNamespaces, readOwnMounts } from '../probe/territory/places/mounts.ts';
import type { Plan } from './model/plan.ts';
import { refuse } from './model/refusal.ts';
import type { Outcome } from './model/report.ts';

/** The IPC namespace of this thread, as decimal text; undefined without /proc. */
export function currentIpcNamespace(): string | undefined {
  try {
    return /\d+/.exec(readlinkSync('/proc/thread-self/ns/ipc'))?.[0];
  } catch {
    return undefined; // ENOENT: no /proc
  }
}

/**
 * Calls `use` with the plans of one namespace while the thread is in it. `refused` gets the outcome for each of them where
 * it could not be entered. Nothing in `use` may await or start a process.
 */
export function withinNamespaceOf(
  namespace: string,
  plans: readonly Plan[],
  use: (plans: readonly Plan[]) => void,
  refused: (plan: Plan, outcome: Outcome) => void,
  procRoot = '/proc',
): void {
  const own = currentIpcNamespace();
  // Without /proc there is no other namespace to be told from ours; listings then call it 0.
  if (own === namespace || (own === undefined && namespace === '0')) {
    use(plans);
    return;
  }
  const libc = loadLibc();
  const entered = isLibc(libc) && enter(libc, namespace, procRoot, () => use(plans));
  if (entered) return;
  for (const plan of plans)
    refused(plan, refuse('namespace', `is in IPC namespace ${namespace}, which could not be entered`));
}

/** True when `use` ran in the namespace. A process that is in it may leave it any time, so where we arrived is looked at. */
function enter(libc: Libc, namespace: string, procRoot: string, use: () => void): boolean {
  const io = nativeIo(libc);
  const pids = listPids(io, procRoot);
  if (typeof pids === 'number') return false;
  for (const door of doorsTo(namespace, io, procRoot, pids)) {
    const arrived = withinIpcNamespace(libc, door, new GapList(), () => {
      if (currentIpcNamespace() !== namespace) return false;
      use();
      return true;
    });
    if (arrived) return true;
  }
  return false;
}

function* doorsTo(namespace: string, io: Io, procRoot: string, pids: readonly number[]): Generator<IpcDoor> {
  for (const pid of pids) if (readNamespace(io, procRoot, pid, 'ipc') === namespace) yield ipcDoorOf(procRoot, pid);
  const mounted = mountedIpcNamespaces(readOwnMounts(procRoot).mounts).get(namespace);
  if (mounted) yield mounted;
  for (const pid of pids) yield* doorsOpenIn(namespace, io, procRoot, pid);
}

/** One that only a descriptor keeps; it is opened only if it is that namespace still. */
function* doorsOpenIn(namespace: string, io: Io, procRoot: string, pid: number): Generator<IpcDoor> {
  const names = io.readDir(`${procRoot}/${pid}/fd`);
  for (const name of typeof names === 'number' ? [] : names) {
    const path = `${procRoot}/${pid}/fd/${name}`;
    if (io.readLink(path) === `ipc:[${namespace}]`) yield { path, pid, inode: Number(namespace) };
  }
}
