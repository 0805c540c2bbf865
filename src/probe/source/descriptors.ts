// Who has what open: /proc/PID/fd by device and inode; the name is read only for descriptors of shared memory.
import { constants } from 'node:fs';
import { EACCES, ENOENT, ENOMEM, EPERM, ESRCH } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { AT_FDCWD, O_CLOEXEC, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { readU64 } from '../../native/memory.ts';
import { type DeviceNumber, deviceNumber, type FdRecord } from '../model/join/mapping-record.ts';
import { LookBudget } from '../territory/patience/budget.ts';
import { MemoryDevices } from '../territory/places/memory-devices.ts';
import type { Io } from './io.ts';
import { forEachEntry } from './io-native.ts';

const LISTING_BYTES = 32_768;

/** `limit`: there are more than may be looked at; some were read. */
export type FdOutcome = 'read' | 'gone' | 'permission' | 'io' | 'limit';

export interface FdReader {
  /**
   * Appends to `out` the descriptors on `devices` of one process or thread (`path` below the proc root), and those of files without
   * a name on any other memory.
   */
  readonly read: (path: string, pid: number, devices: ReadonlySet<DeviceNumber>, out: FdRecord[]) => FdOutcome;
}

/** `budget`, `memory`: as for `openMappingReader`. */
export function openFdReader(
  io: Io,
  libc: Libc | undefined,
  procRoot: string,
  budget: LookBudget = new LookBudget(),
  memory: MemoryDevices = new MemoryDevices(libc, procRoot),
): FdReader {
  return libc ? nativeReader(libc, procRoot, budget, memory) : nodeReader(io, procRoot, budget, memory);
}

function nativeReader(libc: Libc, procRoot: string, budget: LookBudget, memory: MemoryDevices): FdReader {
  const listing = libc.allocate(LISTING_BYTES);
  const listingText = Buffer.from(listing.bytes.buffer);
  const record = libc.allocate(STATX_LAYOUT.size);
  const target = libc.allocate(4096);
  const targetText = Buffer.from(target.bytes.buffer);
  const { u32 } = record;
  const targetAt = (dirfd: number, nameAddress: number) => {
    const length = file.readlinkat(libc, dirfd, nameAddress, target.address, target.bytes.length);
    return length > 0 ? targetText.toString('latin1', 0, length) : '';
  };
  return {
    read: (path, pid, devices, out) => {
      const flags = constants.O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC;
      const dirfd = file.openat(libc, AT_FDCWD, `${procRoot}/${path}/fd`, flags);
      if (dirfd < 0) return outcomeOf(dirfd);
      let count = 0;
      let isWhole = true;
      let isWithin = true;
      do {
        count = file.getdents64(libc, dirfd, listing.address, LISTING_BYTES);
        forEachEntry(listing, count, (start, end) => {
          if (!isWithin) return;
          isWithin = budget.mayGoOn();
          const nameAddress = listing.address + start;
          const failed = file.statxPlace(libc, dirfd, nameAddress, record.address);
          // Closed meanwhile, or a file system that does not answer, and so none of ours; without memory nothing is known.
          if (failed < 0) isWhole &&= failed !== -ENOMEM;
          if (failed < 0) return;
          const device = deviceNumber(u32[STATX_LAYOUT.devMajor / 4], u32[STATX_LAYOUT.devMinor / 4]);
          let onMemory: FdRecord['onMemory'];
          if (!devices.has(device)) {
            const seen = {
              ...{ device, inode: readU64(u32, STATX_LAYOUT.ino / 4), process: path },
              link: () => `${procRoot}/${path}/fd/${listingText.toString('latin1', start, end)}`,
              target: () => targetAt(dirfd, nameAddress),
            };
            // A file with a name is counted with its mount, whoever has it open.
            onMemory = u32[STATX_LAYOUT.nlink / 4] === 0 ? memory.of(seen) : memory.ofUnmounted(seen);
            if (onMemory === undefined) return;
          }
          isWithin &&= budget.mayKeep();
          if (!isWithin) return;
          out.push({
            pid,
            fd: Number(listingText.toString('latin1', start, end)),
            device,
            inode: readU64(u32, STATX_LAYOUT.ino / 4),
            name: targetAt(dirfd, nameAddress),
            onMemory,
          });
        });
      } while (count > 0 && isWithin);
      file.close(libc, dirfd);
      if (!isWithin) return 'limit';
      if (count < 0) return outcomeOf(count);
      return isWhole ? 'read' : 'io';
    },
  };
}

function nodeReader(io: Io, procRoot: string, budget: LookBudget, memory: MemoryDevices): FdReader {
  return {
    read: (path, pid, devices, out) => {
      const directory = `${procRoot}/${path}/fd`;
      const names = io.readDir(directory);
      if (typeof names === 'number') return outcomeOf(names);
      for (const name of names) {
        if (!budget.mayGoOn()) return 'limit';
        const stat = io.stat(`${directory}/${name}`, 'follow');
        if (typeof stat === 'number') continue;
        const { device, inode, links } = stat;
        let onMemory: FdRecord['onMemory'];
        if (!devices.has(device)) {
          const link = () => `${directory}/${name}`;
          const seen = { device, inode, process: path, link, target: () => textOf(io.readLink(link())) };
          onMemory = links === 0 ? memory.of(seen) : memory.ofUnmounted(seen);
          if (onMemory === undefined) continue;
        }
        if (!budget.mayKeep()) return 'limit';
        out.push({ pid, fd: Number(name), device, inode, name: textOf(io.readLink(`${directory}/${name}`)), onMemory });
      }
      return 'read';
    },
  };
}

const textOf = (target: string | number) => (typeof target === 'number' ? '' : target);

function outcomeOf(result: number): FdOutcome {
  if (result === -EACCES || result === -EPERM) return 'permission';
  return result === -ENOENT || result === -ESRCH ? 'gone' : 'io';
}
