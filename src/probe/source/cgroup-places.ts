// In which container, unit and job a process is: its control group, read when somebody asks and not again while it stands still.
import type { ByteString } from '../model/bytes.ts';
import { type Place, parsePlace } from '../parse/cgroup.ts';
import { MOST_CGROUP_BYTES } from '../territory/patience/caps.ts';
import { CgroupNames } from './cgroup-names.ts';
import { type Io, readText } from './io.ts';
import type { ProcKind } from './proc-kind.ts';
import type { ProcessNotes } from './process-notes.ts';

/** Others may move a process that does not run: who was moved is found late, and so is a folder that was given away. */
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
  #texts = new Map<ByteString, { readonly place: Place; readonly readMs: number }>();

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

  placeOf(pid: number, notes: ProcessNotes): Place {
    const readMs = this.#nowMs();
    if (!notes.place || readMs - notes.place.readMs >= AGAIN_MS)
      notes.place = { readMs, place: this.#read(pid, readMs) };
    return notes.place.place;
  }

  #read(pid: number, readMs: number): Place {
    const text = readText(this.#io, `${this.#procRoot}/${pid}/cgroup`, MOST_CGROUP_BYTES);
    if (typeof text === 'number') return NOWHERE;
    const known = this.#texts.get(text);
    if (known && readMs - known.readMs < AGAIN_MS) return known.place;
    const place = parsePlace(text, this.#isOwn ? this.#names.namedBy : () => 0);
    if (this.#texts.size >= MOST_TEXTS) this.#texts.clear();
    this.#texts.set(text, { place, readMs });
    return place;
  }
}
