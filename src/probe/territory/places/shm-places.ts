// Finds the places of POSIX shared memory: our own /dev/shm, those of chroots and of other mount namespaces, each once.

import { constants } from 'node:fs';
import { ENOENT, ENOTDIR, errnoName } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { escapeBytes } from '../../model/bytes.ts';
import { GapList } from '../../model/gap.ts';
import { deviceText } from '../../model/join/mapping-record.ts';
import type { ShmPlace } from '../../model/join/shm-place.ts';
import type { Container } from '../../model/object.ts';
import type { Mount } from '../../parse/mountinfo.ts';
import type { Io } from '../../source/io.ts';
import { descriptorGround, type Ground, pathGround } from './ground.ts';
import { FOREIGN_PLACES } from './limits.ts';
import { TableBudget } from './mount-table.ts';
import { chrootShmMounts, DEFAULT_SHM_ROOT, devicesShownElsewhere, engineShmMounts, type OwnMounts } from './mounts.ts';
import { type PlacedStat, Resolver } from './resolve.ts';
import { addDiskGap, doorOf, findMount, isMemory, kindOf, openMount, openShmOf, type ShmDoor } from './shm-door.ts';
import { readUsage, type Usage, usageOfPath } from './usage.ts';
import type { ShmRoot } from './walk.ts';

export interface PlacesRequest {
  readonly io: Io;
  readonly libc: Libc | undefined;
  readonly procRoot: string;
  /** Our own, raw path. */
  readonly shmRoot: string;
  /** Our own mount table; empty where `procRoot` is not of this mount namespace. */
  readonly ownMounts: OwnMounts;
  /** A few processes of each other mount namespace, by its inode. */
  readonly others: ReadonlyMap<string, readonly number[]>;
  readonly gaps: GapList;
}

/** A place that was opened and not yet walked. */
export interface FoundPlace {
  readonly root: ShmRoot;
  readonly place: ShmPlace;
  /** Escaped. */
  readonly label: string;
  /** Anew each time. */
  readonly usage: () => Usage;
  /** To be closed after the walk. */
  readonly groundOf: () => Ground;
}

export class PlaceFinder {
  readonly #request: PlacesRequest;
  readonly #resolver: Resolver | undefined;
  readonly #shownElsewhere: ReadonlySet<string>;
  readonly #open: number[] = [];
  readonly #known = new Set<string>();
  /** Of the places that were found, as mountinfo has them. */
  readonly #devices = new Set<string>();

  constructor(request: PlacesRequest) {
    this.#request = request;
    this.#resolver = request.libc && new Resolver(request.libc);
    this.#shownElsewhere = devicesShownElsewhere(request.ownMounts.mounts);
  }

  /** Our own; undefined where there is none, or where it is no memory. */
  own(): FoundPlace | undefined {
    const { io, shmRoot, gaps } = this.#request;
    const root: ShmRoot = { reachedBy: shmRoot, path: shmRoot };
    if (this.#resolver) {
      const { libc } = this.#resolver;
      const fd = file.openat(libc, AT_FDCWD, shmRoot, O_PATH | constants.O_DIRECTORY | O_CLOEXEC);
      const door = fd < 0 ? undefined : doorOf(this.#resolver, fd);
      if (!door) return this.#noOwn(fd);
      this.#open.push(fd);
      return this.#ownByDoor(this.#resolver, door, root);
    }
    const top = io.stat(shmRoot, 'follow');
    if (typeof top === 'number') return this.#noOwn(top);
    const usage = usageOfPath(shmRoot);
    const parent = io.stat(`${shmRoot}/..`, 'follow');
    const isMount = usage.isTmpfs && typeof parent !== 'number' && parent.device !== top.device;
    if (!usage.isTmpfs && shmRoot === DEFAULT_SHM_ROOT) {
      addDiskGap(gaps, shmRoot, undefined);
      return undefined;
    }
    const place = this.#place(top, isMount ? 'whole' : 'given', undefined);
    this.#known.add(keyOf(place));
    const groundOf = () => pathGround(io, shmRoot, top, usage.isTmpfs);
    return { root, place, label: escapeBytes(shmRoot), usage: () => usageOfPath(shmRoot), groundOf };
  }

  #ownByDoor(resolver: Resolver, door: ShmDoor, root: ShmRoot): FoundPlace | undefined {
    const { shmRoot, gaps, ownMounts } = this.#request;
    const { top, fd } = door;
    const mount =
      top.mountId === undefined
        ? ownMounts.mounts.findLast(({ mountPoint }) => mountPoint === shmRoot)
        : ownMounts.mounts.find(({ id }) => id === top.mountId);
    // A directory that somebody named is taken for what he says that it is.
    const isGiven = shmRoot !== DEFAULT_SHM_ROOT;
    const isTmpfs = mount ? isMemory(mount) : readUsage(resolver.libc, fd).isTmpfs;
    const isWhole = mount !== undefined && mount.root === '/' && top.isMountRoot !== false;
    if (!isTmpfs && !isGiven) {
      addDiskGap(gaps, shmRoot, mount?.fileSystem);
      return undefined;
    }
    const kind = isTmpfs && isWhole ? 'whole' : isGiven ? 'given' : 'folder';
    const place = this.#place(top, kind, undefined);
    this.#known.add(keyOf(place));
    const groundOf = () => descriptorGround(resolver, fd, top);
    return { root, place, label: escapeBytes(shmRoot), usage: () => readUsage(resolver.libc, fd), groundOf };
  }

