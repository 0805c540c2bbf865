// One pass over all processes: their mappings and descriptors of shared memory, and which could not be looked into.
import type { Libc } from '../../native/libc.ts';
import type { GapList } from '../model/gap.ts';
import type { DeviceNumber, FdRecord, MappingRecord } from '../model/mapping-record.ts';
import { openFdReader } from './descriptors.ts';
import type { Io } from './io.ts';
import { type MappingReader, type MapsOutcome, openMappingReader } from './mappings.ts';
import { isStat, readPidStat } from './processes.ts';

export interface HolderRequest {
  /** Devices whose private mappings count too; empty when no object there could be mapped privately. */
  readonly privateDevices: ReadonlySet<DeviceNumber>;
  /** Devices on which an open descriptor is one of shared memory. */
  readonly fdDevices: ReadonlySet<DeviceNumber>;
}

export interface HolderScan {
  readonly mappings: MappingRecord[];
  readonly fds: FdRecord[];
  /** Processes with memory of their own (no kernel threads) and how many of them were read. */
  readonly processes: number;
  readonly inspected: number;
}

export class HolderScanner {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #mappings: MappingReader;
  readonly #fds: ReturnType<typeof openFdReader>;

  constructor(io: Io, libc: Libc | undefined, procRoot: string) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#mappings = openMappingReader(io, libc, procRoot);
    this.#fds = openFdReader(io, libc, procRoot);
  }

  /** Which of the two ways the mappings are read. */
  get mappingReader(): string {
    return this.#mappings.name;
  }

  scan(pids: readonly number[], request: HolderRequest, gaps: GapList): HolderScan {
    const mappings: MappingRecord[] = [];
    const fds: FdRecord[] = [];
    let processes = 0;
    let inspected = 0;
    for (const pid of pids) {
      let thread = String(pid);
      const before = mappings.length;
      let outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
      if (outcome !== 'read') {
        const other = this.#withoutMemory(pid, outcome);
        // What was read of memory that is given back is nobody's.
        if (outcome === 'no-memory') mappings.length = before;
        if (other === undefined) continue;
        if (other === 'changed') {
          outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
          if (outcome === 'no-memory') continue; // about to end
        }
        if (other === 'refused' && outcome === 'no-memory') outcome = 'io';
        if (typeof other === 'number') {
          // The main thread has exited and others live on: /proc/PID/maps and fd are empty, the threads' own are not.
          thread = `${pid}/task/${other}`;
          outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
        }
      }
      processes++;
      const fdOutcome = this.#fds.read(thread, pid, request.fdDevices, fds);
      if (outcome === 'permission' || outcome === 'io') gaps.add('maps', outcome, { pid });
      else if (fdOutcome === 'permission' || fdOutcome === 'io') gaps.add('fd', fdOutcome, { pid });
      else inspected++;
    }
    return { mappings, fds, processes, inspected };
  }

  /**
   * Undefined: nothing that could hold memory (kernel thread, zombie, gone). `changed`: it has, by now another one (exec).
   * A number: a thread that lives on.
   */
  #withoutMemory(pid: number, outcome: MapsOutcome): number | 'refused' | 'changed' | undefined {
    const stat = readPidStat(this.#io, this.#procRoot, pid);
    if (stat === 'gone') return undefined;
    if (!isStat(stat)) return 'refused';
    if (stat.isKernelThread) return undefined;
    if (outcome !== 'no-memory') return 'refused';
    if (stat.threads <= 1) return stat.state === 'Z' || stat.state === 'X' ? undefined : 'changed';
    const threads = this.#io.readDir(`${this.#procRoot}/${pid}/task`);
    if (typeof threads === 'number') return undefined;
    const alive = threads.find((tid) => {
      const thread = readPidStat(this.#io, this.#procRoot, `${pid}/task/${tid}`);
      return isStat(thread) && thread.state !== 'Z' && thread.state !== 'X';
    });
    return alive === undefined ? undefined : Number(alive);
  }
}
