// Every file system of memory that is mounted anywhere, once, and how full it is: ours, those of other mount namespaces, and those
// that are mounted nowhere any more, through whoever holds a file there.
import { constants } from 'node:fs';
import { EINVAL, ENOENT, ESRCH } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { effectiveUid } from '../../../native/process.ts';
import type { MemoryMount } from '../../model/account/account.ts';
import { deviceText } from '../../model/join/mapping-record.ts';
import { isOnMount, type ShmObject } from '../../model/object.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import { type Namespaces, severalOfOthers } from '../../source/namespaces.ts';
import { bytesOfFiles } from './huge-files.ts';
import { MOUNT_TABLES_MS, PROCESSES_TRIED } from './limits.ts';
import { readMountTable, TableBudget } from './mount-table.ts';
import { isForContainer, type OwnMounts } from './mounts.ts';
import { Resolver } from './resolve.ts';
import { readUsage, type Usage } from './usage.ts';

export interface MemoryMountsRequest {
  readonly libc: Libc;
  readonly procRoot: string;
  readonly ownMounts: OwnMounts;
  readonly namespaces: Namespaces;
  /** Of the same look: what is mounted nowhere is known by them. */
  readonly objects: readonly ShmObject[];
}

/** More than these are somebody's work: the others are counted and not asked. */
const MOST_MOUNTS = 20_000;
/** Of one other namespace: none takes what all the others need. */
const MOST_OF_ANOTHER = 2000;

export interface MemoryMounts {
  readonly mounts: readonly MemoryMount[];
  /** False where there are more mounts, or namespaces, than are looked at. */
  readonly isWhole: boolean;
}

/** Only what a mount table calls memory is opened, by its place without waiting, and asked when it proves to be that device. */
export function readMemoryMounts(request: MemoryMountsRequest): MemoryMounts {
  return new MountFinder(request).read();
}

type FileSystem = MemoryMount['fileSystem'];
const MEMORY: readonly FileSystem[] = ['tmpfs', 'devtmpfs', 'hugetlbfs'];

class MountFinder {
  readonly #request: MemoryMountsRequest;
  readonly #resolver: Resolver;
  /** By device. */
  readonly #found = new Map<string, MemoryMount>();
  readonly #uid: number;
  #isWhole = true;
  #asked = 0;
  readonly #untilMs = monotonicMs() + 2 * MOUNT_TABLES_MS;

  constructor(request: MemoryMountsRequest) {
    this.#request = request;
    this.#resolver = new Resolver(request.libc);
    this.#uid = effectiveUid(request.libc);
  }

