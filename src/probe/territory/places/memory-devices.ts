// Which devices are file systems of memory, whoever mounted them, and also where they are mounted nowhere any more.
import { constants } from 'node:fs';
import * as file from '../../../native/file.ts';
import { isOnTmpfs, TMPFS_HANDLE_BYTES } from '../../../native/file-handle.ts';
import { AT_FDCWD, O_CLOEXEC, O_PATH } from '../../../native/layout.ts';
import type { Libc } from '../../../native/libc.ts';
import type { NativeMemory } from '../../../native/memory.ts';
import type { ByteString } from '../../model/bytes.ts';
import { type DeviceNumber, deviceNumber } from '../../model/join/mapping-record.ts';
import { MEMORY_FILE_SYSTEMS, type MemoryFileSystem } from '../../model/object.ts';
import { readMountTable, TableBudget } from './mount-table.ts';

/** The smallest number of a device that is hardware: memory never is. */
const FIRST_HARDWARE_DEVICE: DeviceNumber = deviceNumber(1, 0);

/** Where a file was seen: below the directory of a process or thread. */
export interface SeenAt {
  readonly device: DeviceNumber;
  readonly inode: number;
  /** `123` or `123/task/124`. */
  readonly process: ByteString;
  /** Of the link that leads to it. */
  readonly link: () => ByteString;
  /** What that link says. */
  readonly target: () => ByteString;
}

/** Devices noted of one table beside the one that it was read for: nobody fills the book for others. */
const MOST_OF_A_TABLE = 256;

/**
 * The mount table of a process that holds something there tells, by the kernel's own word; a table is read when a device is met that
 * none has told of. What is in no table is asked by its handle, which no file system can keep waiting. Numbers of devices come
 * again: what was told is forgotten with the look.
 */
export class MemoryDevices {
  readonly #procRoot: string;
  readonly #libc: Libc | undefined;
  readonly #known = new Map<DeviceNumber, MemoryFileSystem | undefined>();
  /** Those that no table showed to whoever holds something there. */
  readonly #unmounted = new Set<DeviceNumber>();
  #budget = new TableBudget();
  #scratch: NativeMemory | undefined;

  constructor(libc: Libc | undefined, procRoot: string) {
    this.#libc = libc;
    this.#procRoot = procRoot;
  }

  startLook(): void {
    this.#known.clear();
    this.#unmounted.clear();
    this.#budget = new TableBudget();
  }

  /** Undefined: on something else, or that cannot be told. */
  of(seen: SeenAt): MemoryFileSystem | undefined {
    const { device } = seen;
    if (device >= FIRST_HARDWARE_DEVICE) return undefined;
    if (this.#known.has(device)) return this.#known.get(device);
    // Pipes, sockets and the like lie on no mount.
    if (!seen.target().startsWith('/')) this.#known.set(device, undefined);
    else this.#readTable(seen);
    if (this.#known.has(device)) return this.#known.get(device);
    const isIt = this.#isTmpfs(seen);
    this.#known.set(device, isIt ? 'tmpfs' : undefined);
    if (isIt) this.#unmounted.add(device);
    return this.#known.get(device);
  }

  /** The same, but undefined for what whoever holds it can see mounted: there a file with a name is an everyday one. */
  ofUnmounted(seen: SeenAt): MemoryFileSystem | undefined {
    const found = this.of(seen);
    return this.#unmounted.has(seen.device) ? found : undefined;
  }

  #readTable({ process, device: wanted }: SeenAt): void {
    let left = MOST_OF_A_TABLE;
    readMountTable(this.#procRoot, process, this.#budget, (mount) => {
      const [major = 0, minor = 0] = mount.device.split(':').map(Number);
      const device = deviceNumber(major, minor);
      if (this.#known.has(device) || (device !== wanted && left-- <= 0)) return undefined;
      this.#known.set(
        device,
        MEMORY_FILE_SYSTEMS.find((each) => each === mount.fileSystem),
      );
      return undefined;
    });
  }

  #isTmpfs({ inode, link }: SeenAt): boolean {
    const libc = this.#libc;
    if (!libc) return false;
    this.#scratch ??= libc.allocate(TMPFS_HANDLE_BYTES);
    const fd = file.openat(libc, AT_FDCWD, link(), O_PATH | constants.O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return false;
    const isIt = isOnTmpfs(libc, fd, inode, this.#scratch);
    file.close(libc, fd);
    return isIt;
  }
}
