// Which names of shared memory are mounted at other places, in any mount namespace: whoever did that wants them.
import { EINVAL, ENOENT, ESRCH } from '../../../native/errno.ts';
import { close } from '../../../native/file.ts';
import type { Libc } from '../../../native/libc.ts';
import { MountLister } from '../../../native/mount-namespace.ts';
import type { ByteString } from '../../model/bytes.ts';
import type { GapList } from '../../model/gap.ts';
import { type DeviceNumber, deviceText, type FdRecord } from '../../model/join/mapping-record.ts';
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import { type Namespaces, severalOfOthers } from '../../source/namespaces.ts';
import { readEveryNamespace } from './every-namespace.ts';
import { keptNamespaces, readKept } from './kept-namespaces.ts';
import { PROCESSES_TRIED, ROOTS_TRIED } from './limits.ts';
import { readMountTable, TableBudget } from './mount-table.ts';
import { isShmPoint, type OwnMounts } from './mounts.ts';
import { Resolver } from './resolve.ts';

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
 * By what the kernel says of each mount in every namespace, and where it does not, the tables of processes: the path within its
 * file system, which the kernel writes anew at each reading. No path of anybody's is looked up, so nothing can block, and what is
 * mounted over something else counts too.
 */
export class MountedElsewhere {
  readonly #wanted: ReadonlySet<string>;
  /** `device root` of parts of these file systems that are mounted anywhere. */
  readonly #parts = new Set<string>();
  /** Devices that another mount namespace shows whole at a place that is not for shared memory. */
  readonly #wholes = new Set<string>();
  /** Devices with an unlinked name mounted somewhere: a mount is told by its name, so that what else leads to that file is not known. */
  readonly #unlinked = new Set<string>();
  #isUnknown: boolean;
  /** The kernel told all namespaces that there were: one that it did not name has ended. */
  #isTold = false;

  constructor(request: MountedRequest) {
    const { ownMounts, devices } = request;
    this.#wanted = new Set([...devices].map(deviceText));
    for (const mount of ownMounts.mounts) this.#note(mount);
    this.#isUnknown = ownMounts.outcome !== 'whole';
    const known = this.#readAll(request);
    this.#readOthers(request, known);
    this.#readKept(request, known);
  }

  /** All namespaces of the machine where the kernel tells; those that were read. */
  #readAll({ libc, gaps }: MountedRequest): ReadonlySet<string> {
    if (!libc) return new Set();
    const { read, outcome } = readEveryNamespace(libc, this.#wanted, (mount) => this.#noteOther(mount));
    this.#isTold = outcome !== 'unsupported';
    if (outcome === 'cut') this.#notWhole(gaps, 'limit', undefined);
    return read;
  }

  #notWhole(gaps: GapList, reason: 'limit' | 'permission' | 'vanished', pid: number | undefined): void {
    this.#isUnknown = true;
    gaps.add('ns', reason, {
      pid,
      detail: 'all mounts of a mount namespace, without which no name is called abandoned',
    });
  }

  /** Mount namespaces without a process, which a descriptor or a mount keeps. */
  #readKept(request: MountedRequest, known: ReadonlySet<string>): void {
    const lister = request.libc && new MountLister(request.libc);
    for (const kept of keptNamespaces({ ...request, known })) {
      const outcome = readKept(request.libc, lister, kept, (mount) => this.#noteOther(mount));
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
    return this.#isUnknown || this.#unlinked.has(text) ? 'unknown' : 'no';
  }

  /** Those that the kernel did not tell about, by what their processes see. */
  #readOthers({ procRoot, namespaces, gaps, libc }: MountedRequest, known: ReadonlySet<string>): void {
    const { ownMount, mountOf, refused, threadsLeft } = namespaces;
    const budget = new TableBudget();
    const resolver = libc && new Resolver(libc);
    for (const [namespace, pids] of severalOfOthers(ownMount, mountOf, Number.POSITIVE_INFINITY)) {
      if (!known.has(namespace)) this.#readNamespace(procRoot, resolver, pids, budget, gaps);
    }
    // Mount tables are open to all, also those of processes that may not be asked for their namespace. Most are known by now.
    for (const pid of refused) if (!mountOf.has(pid)) this.#readTable(procRoot, pid, budget, gaps);
    if (!this.#isTold && threadsLeft.length > 0) this.#notWhole(gaps, 'limit', threadsLeft[0]);
  }

  /** A process that was chrooted sees less of its namespace than others: one of each root is asked. */
  #readNamespace(
    procRoot: string,
    resolver: Resolver | undefined,
    pids: readonly number[],
    budget: TableBudget,
    gaps: GapList,
  ): void {
    const roots = new Set<string>();
    let isRead = false;
    let tried = 0;
    for (const pid of pids) {
      const root = resolver && rootKey(resolver, procRoot, pid);
      if (root === 'gone' || (root !== undefined && roots.has(root))) continue;
      if (root === undefined && tried >= PROCESSES_TRIED) break;
      if (tried++ >= ROOTS_TRIED) {
        this.#notWhole(gaps, 'limit', pid);
        return;
      }
      const outcome = this.#readTable(procRoot, pid, budget, gaps);
      if (outcome === 'failed') return;
      if (outcome === 'whole' && root !== undefined) roots.add(root);
      isRead ||= outcome === 'whole';
    }
    // All have ended, and there may be more by now.
    if (!isRead && !this.#isTold && pids.length >= PROCESSES_TRIED) this.#notWhole(gaps, 'vanished', pids[0]);
  }

  #readTable(procRoot: string, pid: number, budget: TableBudget, gaps: GapList): 'whole' | 'gone' | 'failed' {
    const outcome = readMountTable(procRoot, pid, budget, (mount) => {
      this.#noteOther(mount);
      return undefined;
    });
    if (outcome === 'whole') return 'whole';
    if (outcome === -ENOENT || outcome === -ESRCH || outcome === -EINVAL) return 'gone'; // a zombie: EINVAL
    this.#notWhole(gaps, outcome === 'cut' ? 'limit' : 'permission', pid);
    return 'failed';
  }

  #noteOther(mount: MountLike): void {
    this.#note(mount);
    const { root, mountPoint, device } = mount;
    if (root === '/' && !isShmPoint(mountPoint) && this.#wanted.has(device)) this.#wholes.add(device);
  }

  #note({ device, root }: MountLike): void {
    if (root === '/' || !this.#wanted.has(device)) return;
    this.#parts.add(partKey(device, root));
    if (root.endsWith(UNLINKED)) this.#unlinked.add(device);
  }
}

/** What the kernel adds to the name of what has none any more (fs/d_path.c). */
const UNLINKED = '//deleted';

/** The same for processes that see the same part of the same namespace; undefined where that cannot be told. */
function rootKey(resolver: Resolver, procRoot: string, pid: number): string | 'gone' | undefined {
  const fd = resolver.rootOf(procRoot, pid);
  if (fd === -ENOENT || fd === -ESRCH) return 'gone';
  const stat = fd < 0 ? fd : resolver.descriptor(fd);
  if (fd >= 0) close(resolver.libc, fd);
  if (typeof stat === 'number' || stat.mountId === undefined) return undefined;
  return `${stat.mountId} ${stat.inode}`;
}

type MountLike = Pick<Mount, 'device' | 'root' | 'mountPoint'>;

const partKey = (device: string, root: ByteString) => `${device} ${root}`;