  read(): MemoryMounts {
    const { procRoot, ownMounts, namespaces, objects } = this.#request;
    this.#isWhole &&= ownMounts.outcome === 'whole';
    this.#withRoot('self', (root) => this.#ask(root, ownMounts.mounts, undefined));
    const budget = new TableBudget();
    for (const [, pids] of severalOfOthers(namespaces.ownMount, namespaces.mountOf, PROCESSES_TRIED)) {
      if (monotonicMs() > this.#untilMs) this.#isWhole = false;
      else if (!pids.some((pid) => this.#readNamespace(procRoot, pid, budget))) this.#isWhole = false;
    }
    this.#askHolders(objects);
    return { mounts: [...this.#found.values()], isWhole: this.#isWhole };
  }

  /** True when its table was read, or it has ended. */
  #readNamespace(procRoot: string, pid: number, budget: TableBudget): boolean {
    const mounts: Mount[] = [];
    const outcome = readMountTable(procRoot, pid, budget, (mount) => {
      if (isMemory(mount) && !this.#found.get(mount.device)?.isReached) mounts.push(mount);
      return mounts.length > MOST_OF_ANOTHER ? 'stop' : undefined;
    });
    // Who is gone shows nothing any more.
    if (outcome === -ENOENT || outcome === -ESRCH || outcome === -EINVAL) return true;
    if (outcome !== 'whole' && outcome !== 'cut') return false;
    if (outcome === 'cut' || mounts.length > MOST_OF_ANOTHER) this.#isWhole = false;
    if (mounts.length > 0) this.#withRoot(pid, (root) => this.#ask(root, mounts, pid));
    return true;
  }

  #withRoot(pid: number | 'self', use: (root: number) => void): void {
    const root = this.#resolver.rootOf(this.#request.procRoot, pid);
    use(root);
    if (root >= 0) file.close(this.#request.libc, root);
  }

  /** Whole file systems first: what is called is the place where all of it is shown. */
  #ask(root: number, mounts: readonly Mount[], pid: number | undefined): void {
    const memory = mounts.filter(isMemory).sort((a, b) => Number(a.root !== '/') - Number(b.root !== '/'));
    for (const { device, fileSystem, mountPoint, id } of memory) {
      if (this.#found.get(device)?.isReached) continue;
      if (this.#asked++ >= MOST_MOUNTS || monotonicMs() > this.#untilMs) {
        this.#isWhole = false;
        return;
      }
      const named = { device, fileSystem, path: mountPoint, pid };
      const mayAsk = pid === undefined && answersOnTheWay(mountPoint, mounts);
      const top = root < 0 ? undefined : this.#topAt(root, { device, mountPoint, id }, mayAsk);
      const isOfOthers =
        top !== undefined && pid === undefined && (isForContainer(mountPoint) || this.#isUsers(top.uid));
      const whose = isOfOthers ? { isOfOthers } : {};
      if (top) this.#found.set(device, { ...named, ...whose, ...usageOf(top.usage), isReached: true });
      else if (!this.#found.has(device)) this.#found.set(device, { ...named, isReached: false });
    }
  }

  /** Undefined where something else lies there by now, or over it. */
  #topAt(
    root: number,
    { device, mountPoint, id }: Pick<Mount, 'device' | 'mountPoint' | 'id'>,
    mayAsk: boolean,
  ): { readonly usage: Usage; readonly uid: number } | undefined {
    const { libc } = this.#request;
    const fd = this.#resolver.anythingIn(root, mountPoint === '/' ? '.' : mountPoint.slice(1), mayAsk);
    if (fd < 0) return undefined;
    const stat = this.#resolver.descriptor(fd);
    const isIt = typeof stat !== 'number' && deviceText(stat.device) === device && (stat.mountId ?? id) === id;
    const top = isIt ? { usage: this.#usageOf(fd, device), uid: stat.uid } : undefined;
    file.close(libc, fd);
    return top;
  }

  /** Of another user, who fills it as he likes: /run/user/UID. */
  #isUsers(uid: number): boolean {
    return uid !== 0 && uid !== this.#uid;
  }

  /** A hugetlbfs without a limit counts nothing: its files are summed up, and those without a name that somebody holds. */
  #usageOf(fd: number, device: string): Usage {
    const usage = readUsage(this.#request.libc, fd);
    if (usage.hugePageBytes === undefined || usage.usedBytes !== undefined) return usage;
    const named = bytesOfFiles(this.#resolver, fd);
    if (named === undefined) return usage;
    const nameless = this.#request.objects.filter((object) => object.device === device && object.links === 0);
    return { ...usage, usedBytes: nameless.reduce((sum, { allocatedBytes = 0 }) => sum + allocatedBytes, named) };
  }

  /** Objects whose file system nobody shows any more, or nobody that may be asked: it is known to be memory. */
  #askHolders(objects: readonly ShmObject[]): void {
    const { libc } = this.#request;
    for (const object of objects) {
      const { device, inode, onDisk, onMemory, kind, holders } = object;
      if (!isOnMount(object) || device === undefined || onDisk !== undefined || this.#found.get(device)?.isReached)
        continue;
      if (kind === 'file' && onMemory !== 'tmpfs' && onMemory !== 'devtmpfs') continue;
      for (const path of holders.slice(0, PROCESSES_TRIED).flatMap((holder) => this.#linksOf(holder))) {
        const fd = file.openat(libc, AT_FDCWD, path, O_PATH | constants.O_NOCTTY | O_CLOEXEC);
        if (fd < 0) continue;
        const stat = this.#resolver.descriptor(fd);
        const isIt = typeof stat !== 'number' && deviceText(stat.device) === device && stat.inode === inode;
        const usage = isIt ? readUsage(libc, fd) : undefined;
        file.close(libc, fd);
        if (!usage?.isTmpfs) continue;
        const named = this.#found.get(device) ?? { device, fileSystem: 'tmpfs' };
        this.#found.set(device, { ...named, ...usageOf(usage), isReached: true });
        break;
      }
    }
  }

  #linksOf({ pid, fds, mappings }: ShmObject['holders'][number]): string[] {
    const hex = (address: number) => address.toString(16);
    return [
      ...fds.slice(0, 1).map((fd) => `${this.#request.procRoot}/${pid}/fd/${fd}`),
      ...mappings
        .slice(0, 1)
        .map(({ start, end }) => `${this.#request.procRoot}/${pid}/map_files/${hex(start)}-${hex(end)}`),
    ];
  }
}

type MemoryLine = Mount & { readonly fileSystem: FileSystem };

const isMemory = (mount: Mount): mount is MemoryLine => MEMORY.some((each) => each === mount.fileSystem);

function usageOf({ usedBytes, sizeBytes, inodes, inodesUsed, hugePageBytes }: Usage) {
  return { usedBytes, sizeBytes, inodes, inodesUsed, pageBytes: hugePageBytes };
}

/** File systems that nobody outside of the kernel serves. */
const ANSWER: ReadonlySet<string> = new Set([
  ...['tmpfs', 'devtmpfs', 'sysfs', 'cgroup', 'cgroup2', 'ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'f2fs', 'rootfs'],
]);

/** Of our own namespace, in which only root mounts. */
const answersOnTheWay = (path: string, mounts: readonly Mount[]): boolean =>
  mounts.every(
    ({ mountPoint, fileSystem }) =>
      ANSWER.has(fileSystem) || !(mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`)),
  );