  /** A machine may have no /dev/shm; a root that somebody named should be there. */
  #noOwn(result: number): undefined {
    const { shmRoot, gaps } = this.#request;
    const isMissing = result === -ENOENT || result === -ENOTDIR;
    if (!isMissing || (result === -ENOENT && shmRoot !== DEFAULT_SHM_ROOT)) {
      gaps.add('dev-shm', isMissing ? 'io' : 'permission', { detail: `${escapeBytes(shmRoot)}: ${errnoName(result)}` });
    }
    return undefined;
  }

  /** All others, until a time by `monotonicMs()`. */
  others(untilMs: number): FoundPlace[] {
    const resolver = this.#resolver;
    if (!resolver) return [];
    const { ownMounts, shmRoot, others, procRoot, gaps } = this.#request;
    const found: FoundPlace[] = [];
    const tables = new TableBudget();
    for (const mount of chrootShmMounts(ownMounts.mounts, shmRoot)) {
      const door = openMount(resolver, mount);
      if (door) this.#found(resolver, found, door, escapeBytes(mount.mountPoint), undefined, () => mount);
    }
    let missed = 0;
    for (const [namespace, pids] of others) {
      if (found.length >= FOREIGN_PLACES.places || monotonicMs() > untilMs) {
        missed++;
        continue;
      }
      const refused = new GapList();
      let isOpen = false;
      for (const pid of pids) {
        const door = openShmOf(resolver, procRoot, pid, refused);
        if (door === undefined || door === 'gone' || door === 'none') continue; // another process of the namespace may see one
        const label = `${procRoot}/${pid}/root/dev/shm`;
        this.#found(resolver, found, door, label, namespace, () => findMount(door, procRoot, pid, tables, gaps));
        isOpen = true;
        break;
      }
      const [first] = isOpen ? [] : refused.list();
      if (first) gaps.add(first.source, first.reason, { pid: first.pids?.[0], detail: first.detail });
    }
    this.#addForgotten(resolver, found);
    if (missed > 0)
      gaps.add('ns', 'limit', { count: missed, detail: 'the /dev/shm of more mount namespaces than are looked at' });
    return found;
  }

  /**
   * What engines still mount for containers of which no process is there that could show it. Their names are kept apart from what rules of
   * programs prove: the container may be started again.
   */
  #addForgotten(resolver: Resolver, found: FoundPlace[]): void {
    for (const { mount, container } of engineShmMounts(this.#request.ownMounts.mounts)) {
      if (this.#devices.has(mount.device) || found.length >= FOREIGN_PLACES.places) continue;
      const door = openMount(resolver, mount);
      if (door) this.#found(resolver, found, door, escapeBytes(mount.mountPoint), undefined, () => mount, container);
    }
  }

  #found(
    resolver: Resolver,
    found: FoundPlace[],
    { fd, top }: ShmDoor,
    label: string,
    namespace: string | undefined,
    mountOf: () => Mount | undefined,
    container?: Container,
  ): void {
    const { libc } = resolver;
    const key = `${top.device} ${top.inode}`;
    const mount = this.#known.has(key) ? undefined : mountOf();
    this.#known.add(key);
    if (mount && !isMemory(mount)) addDiskGap(this.#request.gaps, label, mount.fileSystem);
    if (!mount || !isMemory(mount)) {
      file.close(libc, fd);
      return;
    }
    this.#open.push(fd);
    found.push({
      root: { reachedBy: `/proc/self/fd/${fd}`, label },
      place: this.#place(top, kindOf({ fd, top }, mount), namespace, container),
      label,
      usage: () => readUsage(libc, fd),
      groundOf: () => descriptorGround(resolver, fd, top),
    });
  }

  #place(
    { device, inode }: PlacedStat,
    kind: ShmPlace['kind'],
    mountNamespace: string | undefined,
    container?: Container,
  ): ShmPlace {
    const name = deviceText(device);
    this.#devices.add(name);
    const isShownElsewhere = container !== undefined || this.#shownElsewhere.has(name);
    return { kind, device, rootInode: inode, mountNamespace, ...(container ? { container } : {}), isShownElsewhere };
  }

  /** Closes what keeps places reachable. */
  close(): void {
    for (const fd of this.#open) if (this.#resolver) file.close(this.#resolver.libc, fd);
  }
}

const keyOf = ({ device, rootInode }: ShmPlace) => `${device} ${rootInode}`;
