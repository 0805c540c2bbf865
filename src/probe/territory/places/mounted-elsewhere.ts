// Which names of shared memory are mounted at other places, in any mount namespace: whoever did that wants them.
import { EINVAL, ENOENT, ESRCH } from '../../../native/errno.ts';
import type { Libc } from '../../../native/libc.ts';
import type { ByteString } from '../../model/bytes.ts';
import type { GapList } from '../../model/gap.ts';
import { type DeviceNumber, deviceText, type FdRecord } from '../../model/join/mapping-record.ts';
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import { type Namespaces, severalOfOthers } from '../../source/namespaces.ts';
import { keptNamespaces, readKept } from './kept-namespaces.ts';
import { PROCESSES_TRIED } from './limits.ts';
import { readMountTable, TableBudget } from './mount-table.ts';
import { isShmPoint, type OwnMounts } from './mounts.ts';

/** `unknown`: a mount table could not be read, or not to its end: it may be. */
export type MountedAnswer = 'no' | 'mounted' | 'unknown';

export interface MountedRequest {
  readonly procRoot: string;
  readonly ownMounts: OwnMounts;
  readonly namespaces: Namespaces;
  /** Of the file systems in question. */
  readonly devices: ReadonlySet<DeviceNumber>;
  readonly gaps: GapList;
  /** Absent: namespaces without a process cannot be looked into. */
  readonly libc?: Libc;
  /** Open descriptors of processes, those of namespaces among them. */
  readonly fds: readonly FdRecord[];
}

/**
 * By what the tables say of each mount: the path within its file system, which the kernel writes anew at each reading. No path
 * of anybody's is looked up, so nothing can block, and what is mounted over something else counts too.
 */
export class MountedElsewhere {
  readonly #wanted: ReadonlySet<string>;
  /** `device root` of parts of these file systems that are mounted anywhere. */
  readonly #parts = new Set<string>();
  /** Devices that another mount namespace shows whole at a place that is not for shared memory. */
  readonly #wholes = new Set<string>();
  readonly #seenTables = new Set<number>();
  #isUnknown: boolean;

  constructor(request: MountedRequest) {
    const { ownMounts, devices } = request;
    this.#wanted = new Set([...devices].map(deviceText));
    for (const mount of ownMounts.mounts) this.#note(mount);
    this.#isUnknown = ownMounts.outcome !== 'whole';
    this.#readOthers(request);
    this.#readKept(request);
  }

  /** Mount namespaces without a process, which a descriptor or a mount keeps. */
  #readKept(request: MountedRequest): void {
    for (const kept of keptNamespaces(request)) {
      const outcome = readKept(request.libc, kept, (mount) => this.#noteOther(mount));
      if (outcome === 'whole' || outcome === 'gone') continue;
      this.#isUnknown = true;
      const detail = 'the mounts of a namespace without a process, so that no name in /dev/shm is called abandoned';
      request.gaps.add('ns', outcome === 'cut' ? 'limit' : 'unsupported', { pid: kept.pid, detail });
    }
  }

  answer({ device, name, place }: ShmEntry): MountedAnswer {
    const text = deviceText(device);
    if (place.mountNamespace !== undefined && this.#wholes.has(text)) return 'mounted';
    for (let end = name.length; end > 0; end = name.lastIndexOf('/', end - 1)) {
      if (this.#parts.size > 0 && this.#parts.has(partKey(text, name.slice(0, end)))) return 'mounted';
    }
    return this.#isUnknown ? 'unknown' : 'no';
  }

  #readOthers({ procRoot, namespaces, gaps }: MountedRequest): void {
    const { ownMount, mountOf, refused } = namespaces;
    const budget = new TableBudget();
    const others = severalOfOthers(ownMount, mountOf, PROCESSES_TRIED);
    for (const pids of others.values()) this.#readOne(procRoot, pids, budget, gaps);
    // Mount tables are open to all, also those of processes that may not be asked for their namespace. Most are known by now.
    for (const pid of refused) if (!mountOf.has(pid)) this.#readOne(procRoot, [pid], budget, gaps);
  }

  /** One namespace, by a few of its processes: one that was chrooted sees less of it than the others. */
  #readOne(procRoot: string, pids: readonly number[], budget: TableBudget, gaps: GapList): void {
    let isRead = false;
    for (const pid of pids) {
      let isFirst = true;
      const outcome = readMountTable(procRoot, pid, budget, (mount) => {
        // Mounts are numbered over all namespaces: who has the same root mount sees the same table.
        if (isFirst && this.#seenTables.has(mount.id)) return 'stop';
        if (isFirst) this.#seenTables.add(mount.id);
        isFirst = false;
        this.#noteOther(mount);
        return undefined;
      });
      if (outcome === 'whole') isRead = true;
      if (outcome === 'whole' || outcome === -ENOENT || outcome === -ESRCH || outcome === -EINVAL) continue; // a zombie: EINVAL
      this.#isUnknown = true;
      const reason = outcome === 'cut' ? 'limit' : 'permission';
      gaps.add('ns', reason, {
        pid,
        detail: 'some mounts of another namespace, so that no name in /dev/shm is called abandoned',
      });
      return;
    }
    // All that were tried have ended, and there may be more of them.
    if (!isRead && pids.length === PROCESSES_TRIED) this.#isUnknown = true;
  }

  #noteOther(mount: MountLike): void {
    this.#note(mount);
    const { root, mountPoint, device } = mount;
    if (root === '/' && !isShmPoint(mountPoint) && this.#wanted.has(device)) this.#wholes.add(device);
  }

  #note({ device, root }: MountLike): void {
    if (root !== '/' && this.#wanted.has(device)) this.#parts.add(partKey(device, root));
  }
}

type MountLike = Pick<Mount, 'device' | 'root' | 'mountPoint'>;

const partKey = (device: string, root: ByteString) => `${device} ${root}`;
