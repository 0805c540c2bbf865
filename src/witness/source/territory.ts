// Where shared memory is now: every tmpfs of a /dev/shm and every IPC namespace, ours and those of others.
import { constants } from 'node:fs';
import { close, openat } from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import { GapList } from '../../probe/model/gap.ts';
import { deviceText } from '../../probe/model/join/mapping-record.ts';
import type { ShmEntry } from '../../probe/model/join/shm-entry.ts';
import type { Io } from '../../probe/source/io.ts';
import { type IpcDoor, ipcDoorOf, readNamespaces, severalOfOthers } from '../../probe/source/namespaces.ts';
import { ProcessLedger } from '../../probe/source/process-ledger.ts';
import { FOREIGN_PLACE, OWN_PLACE, PROCESSES_TRIED } from '../../probe/territory/places/limits.ts';
import { chrootShmMounts, mountedIpcNamespaces, readOwnMounts } from '../../probe/territory/places/mounts.ts';
import { Resolver } from '../../probe/territory/places/resolve.ts';
import { openMount, openShmOf } from '../../probe/territory/places/shm-door.ts';
import { type FoundPlace, PlaceFinder } from '../../probe/territory/places/shm-places.ts';
import { walk } from '../../probe/territory/places/walk.ts';

export interface TerritoryPlace {
  readonly isOwn: boolean;
  readonly device: string;
  readonly rootInode: number;
  /** As it can be opened until the end of the look. */
  readonly path: string;
  /** Escaped, for people. */
  readonly label: string;
  /** A descriptor of its top (O_PATH, to be closed) at any later time, or -errno. */
  readonly reach: () => number;
  /** All names in it, as far as the limits of a walk let: false where there are more. */
  readonly list: (use: (entry: ShmEntry) => void) => boolean;
}

export interface Territory {
  readonly places: readonly TerritoryPlace[];
  /** In our words: a /dev/shm that is a folder of something else, and so not watched. */
  readonly unwatched: readonly string[];
  readonly ownIpc: string;
  readonly otherIpc: ReadonlyMap<string, IpcDoor>;
  readonly pids: readonly number[];
  readonly close: () => void;
}

const TOP = O_PATH | constants.O_DIRECTORY | O_CLOEXEC;

export class Surveyor {
  readonly #io: Io;
  readonly #libc: Libc;
  readonly #procRoot: string;
  readonly #shmRoot: string;
  readonly #ledger: ProcessLedger;
  readonly #resolver: Resolver;

  constructor(io: Io, libc: Libc, procRoot: string, shmRoot: string) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#shmRoot = shmRoot;
    this.#ledger = new ProcessLedger(io, procRoot, libc);
    this.#resolver = new Resolver(libc);
  }

  /** Costs some microseconds for each process. What could not be looked at is in `gaps`. */
  look(gaps: GapList): Territory {
    const list = this.#ledger.open(process.uptime());
    const pids = typeof list === 'number' ? [] : list.pids;
    const namespaces = readNamespaces(this.#io, this.#procRoot, pids, this.#ledger.notes);
    const ownMounts = readOwnMounts(this.#procRoot);
    const others = severalOfOthers(namespaces.ownMount, namespaces.mountOf, PROCESSES_TRIED);
    const finder = new PlaceFinder({
      io: this.#io,
      libc: this.#libc,
      procRoot: this.#procRoot,
      shmRoot: this.#shmRoot,
      ownMounts,
      others,
      gaps,
    });
    const own = finder.own();
    const found = [...(own ? [own] : []), ...finder.others(monotonicMs() + FOREIGN_MS)];
    const otherIpc = mountedIpcNamespaces(ownMounts.mounts);
    for (const [namespace, [pid, ...more]] of severalOfOthers(namespaces.ownIpc, namespaces.ipcOf, PROCESSES_TRIED))
      if (pid !== undefined) otherIpc.set(namespace, ipcDoorOf(this.#procRoot, pid, more));
    const ownIpc = namespaces.ownIpc ?? '0';
    otherIpc.delete(ownIpc);
    const isWatched = ({ place }: FoundPlace) => place.kind === 'whole';
    return {
      places: found.filter(isWatched).map((one) => this.#place(one, one === own, others)),
      unwatched: found
        .filter((one) => !isWatched(one))
        .map(({ label }) => `${label} is a folder of another file system`),
      ownIpc,
      otherIpc,
      pids,
      close: () => finder.close(),
    };
  }

  #place(found: FoundPlace, isOwn: boolean, others: ReadonlyMap<string, readonly number[]>): TerritoryPlace {
    const { place, root, label } = found;
    const pids = place.mountNamespace === undefined ? [] : (others.get(place.mountNamespace) ?? []);
    return {
      isOwn,
      device: deviceText(place.device),
      rootInode: place.rootInode,
      path: root.reachedBy,
      label,
      reach: () => (isOwn ? openat(this.#libc, AT_FDCWD, this.#shmRoot, TOP) : this.#reach(place.device, pids)),
      list: (use) => {
        const limits = isOwn ? OWN_PLACE : FOREIGN_PLACE;
        const ground = found.groundOf();
        try {
          const limitsNow = { ...limits, untilMs: monotonicMs() + limits.ms };
          const walked = walk({ ground, root, place, limits: limitsNow, apart: new Set() }, new GapList());
          for (const entry of walked.entries) use(entry);
          return !walked.isCut;
        } finally {
          ground.close();
        }
      },
    };
  }

  /** By whoever sees it, or by our own table for the tmpfs of a chroot. */
  #reach(device: number, pids: readonly number[]): number {
    for (const pid of pids) {
      const door = openShmOf(this.#resolver, this.#procRoot, pid, new GapList());
      if (typeof door !== 'object') continue;
      if (door.top.device === device) return door.fd;
      close(this.#libc, door.fd);
    }
    for (const mount of chrootShmMounts(readOwnMounts(this.#procRoot).mounts, this.#shmRoot)) {
      if (mount.device !== deviceText(device)) continue;
      const door = openMount(this.#resolver, mount);
      if (door) return door.fd;
    }
    return -ESTALE;
  }
}

const ESTALE = 116;
const FOREIGN_MS = 500;
