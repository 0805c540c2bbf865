// Who maps what: PROCMAP_QUERY, where the kernel skips what we do not want, else a byte scan of the maps text.
import { constants } from 'node:fs';
import { EACCES, EFBIG, ENAMETOOLONG, ENOENT, EPERM, ESRCH } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { O_CLOEXEC, PROCMAP, PROCMAP_QUERY_LAYOUT as Q } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { type NativeMemory, readU64, writeU64 } from '../../native/memory.ts';
import type { GapList } from '../model/gap.ts';
import { type DeviceNumber, deviceNumber, type MappingRecord } from '../model/join/mapping-record.ts';
import { parseMaps } from '../parse/maps.ts';
import { LookBudget } from '../territory/patience/budget.ts';
import { MOST_MAPS_BYTES } from '../territory/patience/caps.ts';
import { MemoryDevices } from '../territory/places/memory-devices.ts';
import type { Io } from './io.ts';

const NAME_BYTES = 4096;

/** What to look for: every shared mapping, and the private ones on these devices (empty: none, which is cheaper). */
export interface MappingRequest {
  readonly privateDevices: ReadonlySet<DeviceNumber>;
  /** Of those, which are kept, beside files on any memory; absent: all. */
  readonly isWanted?: (record: MappingRecord) => boolean;
  /** Those of /dev/shm and of the kernel's own memory: what lies there is told by them. */
  readonly knownDevices?: ReadonlySet<DeviceNumber>;
}

/**
 * How the mappings of one process read: read (perhaps none), read but for lines that are not understood, no memory of its own
 * (kernel thread, zombie, gone), refused, or more than may be looked at, so that only some were read.
 */
export type MapsOutcome = 'read' | 'malformed' | 'no-memory' | 'permission' | 'io' | 'limit';

/** Reads the mappings of one process (or thread) below a proc root, appending to `out`. */
export interface MappingReader {
  readonly name: 'PROCMAP_QUERY' | 'maps text';
  readonly read: (
    path: string,
    pid: number,
    request: MappingRequest,
    out: MappingRecord[],
    gaps: GapList,
  ) => MapsOutcome;
}

/**
 * The best reader that this kernel has. Without libc, or before Linux 6.11, that is the text. `budget`: what all processes of one
 * look may cost together; whoever begins a look or a process says so. `memory`: what is memory elsewhere than in /dev/shm.
 */
export function openMappingReader(
  io: Io,
  libc: Libc | undefined,
  procRoot: string,
  budget: LookBudget = new LookBudget(),
  memory: MemoryDevices = new MemoryDevices(libc, procRoot),
): MappingReader {
  const sieve = new Sieve(procRoot, budget, memory);
  if (libc) {
    const query = new ProcmapQuery(libc, procRoot, budget, sieve);
    if (query.isSupported) return query;
  }
  return textReader(io, procRoot, budget, sieve);
}

// Words of the record that the hot loop touches.
const QUERY_FLAGS = Q.queryFlags / 4;
const QUERY_ADDR = Q.queryAddr / 4;
const VMA_START = Q.vmaStart / 4;
const VMA_END = Q.vmaEnd / 4;
const VMA_FLAGS = Q.vmaFlags / 4;
const DEV_MAJOR = Q.devMajor / 4;
const DEV_MINOR = Q.devMinor / 4;
const VMA_NAME_SIZE = Q.vmaNameSize / 4;
const VMA_NAME_ADDR = Q.vmaNameAddr / 4;

class ProcmapQuery implements MappingReader {
  readonly name = 'PROCMAP_QUERY';
  readonly isSupported: boolean;
  readonly #libc: Libc;
  readonly #procRoot: string;
  readonly #record: NativeMemory;
  readonly #name: NativeMemory;
  readonly #nameText: Buffer;
  /** As two words. */
  readonly #nameAddress = new Uint32Array(2);
  readonly #budget: LookBudget;
  readonly #sieve: Sieve;
  #lastError = 0;

