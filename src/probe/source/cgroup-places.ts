// In which container, unit and job a process is: its control group, of whoever may be in a container read at each look.
import type { ByteString } from '../model/bytes.ts';
import { type Place, parseMemoryGroup, parsePlace } from '../parse/cgroup.ts';
import { MOST_CGROUP_BYTES } from '../territory/patience/caps.ts';
import { CgroupNames } from './cgroup-names.ts';
import type { MemoryGroup } from './group-memory.ts';
import { type Io, readText } from './io.ts';
import type { ProcKind } from './proc-kind.ts';
import type { GroupNotes, ProcessNotes } from './process-notes.ts';

/** Others may move a process that does not run. Outside of containers that is found late, and so is a folder that was given away. */
const AGAIN_MS = 10_000;
/** Processes of one group share what it says. */
const MOST_TEXTS = 2000;
const NOWHERE: Place = {};

export class CgroupPlaces {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #names: CgroupNames;
  readonly #isOwn: boolean;
  readonly #nowMs: () => number;
  #texts = new Map<ByteString, GroupNotes>();

  constructor(
    io: Io,
    procRoot: string,
    kind: ProcKind,
    { names = new CgroupNames(io), nowMs = () => performance.now() } = {},
  ) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#names = names;
    // The groups of a captured tree, or of another machine, are nowhere to be looked at.
    this.#isOwn = kind === 'own';
    this.#nowMs = nowMs;
  }

  /** `isContained`: it has mounts of its own, as those in containers have. */
  placeOf(pid: number, notes: ProcessNotes, isContained: boolean): Place {
    return this.#notesOf(pid, notes, isContained).place;
  }

  groupOf(pid: number, notes: ProcessNotes): MemoryGroup | undefined {
    return this.#notesOf(pid, notes).group;
  }

  #notesOf(pid: number, notes: ProcessNotes, mustAsk = false): GroupNotes {
    const nowMs = this.#nowMs();
    let found = notes.group;
    if (mustAsk || !found || nowMs - found.readMs >= AGAIN_MS) {
      found = this.#read(pid, nowMs);
      notes.group = found;
    }
    return found;
  }

  #read(pid: number, readMs: number): GroupNotes {
    const text = readText(this.#io, `${this.#procRoot}/${pid}/cgroup`, MOST_CGROUP_BYTES);
    if (typeof text === 'number') return { place: NOWHERE, readMs };
    const known = this.#texts.get(text);
    if (known && readMs - known.readMs < AGAIN_MS) return known;
    const place = parsePlace(text, this.#isOwn ? this.#names.namedBy : () => 0);
    const found = { place, group: parseMemoryGroup(text), readMs };
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear();
    this.#texts.set(text, found);
    return found;
  }
}
