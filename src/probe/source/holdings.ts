// What one process holds of shared memory: its mappings and descriptors, and whether that is known for as long as it does not run.
import type { Libc } from '../../native/libc.ts';
import { GapList } from '../model/gap.ts';
import type { DeviceNumber, FdRecord, MappingRecord } from '../model/join/mapping-record.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import { LookBudget } from '../territory/patience/budget.ts';
import { MOST_THREADS } from '../territory/patience/caps.ts';
import { MemoryDevices } from '../territory/places/memory-devices.ts';
import { type FdOutcome, openFdReader } from './descriptors.ts';
import type { Io } from './io.ts';
import { type MapsOutcome, openMappingReader } from './mappings.ts';
import { isStat, readPidStat } from './pid-stat.ts';
import type { Holdings } from './process-notes.ts';
import { ThreadTables } from './thread-tables.ts';

export interface HolderRequest {
  /** Devices whose private mappings count too; empty when no object there could be mapped privately. */
  readonly privateDevices: ReadonlySet<DeviceNumber>;
  /** Devices on which an open descriptor is one of shared memory. */
  readonly fdDevices: ReadonlySet<DeviceNumber>;
  /** The names in /dev/shm, and their devices: others can rename and unlink what a process holds. */
  readonly entries: readonly ShmEntry[];
  readonly namedDevices: ReadonlySet<DeviceNumber>;
  /** False where there are more names on these devices than those: our /dev/shm is a folder of a larger mount. */
  readonly hasAllNames: boolean;
  /** True where mappings of ordinary files are shown, by their names. */
  readonly includeFiles: boolean;
  /** Which mappings are kept: a data base may have 100,000 of its own files; absent: all. */
  readonly isWanted?: (record: MappingRecord) => boolean;
}

/** `ended`: a zombie, which holds nothing any more and never will. `none`: a kernel thread, or gone. */
export type NoMemory = 'ended' | 'none';

/** What is read now stays true as long as these do. */
export type Stamp = Pick<Holdings, 'requestKey' | 'namesEpoch'>;

export class HoldingsReader {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #mappings: ReturnType<typeof openMappingReader>;
  readonly #fds: ReturnType<typeof openFdReader>;

  readonly #budget = new LookBudget();
  readonly #memory: MemoryDevices;
  readonly #tables: ThreadTables | undefined;

