// What our own mount table tells: the /dev/shm of chroots, IPC and mount namespaces kept by a mount, what is shown elsewhere too.
import type { ByteString } from '../../model/bytes.ts';
import type { Container } from '../../model/object.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import type { IpcDoor } from '../../source/namespaces.ts';
import { readMountTable, TableBudget, type TableOutcome } from './mount-table.ts';

export const DEFAULT_SHM_ROOT = '/dev/shm';

export interface OwnMounts {
  readonly mounts: readonly Mount[];
  /** Whether that is all of them. */
  readonly outcome: TableOutcome;
}

export const NO_MOUNTS: OwnMounts = { mounts: [], outcome: 'whole' };

/** Those of our own mount namespace that matter here: of memory file systems, and of namespaces. */
export function readOwnMounts(procRoot: string): OwnMounts {
  const mounts: Mount[] = [];
  const outcome = readMountTable(procRoot, 'self', new TableBudget(), (mount) => {
    mounts.push(mount);
    return undefined;
  });
  return { mounts, outcome };
}

/**
 * Is this a place for shared memory? `…/dev/shm`, and where container engines keep the one that they mount into a container
 * (`…/mounts/shm`, `…/userdata/shm`): the last step is `shm`. Only root makes mounts in our own namespace.
 */
export const isShmPoint = (mountPoint: ByteString): boolean => mountPoint.endsWith('/shm');

/** Each /dev/shm of a chroot in our mount namespace: of those stacked on one point the last, which is the one to be seen. */
export function chrootShmMounts(mounts: readonly Mount[], shmRoot: string): Mount[] {
  const last = new Map<ByteString, Mount>();
  for (const mount of mounts) {
    const { mountPoint } = mount;
    if (mountPoint.endsWith('/dev/shm') && mountPoint !== DEFAULT_SHM_ROOT && mountPoint !== shmRoot) {
      last.set(mountPoint, mount);
    }
  }
  return [...last.values()].filter(({ fileSystem }) => fileSystem === 'tmpfs');
}

/** The /dev/shm that a container engine made for a container (a pod), where it mounts it in our mount namespace. */
export interface EngineShm {
  readonly mount: Mount;
  readonly container: Container;
}

/** docker, podman and CRI-O, containerd's CRI; only root makes mounts here, and so names them. */
const ENGINES: readonly (readonly [RegExp, string])[] = [
  [/\/containers\/([0-9a-f]{64})\/mounts\/shm$/, 'docker'],
  [/\/[a-z]+-containers\/([0-9a-f]{64})\/userdata\/shm$/, 'podman'],
  [/\/sandboxes\/([0-9a-f]{64})\/shm$/, 'containerd'],
];

export function engineShmMounts(mounts: readonly Mount[]): EngineShm[] {
  return mounts.flatMap((mount) => {
    if (mount.fileSystem !== 'tmpfs' || mount.root !== '/' || !isShmPoint(mount.mountPoint)) return [];
    for (const [pattern, runtime] of ENGINES) {
      const id = pattern.exec(mount.mountPoint)?.[1];
      if (id !== undefined) return [{ mount, container: { id: id.slice(0, 12), runtime } }];
    }
    return [];
  });
}

/** Memory of a pod (emptyDir with medium Memory), which kubelet mounts. */
const POD_VOLUME = /\/volumes\/kubernetes\.io~empty-dir\/[^/]+$/;

/** Did an engine mount it for a container or a pod, which fills it? */
export const isForContainer = (mountPoint: ByteString): boolean =>
  POD_VOLUME.test(mountPoint) || ENGINES.some(([pattern]) => pattern.test(mountPoint));

/** Devices that are mounted by their root at a place that is not for shared memory: /tmp, /run, and what is bound there. */
export function devicesShownElsewhere(mounts: readonly Mount[]): Set<string> {
  const devices = new Set<string>();
  for (const { root, mountPoint, device } of mounts) if (root === '/' && !isShmPoint(mountPoint)) devices.add(device);
  return devices;
}

/** IPC namespaces that are mounted on a file, by which they live on without a process in them (ip-netns(8) does so too). */
export function mountedIpcNamespaces(mounts: readonly Mount[]): Map<string, IpcDoor> {
  const doors = new Map<string, IpcDoor>();
  for (const { fileSystem, root, mountPoint } of mounts) {
    const namespace = fileSystem === 'nsfs' ? /^ipc:\[(\d+)\]$/.exec(root)?.[1] : undefined;
    if (namespace !== undefined) doors.set(namespace, { path: mountPoint });
  }
  return doors;
}
