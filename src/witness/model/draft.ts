// A life while it is being written: bounded, whatever is done to the object.
import type { ByteString } from '../../probe/model/bytes.ts';
import { type Actor, type Deed, type DeedKind, LATEST_DEEDS, type Life } from '../../probe/model/life/life.ts';
import type { Person } from './person.ts';

/** Who is kept of those who used an object, and how many of their living descendants. */
const MOST_ACTORS = 64;
const MOST_HEIRS = 8;
const FIRST_DEEDS = 8;
/** A name as deep as directories go may be longer than anything that people give. */
export const MOST_NAME_BYTES = 1024;

const BYTES = { life: 300, actor: 200, deed: 50 } as const;

/** One whom an earlier witness saw and who is not there any more: as it was written. */
/** Of a file whose name was not told. */
export const NAMELESS: ByteString = '/';

interface Kept {
  readonly kept: Actor;
}
type Entry = Person | Kept;

interface DraftDeed {
  readonly atMs: number;
  readonly what: DeedKind;
  readonly by?: Entry;
  readonly sizeBytes?: number;
  readonly rawName?: ByteString;
}

export interface DraftStart {
  readonly number: number;
  readonly identity: string;
  readonly id: string;
  readonly kind: Life['kind'];
  readonly rawName: ByteString;
  readonly bornMs?: number;
  readonly uid?: number;
  readonly sizeBytes?: number;
}

export class Draft {
  readonly number: number;
  readonly identity: string;
  readonly id: string;
  readonly kind: Life['kind'];
  rawName: ByteString;
  #firstName: ByteString | undefined;
  sizeBytes: number | undefined;
  uid: number | undefined;
  bornMs: number | undefined;
  /** Its weight when it was last asked for. */
  weighed = 0;
  /** Of the last row of a segment. */
  atimeSec = 0;
  goneMs: number | undefined;
  unseenMs: number | undefined;
  #isMakerKnown = false;
  #actors: Entry[] = [];
  #actorsLeftOut = 0;
  #deeds: DraftDeed[] = [];
  #deedsLeftOut = 0;

  constructor({ number, identity, id, kind, rawName, bornMs, uid, sizeBytes }: DraftStart) {
    this.number = number;
    this.identity = identity;
    this.id = id;
    this.kind = kind;
    this.rawName = rawName.slice(0, MOST_NAME_BYTES);
    this.bornMs = bornMs;
    this.uid = uid;
    this.sizeBytes = sizeBytes;
  }

  /**
   * One that an earlier witness of this boot wrote: what it says stays, and what is told from now on comes behind it. `find` gives
   * the process that an actor still is.
   */
  static from(life: Life, number: number, find: (actor: Actor) => Person | undefined): Draft {
    const draft = new Draft({ ...life, number });
    draft.#firstName = life.firstName;
    draft.goneMs = life.goneMs;
    draft.unseenMs = life.unseenMs;
    draft.#isMakerKnown = life.isMakerKnown;
    draft.#actorsLeftOut = life.actorsLeftOut;
    draft.#deedsLeftOut = life.deedsLeftOut;
    for (const actor of life.actors.slice(0, MOST_ACTORS)) {
      const person = actor.ended ? undefined : find(actor);
      person?.addLife(number);
      draft.#actors.push(person ?? { kept: actor });
    }
    for (const { by, ...deed } of life.deeds)
      draft.#deeds.push(by === undefined ? deed : { ...deed, by: draft.#actors[by] });
    return draft;
  }

  /** The processes that it names and that are known to this witness. */
  get persons(): readonly Person[] {
    return this.#actors.filter((entry) => 'pid' in entry);
  }

  get hasDeeds(): boolean {
    return this.#deeds.length > 0;
  }

