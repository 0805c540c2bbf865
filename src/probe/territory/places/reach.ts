// Which processes can reach a file system of shared memory by a path: only they can come back to a name that lies on it.
import { EACCES, ENOENT, EPERM, ESRCH } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, STATX_LAYOUT } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import type { NativeMemory } from '../../../native/memory.ts';
import { type DeviceNumber, deviceText, type FdRecord, type MappingRecord } from '../../model/join/mapping-record.ts';
import { readStatx } from '../../source/io-native.ts';
import type { Namespaces } from '../../source/namespaces.ts';
import { readMountTable, TableBudget } from './mount-table.ts';
import { Resolver } from './resolve.ts';

export interface ReachRequest {
  /** Absent: nothing can be told, and everybody reaches everything. */
  readonly libc: Libc | undefined;
  readonly procRoot: string;
  readonly namespaces: Pick<Namespaces, 'mountOf' | 'threadsLeft'>;
  /** Who has something of a file system in hand needs no path to it. */
  readonly fds: readonly FdRecord[];
  readonly mappings: readonly MappingRecord[];
  /** Threads of a process that are in other namespaces than it, by thread id. */
  readonly threadsOf: (pid: number) => readonly number[];
  /** Of the files that namespaces are: with one of those a process may go where it leads. */
  readonly nsfs: DeviceNumber | undefined;
}

/**
 * Answers by the mount table that the process itself sees, read once for each root of each mount namespace, and only where
 * somebody asks. What cannot be told counts as reaching. Not counted: root, who could enter any namespace (setns(2)) but
 * has not.
 */
export class Reach {
  readonly #request: ReachRequest;
  readonly #resolver: Resolver | undefined;
  readonly #record: NativeMemory | undefined;
  readonly #budget = new TableBudget();
  /** By root of a mount namespace: the devices that its mounts are of; undefined: could not be read. */
  readonly #devices = new Map<string, ReadonlySet<string> | undefined>();
  readonly #answers = new Map<string, boolean>();
  #inHand: ReadonlyMap<DeviceNumber, ReadonlySet<number>> | undefined;

  constructor(request: ReachRequest) {
    this.#request = request;
    this.#resolver = request.libc && new Resolver(request.libc);
    this.#record = request.libc?.allocate(STATX_LAYOUT.size);
  }

  /** False only where it is certain that this process has no way to this file system as it is now. */
  canReach(pid: number, device: DeviceNumber): boolean {
    const key = `${pid} ${device}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(pid, device);
    this.#answers.set(key, answer);
    return answer;
  }

  #ask(pid: number, device: DeviceNumber): boolean {
    const { nsfs, namespaces, threadsOf } = this.#request;
    if (!this.#resolver || namespaces.threadsLeft.includes(pid)) return true;
    this.#inHand ??= inHand(this.#request);
    if (this.#inHand.get(device)?.has(pid)) return true;
    if (nsfs !== undefined && this.#inHand.get(nsfs)?.has(pid)) return true;
    const resolver = this.#resolver;
    return [pid, ...threadsOf(pid)].some(
      (id) => this.#sees(resolver, id, deviceText(device)) || this.#standsIn(id, device),
    );
  }

  #sees(resolver: Resolver, pid: number, device: string): boolean {
    const key = this.#rootOf(resolver, pid);
    if (key === 'gone') return false;
    if (key === undefined) return true;
    if (!this.#devices.has(key)) this.#devices.set(key, this.#read(pid));
    return this.#devices.get(key)?.has(device) ?? true;
  }

  /** Alike for processes that see the same part of the same namespace. */
  #rootOf(resolver: Resolver, pid: number): string | 'gone' | undefined {
    const mount = this.#request.namespaces.mountOf.get(pid);
    const fd = resolver.rootOf(this.#request.procRoot, pid);
    if (fd === -ENOENT || fd === -ESRCH) return 'gone';
    if (fd < 0 || mount === undefined) {
      if (fd >= 0) file.close(resolver.libc, fd);
      return undefined;
    }
    const stat = resolver.descriptor(fd);
    file.close(resolver.libc, fd);
    return typeof stat === 'number' ? undefined : `${mount} ${stat.mountId} ${stat.device} ${stat.inode}`;
  }

  #read(pid: number): ReadonlySet<string> | undefined {
    const devices = new Set<string>();
    const outcome = readMountTable(this.#request.procRoot, pid, this.#budget, (mount) => {
      devices.add(mount.device);
      return undefined;
    });
    return outcome === 'whole' ? devices : undefined;
  }

  /** Its working directory may lie there though no mount that it sees leads to it. */
  #standsIn(pid: number, device: DeviceNumber): boolean {
    const { libc, procRoot } = this.#request;
    if (!libc || !this.#record) return true;
    const failed = file.statxPlace(libc, AT_FDCWD, `${procRoot}/${pid}/cwd`, this.#record.address);
    if (failed === -EACCES || failed === -EPERM) return true;
    return failed >= 0 && readStatx(this.#record).device === device;
  }
}

function inHand({ fds, mappings }: ReachRequest): Map<DeviceNumber, Set<number>> {
  const held = new Map<DeviceNumber, Set<number>>();
  for (const { device, pid } of [...fds, ...mappings]) {
    const pids = held.get(device);
    if (pids) pids.add(pid);
    else held.set(device, new Set([pid]));
  }
  return held;
}
