// What objects that lie below a path /dev/shm, but on no known tmpfs, do lie on: told by the mount table of a holder.
import type { LooseDraft } from '../../model/join/join.ts';
import { type DeviceNumber, deviceText } from '../../model/join/mapping-record.ts';
import { readMountTable, TableBudget } from './mount-table.ts';

const MEMORY: ReadonlySet<string> = new Set(['tmpfs', 'devtmpfs', 'ramfs', 'hugetlbfs', 'rootfs', 'shm']);

/** One look's answers, each asked once. */
export class DiskBook {
  readonly #procRoot: string;
  readonly #memory: ReadonlySet<DeviceNumber>;
  readonly #budget = new TableBudget();
  readonly #known = new Map<DeviceNumber, string | undefined>();

  /** `memory`: devices known to be tmpfs. */
  constructor(procRoot: string, memory: ReadonlySet<DeviceNumber>) {
    this.#procRoot = procRoot;
    this.#memory = memory;
  }

  /** The name of the file system (raw: a FUSE server chooses what stands behind the point of `fuse.name`), where it is no memory; undefined: it is, or nobody tells. */
  of({ kind, device, holds }: LooseDraft): string | undefined {
    if ((kind !== 'posix' && kind !== 'unlinked') || this.#memory.has(device)) return undefined;
    if (!this.#known.has(device)) this.#known.set(device, this.#ask(device, holds.keys()));
    return this.#known.get(device);
  }

  #ask(device: DeviceNumber, pids: Iterable<number>): string | undefined {
    const text = deviceText(device);
    let fileSystem: string | undefined;
    for (const pid of pids) {
      readMountTable(this.#procRoot, pid, this.#budget, (mount) => {
        if (mount.device !== text) return undefined;
        fileSystem = mount.fileSystem;
        return 'stop';
      });
      if (fileSystem !== undefined) break;
    }
    return fileSystem === undefined || MEMORY.has(fileSystem) ? undefined : fileSystem;
  }
}