  /** `isOwnProc`: the numbers below `procRoot` are those of our own pid namespace. */
  constructor(io: Io, libc: Libc | undefined, procRoot: string, isOwnProc: boolean) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#memory = new MemoryDevices(libc, procRoot);
    this.#mappings = openMappingReader(io, libc, procRoot, this.#budget, this.#memory);
    this.#fds = openFdReader(io, libc, procRoot, this.#budget, this.#memory);
    this.#tables = libc && isOwnProc ? new ThreadTables(io, libc, procRoot, this.#budget) : undefined;
  }

  /** What all processes may cost together begins anew (see `LookBudget`). */
  startLook(keptExcess: number): void {
    this.#budget.startLook(keptExcess);
    this.#memory.startLook();
  }

  /** Lines that are not understood are a gap. */
  read(pid: number, wanted: HolderRequest, gaps: GapList, { requestKey, namesEpoch }: Stamp): Holdings | NoMemory {
    this.#budget.startProcess();
    const request = { ...wanted, knownDevices: wanted.fdDevices };
    const mappings: MappingRecord[] = [];
    const fds: FdRecord[] = [];
    let thread = String(pid);
    let outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
    if (outcome === 'no-memory' || outcome === 'permission' || outcome === 'io') {
      const other = this.#withoutMemory(pid, outcome);
      if (other === 'none' || other === 'ended') return other;
      // What was read of memory that is given back is nobody's.
      if (outcome === 'no-memory') mappings.length = 0;
      if (other === 'changed') {
        outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
        if (outcome === 'no-memory') return 'none'; // about to end
      }
      if (other === 'refused' && outcome === 'no-memory') outcome = 'io';
      if (typeof other === 'number') {
        // The main thread has exited and others live on: /proc/PID/maps and fd are empty, the threads' own are not.
        thread = `${pid}/task/${other}`;
        outcome = this.#mappings.read(thread, pid, request, mappings, gaps);
      }
    }
    const fdOutcome = this.#readFds(thread, pid, request, fds);
    const isWhole = isSettled(outcome) && isSettled(fdOutcome) && !hasFleetingName(mappings, request);
    return {
      mappings,
      fds,
      refused: refusalOf(outcome, fdOutcome),
      requestKey: isWhole ? requestKey : undefined,
      namesEpoch: hasName(mappings, request) || hasName(fds, request) ? namesEpoch : undefined,
    };
  }

  /** Mappings alone: empty when it is gone, undefined where they cannot be read, or not all of them. */
  mappings(pid: number, privateDevices: ReadonlySet<DeviceNumber>): MappingRecord[] | undefined {
    this.#budget.startLook();
    const records: MappingRecord[] = [];
    const outcome = this.#mappings.read(String(pid), pid, { privateDevices }, records, new GapList());
    return isRefused(outcome) ? undefined : records;
  }

  /** Of its threads too, where they have descriptors of their own. */
  #readFds(thread: string, pid: number, { fdDevices }: HolderRequest, fds: FdRecord[]): FdOutcome {
    const outcome = this.#fds.read(thread, pid, fdDevices, fds);
    if (outcome !== 'read' || !this.#tables) return outcome;
    const others = this.#tables.others(pid, Number(thread.slice(thread.lastIndexOf('/') + 1)));
    for (const tid of others.tids) {
      // One that has ended meanwhile held nothing any more.
      const other = this.#fds.read(`${pid}/task/${tid}`, pid, fdDevices, fds);
      if (isRefused(other)) return other;
    }
    return others.isWhole ? 'read' : 'limit';
  }

  /** `changed`: it has memory, by now another one (exec). A number: a thread that lives on. */
  #withoutMemory(pid: number, outcome: MapsOutcome): number | 'refused' | 'changed' | NoMemory {
    const stat = readPidStat(this.#io, this.#procRoot, pid);
    if (stat === 'gone') return 'none';
    if (!isStat(stat)) return 'refused';
    if (stat.isKernelThread) return 'none';
    if (outcome !== 'no-memory') return 'refused';
    if (stat.threads <= 1) return hasEnded(stat) ? 'ended' : 'changed';
    const threads = this.#io.readDir(`${this.#procRoot}/${pid}/task`);
    if (typeof threads === 'number') return 'none';
    // Those that have ended are not listed, but for the main one: the first other one is alive, unless it ends just now.
    const alive = threads.slice(0, MOST_THREADS).find((tid) => {
      const thread = readPidStat(this.#io, this.#procRoot, `${pid}/task/${tid}`);
      return isStat(thread) && !hasEnded(thread);
    });
    return alive === undefined ? 'none' : Number(alive);
  }
}

const hasEnded = ({ state }: PidStat) => state === 'Z' || state === 'X';

type Refusal = 'permission' | 'io' | 'limit';

function isRefused(outcome: MapsOutcome | FdOutcome): outcome is Refusal {
  return outcome === 'permission' || outcome === 'io' || outcome === 'limit';
}

function refusalOf(outcome: MapsOutcome, fdOutcome: FdOutcome): Holdings['refused'] {
  if (isRefused(outcome)) return { source: 'maps', reason: outcome };
  return isRefused(fdOutcome) ? { source: 'fd', reason: fdOutcome } : undefined;
}

/** Read whole, or forbidden: asked again, the kernel would answer the same. */
const isSettled = (outcome: MapsOutcome | FdOutcome) => outcome === 'read' || outcome === 'permission';

const hasName = (records: readonly { readonly device: DeviceNumber }[], { namedDevices }: HolderRequest) =>
  records.some(({ device }) => namedDevices.has(device));

/** Of a mount that we could not find or see only a part of, or of an ordinary file where that is shown: it can change unseen. */
function hasFleetingName(mappings: readonly MappingRecord[], request: HolderRequest): boolean {
  const { fdDevices, namedDevices, hasAllNames, includeFiles } = request;
  return mappings.some(({ device, name }) =>
    fdDevices.has(device) ? !hasAllNames && namedDevices.has(device) : includeFiles || name.startsWith('/dev/shm/'),
  );
}
