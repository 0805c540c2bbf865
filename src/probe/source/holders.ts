// One pass over all processes: their mappings and descriptors of shared memory, and which could not be looked into.
import type { Libc } from '../../native/libc.ts';
import type { GapList } from '../model/gap.ts';
import { interestIn } from '../model/join/interest.ts';
import type { FdRecord, MappingRecord } from '../model/join/mapping-record.ts';
import { haveSameNames, type ShmEntry } from '../model/join/shm-entry.ts';
import { LookBudget } from '../territory/patience/budget.ts';
import { ProcessReader } from '../territory/patience/process-reader.ts';
import type { HolderRequest } from './holdings.ts';
import type { Io } from './io.ts';
import { freshNotes, type Holdings, type NotesOf } from './process-notes.ts';

export interface HolderScan {
  readonly mappings: MappingRecord[];
  readonly fds: FdRecord[];
  /** Processes with memory of their own (no kernel threads) and how many of them were read. */
  readonly processes: number;
  readonly inspected: number;
}

export class HolderScanner {
  readonly #reader: ProcessReader;
  #entries: readonly ShmEntry[] = [];
  #namesEpoch = 0;
  #hasSeenFiles = false;

  constructor(
    io: Io,
    libc: Libc | undefined,
    procRoot: string,
    reader: ProcessReader = new ProcessReader(io, libc, procRoot, true),
  ) {
    this.#reader = reader;
  }

  /** What the notes tell is taken from them, as long as it was looked for with the same request. */
  scan(pids: readonly number[], wanted: HolderRequest, gaps: GapList, notesOf: NotesOf = freshNotes()): HolderScan {
    const mappings: MappingRecord[] = [];
    const fds: FdRecord[] = [];
    // Files come and go: what was read without private mappings would have to be read again at the next file.
    this.#hasSeenFiles ||= wanted.privateDevices.size > 0;
    const privateDevices = this.#hasSeenFiles ? wanted.namedDevices : wanted.privateDevices;
    const request = { ...wanted, privateDevices, isWanted: interestIn(wanted) };
    const requestKey = keyOf(request);
    const namesEpoch = this.#epochOf(request.entries);
    let processes = 0;
    let inspected = 0;
    const isKept = (holdings: Holdings | undefined): holdings is Holdings =>
      holdings?.requestKey === requestKey && (holdings.namesEpoch ?? namesEpoch) === namesEpoch;
    let keptExcess = 0;
    for (const pid of pids) {
      const { holdings } = notesOf(pid);
      if (isKept(holdings)) keptExcess += LookBudget.excess(holdings.mappings.length + holdings.fds.length);
    }
    for (const pid of this.#reader.startLook(pids, keptExcess)) {
      const notes = notesOf(pid);
      let { holdings } = notes;
      if (!isKept(holdings)) {
        const read = this.#reader.holdings(pid, request, gaps, { requestKey, namesEpoch });
        if (read === 'ended') notes.isEmpty = true;
        if (read === 'ended' || read === 'none') continue;
        holdings = read;
        notes.holdings = read;
      }
      const { refused } = holdings;
      if (refused === undefined) inspected++;
      else gaps.add(refused.source, refused.reason, { pid });
      processes++;
      for (const mapping of holdings.mappings) mappings.push(mapping);
      for (const fd of holdings.fds) fds.push(fd);
    }
    return { mappings, fds, processes, inspected };
  }

  /** Counts how often the names have changed. */
  #epochOf(entries: readonly ShmEntry[]): number {
    if (!haveSameNames(entries, this.#entries)) this.#namesEpoch++;
    this.#entries = entries;
    return this.#namesEpoch;
  }
}

const keyOf = ({ privateDevices, fdDevices, includeFiles }: HolderRequest) =>
  `${[...privateDevices]} ${[...fdDevices]} ${includeFiles}`;