  /** About what it takes when it is written down, bytes. */
  get weight(): number {
    let names = 2 * this.rawName.length;
    for (const { rawName } of this.#deeds) names += rawName?.length ?? 0;
    return BYTES.life + BYTES.actor * this.#actors.length + BYTES.deed * this.#deeds.length + names;
  }

  hasUser(person: Person): boolean {
    return this.#actors.includes(person);
  }

  /** Is a process of this pid among those that used it? */
  names(pid: number): boolean {
    return this.#actors.some((entry) => ('pid' in entry ? entry.pid : entry.kept.pid) === pid);
  }

  /** `by` absent: somebody whom the kernel does not name. */
  add(what: DeedKind, atMs: number, by?: Person, detail: Pick<Deed, 'sizeBytes' | 'rawName'> = {}): void {
    if (by) this.#use(by);
    else if (what !== 'removed') this.unseen(atMs);
    if (what === 'made' && by) this.#isMakerKnown = true;
    if (detail.rawName !== undefined) this.#rename(detail.rawName.slice(0, MOST_NAME_BYTES));
    if (detail.sizeBytes !== undefined) this.sizeBytes = detail.sizeBytes;
    const deed = { atMs: Math.round(atMs), what, by, ...detail };
    const [before, last] = this.#deeds.slice(-2);
    // Of a run of the same by the same process, the first and the latest.
    if (before && last && isSame(before, deed) && isSame(last, deed)) this.#deeds.pop();
    this.#deeds.push(deed);
    if (this.#deeds.length > FIRST_DEEDS + LATEST_DEEDS) {
      this.#deedsLeftOut++;
      this.#deeds.splice(FIRST_DEEDS, 1);
    }
  }

  /** Who asks what became of an object knows it by its first name, and whoever removes it may have moved it aside before. */
  #rename(rawName: ByteString): void {
    if (rawName !== this.rawName && this.rawName !== NAMELESS) this.#firstName ??= this.rawName;
    this.rawName = rawName;
  }

  /** Users may have come that no source told of. */
  unseen(atMs: number): void {
    this.unseenMs = Math.max(this.unseenMs ?? 0, Math.round(atMs));
  }

  #use(person: Person): void {
    if (this.hasUser(person)) return;
    if (this.#actors.length < MOST_ACTORS) {
      this.#actors.push(person);
      person.addLife(this.number);
      return;
    }
    // Whose end was told, and whose descendants are gone, need not be kept to know that; the maker is.
    const done = this.#actors.findIndex((one, at) => at > 0 && isDone(one));
    if (done < 0) {
      this.#actorsLeftOut++;
      return;
    }
    const [left] = this.#actors.splice(done, 1, person);
    if (left && 'pid' in left) left.removeLife(this.number);
    this.#deeds = this.#deeds.filter((deed) => deed.by !== left);
    this.#deedsLeftOut++;
    person.addLife(this.number);
  }

  /** As it is written down; `heirs` adds living descendants of a process to a set and counts them. */
  life(heirs: (person: Person, most: number, into: Set<Person>) => number): Life {
    const entries = new Set<Entry>(this.#actors);
    let left = this.#actorsLeftOut;
    const living = new Set<Person>();
    for (const person of this.persons) {
      if (person.isAlive || person.children.size === 0) continue;
      const known = living.size;
      const count = heirs(person, MOST_HEIRS, living);
      left += Math.max(0, count - (living.size - known));
    }
    // They inherited what it had and what it knew: as one who used it.
    for (const heir of living) entries.add(heir);
    const places = new Map([...entries].map((entry, at) => [entry, at]));
    return {
      identity: this.identity,
      id: this.id,
      kind: this.kind,
      rawName: this.rawName,
      firstName: this.#firstName === this.rawName ? undefined : this.#firstName,
      sizeBytes: this.sizeBytes,
      uid: this.uid,
      bornMs: this.bornMs,
      actors: [...entries].map((entry) => ('pid' in entry ? entry.actor(this.goneMs === undefined) : entry.kept)),
      isMakerKnown: this.#isMakerKnown,
      actorsLeftOut: left,
      deeds: this.#deeds.map((deed) => written(deed, places)),
      deedsLeftOut: this.#deedsLeftOut,
      unseenMs: this.unseenMs,
      goneMs: this.goneMs,
    };
  }
}

/** -1: whose it is is not known. */
export const ownerOf = ({ uid }: Pick<Draft, 'uid'>): number => uid ?? -1;

/** A deed is told some time after it was done, an end at its time: nobody did anything after his end. */
function written({ by, ...deed }: DraftDeed, places: ReadonlyMap<Entry, number>): Deed {
  if (!by) return deed;
  const endedMs = 'pid' in by ? by.ended?.atMs : undefined;
  return { ...deed, atMs: Math.min(deed.atMs, endedMs ?? deed.atMs), by: places.get(by) };
}

const isSame = (a: DraftDeed, b: DraftDeed): boolean =>
  a.what === b.what && a.by === b.by && a.rawName === undefined && b.rawName === undefined;

const isDone = (entry: Entry): boolean =>
  'pid' in entry ? entry.ended !== undefined && entry.children.size === 0 : entry.kept.ended !== undefined;