  constructor(libc: Libc, procRoot: string, budget: LookBudget, sieve: Sieve) {
    this.#libc = libc;
    this.#sieve = sieve;
    this.#budget = budget;
    this.#procRoot = procRoot;
    this.#record = libc.allocate(Q.size);
    this.#name = libc.allocate(NAME_BYTES);
    this.#nameText = Buffer.from(this.#name.bytes.buffer);
    this.#record.u32[0] = Q.size;
    writeU64(this.#nameAddress, 0, this.#name.address);
    this.isSupported = this.#probe();
  }

  read(path: string, pid: number, request: MappingRequest, out: MappingRecord[]): MapsOutcome {
    const fd = this.#open(`${this.#procRoot}/${path}/maps`);
    if (fd < 0) return outcomeOf(fd);
    const outcome = this.#walk(fd, path, pid, request, out);
    file.close(this.#libc, fd);
    return outcome;
  }

  #probe(): boolean {
    const fd = this.#open(`${this.#procRoot}/self/maps`);
    if (fd < 0) return false;
    this.#record.u32[QUERY_FLAGS] = PROCMAP.COVERING_OR_NEXT;
    this.#askForName(false);
    const result = file.ioctl(this.#libc, fd, PROCMAP.REQUEST, this.#record.address);
    file.close(this.#libc, fd);
    return result >= 0;
  }

  #open(path: string): number {
    return file.open(this.#libc, path, constants.O_RDONLY | O_CLOEXEC);
  }

  #walk(fd: number, path: string, pid: number, request: MappingRequest, out: MappingRecord[]): MapsOutcome {
    const { privateDevices } = request;
    const budget = this.#budget;
    const wantsPrivate = privateDevices.size > 0;
    const { u32, address } = this.#record;
    const { ioctl } = this.#libc.raw;
    // With the SHARED filter the kernel skips the rest (about 120 ns each); private ones must be looked at one by one.
    u32[QUERY_FLAGS] = PROCMAP.COVERING_OR_NEXT | PROCMAP.FILE_BACKED | (wantsPrivate ? 0 : PROCMAP.SHARED);
    u32[QUERY_ADDR] = 0;
    u32[QUERY_ADDR + 1] = 0;
    while (budget.mayGoOn()) {
      // A name costs the kernel several times the rest, so where most mappings are not wanted it is asked for afterwards.
      this.#askForName(!wantsPrivate);
      if (ioctl(fd, PROCMAP.REQUEST, address) < 0 && !this.#asksWithoutName(fd)) return this.#endOfWalk();
      if (wantsPrivate) {
        const isShared = (u32[VMA_FLAGS] & PROCMAP.SHARED) !== 0;
        const isWanted = isShared || privateDevices.has(deviceNumber(u32[DEV_MAJOR], u32[DEV_MINOR]));
        if (isWanted) {
          u32[QUERY_ADDR] = u32[VMA_START];
          u32[QUERY_ADDR + 1] = u32[VMA_START + 1];
          this.#askForName(true);
          if (ioctl(fd, PROCMAP.REQUEST, address) < 0 && !this.#asksWithoutName(fd)) return this.#endOfWalk();
          if (!this.#sieve.keep(this.#recordOf(pid), path, request, out)) return 'limit';
        }
      } else if (!this.#sieve.keep(this.#recordOf(pid), path, request, out)) {
        return 'limit';
      }
      u32[QUERY_ADDR] = u32[VMA_END];
      u32[QUERY_ADDR + 1] = u32[VMA_END + 1];
    }
    return 'limit';
  }

  /** The kernel overwrites the size with the name's length, so it is set for each question. */
  #askForName(isWanted: boolean): void {
    const { u32 } = this.#record;
    u32[VMA_NAME_SIZE] = isWanted ? NAME_BYTES : 0;
    u32[VMA_NAME_ADDR] = isWanted ? this.#nameAddress[0] : 0;
    u32[VMA_NAME_ADDR + 1] = isWanted ? this.#nameAddress[1] : 0;
  }

  /** A path longer than PATH_MAX has no name here; the mapping itself must not be lost. False: that was not the trouble. */
  #asksWithoutName(fd: number): boolean {
    this.#lastError = this.#libc.result(-1);
    if (this.#lastError !== -ENAMETOOLONG) return false;
    this.#askForName(false);
    this.#lastError = file.ioctl(this.#libc, fd, PROCMAP.REQUEST, this.#record.address);
    return this.#lastError >= 0;
  }

  /** ENOENT: no more mappings. */
  #endOfWalk(): MapsOutcome {
    const result = this.#lastError;
    return result === -ENOENT ? 'read' : outcomeOf(result);
  }

  #recordOf(pid: number): MappingRecord {
    const { u32 } = this.#record;
    const flags = u32[VMA_FLAGS];
    const nameLength = u32[VMA_NAME_SIZE];
    return {
      pid,
      start: readU64(u32, Q.vmaStart / 4),
      end: readU64(u32, Q.vmaEnd / 4),
      perms: PERMS[flags & 0xf],
      offset: readU64(u32, Q.vmaOffset / 4),
      device: deviceNumber(u32[DEV_MAJOR], u32[DEV_MINOR]),
      inode: readU64(u32, Q.inode / 4),
      name: nameLength > 1 ? this.#nameText.toString('latin1', 0, nameLength - 1) : '',
      pageSizeBytes: readU64(u32, Q.vmaPageSize / 4),
    };
  }
}

/** By flag bits 1 readable, 2 writable, 4 executable, 8 shared. */
const PERMS = Array.from(
  { length: 16 },
  (_, flags) => `${flags & 1 ? 'r' : '-'}${flags & 2 ? 'w' : '-'}${flags & 4 ? 'x' : '-'}${flags & 8 ? 's' : 'p'}`,
);

/** Which mappings are kept: what is wanted, and files that lie on memory. */
class Sieve {
  readonly #procRoot: string;
  readonly #budget: LookBudget;
  readonly #memory: MemoryDevices;

  constructor(procRoot: string, budget: LookBudget, memory: MemoryDevices) {
    this.#procRoot = procRoot;
    this.#budget = budget;
    this.#memory = memory;
  }

  /** `process`: below the proc root. False when there are too many already. */
  keep(
    record: MappingRecord,
    process: string,
    { isWanted, knownDevices }: MappingRequest,
    out: MappingRecord[],
  ): boolean {
    const { device, inode, pid, start, end, name, perms } = record;
    const link = () => `${this.#procRoot}/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`;
    const onMemory =
      // The kernel's own names, of memory without a mount, are not asked about: `/memfd:x`, `/SYSV…`, `anon_inode:…`.
      knownDevices?.has(device) || inode === 0 || name[0] !== '/' || !perms.endsWith('s')
        ? undefined
        : this.#memory.of({ device, inode, process, link, target: () => name });
    if (onMemory === undefined && isWanted !== undefined && !isWanted(record)) return true;
    if (!this.#budget.mayKeep()) return false;
    out.push(onMemory === undefined ? record : { ...record, onMemory });
    return true;
  }
}

function textReader(io: Io, procRoot: string, budget: LookBudget, sieve: Sieve): MappingReader {
  return {
    name: 'maps text',
    read: (path, pid, request, out, gaps) => {
      let malformed = 0;
      let isEmpty = true;
      let isWithin = true;
      const take = (piece: Uint8Array) => {
        isEmpty = false;
        const records: MappingRecord[] = [];
        malformed += parseMaps(piece, piece.length, pid, request.privateDevices, records);
        isWithin = records.every((record) => sieve.keep(record, path, request, out)) && budget.mayReadOn();
        return isWithin;
      };
      const failed = io.readLines(`${procRoot}/${path}/maps`, take, MOST_MAPS_BYTES);
      if (malformed > 0) gaps.add('maps', 'malformed', { pid, count: malformed });
      if (!isWithin || failed === -EFBIG) return 'limit';
      if (failed < 0) return outcomeOf(failed);
      if (isEmpty) return 'no-memory';
      return malformed === 0 ? 'read' : 'malformed';
    },
  };
}

function outcomeOf(result: number): MapsOutcome {
  if (result === -EACCES || result === -EPERM) return 'permission';
  return result === -ENOENT || result === -ESRCH ? 'no-memory' : 'io';
}
