// Lives by what they are of, those that are there and those that have gone: bounded, and fair where there are too many.
import type { Life } from '../../probe/model/life/life.ts';
import { Crowds } from './crowds.ts';
import { type Draft, ownerOf } from './draft.ts';
import type { Person } from './person.ts';

export interface Limits {
  /** Objects that are there; of further ones nothing is kept, and that is said. */
  readonly living: number;
  /** Objects that have gone: the oldest of the user of whom most is kept are forgotten first. */
  readonly gone: number;
  /** What is known of those that are there. */
  readonly bytes: number;
}

const LIMITS: Limits = { living: 20_000, gone: 3000, bytes: 14_000_000 };
/** Where there is no room, so large a part of it is made. */
const ROOM = 1 / 16;
/** What is kept of objects that have gone, beside what is kept of those that are there. */
const OF_THE_GONE = 1 / 4;

interface Graves {
  readonly drafts: Draft[];
  weight: number;
}

export interface Batch {
  readonly lives: readonly Life[];
  /** Identities. */
  readonly forgotten: readonly string[];
}

export class Shelf {
  readonly #limits: Limits;
  readonly #release: (person: Person, life: number) => void;
  readonly #forgot: (draft: Draft) => void;
  readonly #drafts = new Map<number, Draft>();
  /** Objects that are there, by `device inode` or `namespace shmid`. */
  readonly #there = new Map<string, Draft>();
  readonly #crowds = new Crowds();
  /** Gone, oldest first, by owner. */
  readonly #gone = new Map<number, Graves>();
  #goneWeight = 0;
  readonly #changed = new Set<Draft>();
  #forgotten: string[] = [];
  #goneCount = 0;
  /** Of the latest object that came. */
  #latestMs = 0;
  /** How many living objects had to give way, or never had room. */
  leftOut = 0;

  /** `release`: a process is named by a life no more. `forgot`: nothing of it is kept. */
  constructor(
    release: (person: Person, life: number) => void,
    forgot: (draft: Draft) => void,
    limits: Limits = LIMITS,
  ) {
    this.#release = release;
    this.#forgot = forgot;
    this.#limits = limits;
  }

  byNumber(life: number): Draft | undefined {
    return this.#drafts.get(life);
  }

  find(key: string): Draft | undefined {
    return this.#there.get(key);
  }

  there(): Iterable<Draft> {
    return this.#there.values();
  }

  /** What is older than this may have been forgotten there: 0 where none of this owner had to give way. */
  lostMs(place: string, uid: number | undefined): number {
    return this.#crowds.lostMs(place, ownerOf({ uid }));
  }

  touch(draft: Draft | undefined): void {
    if (!draft) return;
    this.#changed.add(draft);
    if (draft.goneMs === undefined) this.#crowds.weigh(draft, placeOf(draft));
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#forgotten.length > 0;
  }

  enter(draft: Draft): void {
    this.#drafts.set(draft.number, draft);
    this.#there.set(keyOf(draft), draft);
    this.#crowds.add(draft, placeOf(draft));
  }

  /** Where there is no room, the latest of whoever has most give way: who makes too many loses his own. */
  mayKeep(place: string, uid: number | undefined, atMs: number): boolean {
    this.#latestMs = Math.max(this.#latestMs, atMs);
    if (this.#there.size < this.#limits.living) return true;
    const crowd = this.#crowds.largest();
    if (!crowd) return true;
    this.#crowds.lose(crowd, atMs);
    if (crowd.place === place && crowd.owner === ownerOf({ uid })) {
      this.leftOut++;
      return false;
    }
    const most = Math.ceil(Math.min(this.#limits.living * ROOM, crowd.drafts.size / 2));
    for (const draft of [...crowd.drafts].slice(-most)) this.#giveWay(draft);
    return true;
  }

  #giveWay(draft: Draft): void {
    this.#depart(draft);
    this.#forget(draft);
    this.leftOut++;
  }

  /** Few objects may have had much done to them: what is known of all is bounded too. */
  #relieve(): void {
    const { bytes } = this.#limits;
    if (this.#crowds.weight <= bytes) return;
    while (this.#crowds.weight > bytes - bytes * ROOM) {
      const crowd = this.#crowds.largest();
      if (!crowd) return;
      this.#crowds.lose(crowd, this.#latestMs);
      let excess = Math.min(bytes * ROOM, crowd.weight / 2);
      for (const draft of [...crowd.drafts].reverse()) {
        if (excess <= 0) break;
        excess -= draft.weighed;
        this.#giveWay(draft);
      }
    }
  }

  leave(draft: Draft, atMs: number): void {
    this.#depart(draft);
    this.touch(draft);
    this.bury(draft, atMs);
  }

  /** It has gone; what is known of it stays for a while. */
  bury(draft: Draft, atMs: number): void {
    this.#drafts.set(draft.number, draft);
    if (draft.goneMs === undefined) this.touch(draft);
    draft.goneMs = Math.round(draft.goneMs ?? atMs);
    draft.weighed = draft.weight;
    const owner = ownerOf(draft);
    const graves = this.#gone.get(owner) ?? { drafts: [], weight: 0 };
    this.#gone.set(owner, graves);
    this.#count(graves, draft, 1);
    graves.drafts.push(draft);
    while (this.#goneCount > this.#limits.gone || this.#goneWeight > this.#limits.bytes * OF_THE_GONE) {
      let most = graves;
      for (const each of this.#gone.values()) if (each.weight > most.weight) most = each;
      const oldest = most.drafts.shift();
      if (!oldest) return;
      this.#count(most, oldest, -1);
      this.#forget(oldest);
    }
  }

  #count(graves: Graves, { weighed }: Draft, sign: 1 | -1): void {
    graves.weight += sign * weighed;
    this.#goneWeight += sign * weighed;
    this.#goneCount += sign;
  }

  /** What has changed since the last batch, or all that is kept. */
  batch(heirs: Parameters<Draft['life']>[0], isAll: boolean): Batch {
    this.#relieve();
    const drafts = isAll ? this.#drafts.values() : this.#changed;
    const lives = [...drafts].map((draft) => draft.life(heirs));
    const forgotten = this.#forgotten;
    this.#changed.clear();
    this.#forgotten = [];
    return { lives, forgotten };
  }

  again({ lives, forgotten }: Batch): void {
    const wanted = new Set(lives.map(({ identity }) => identity));
    for (const draft of this.#drafts.values()) if (wanted.has(draft.identity)) this.#changed.add(draft);
    this.#forgotten.push(...forgotten);
    const tooMany = this.#forgotten.length - this.#limits.gone;
    if (tooMany > 0) this.#forgotten.splice(0, tooMany);
  }

  #depart(draft: Draft): void {
    this.#there.delete(keyOf(draft));
    this.#crowds.remove(draft, placeOf(draft));
  }

  #forget(draft: Draft): void {
    this.#drafts.delete(draft.number);
    this.#changed.delete(draft);
    this.#forgotten.push(draft.identity);
    this.#forgot(draft);
    for (const person of draft.persons) this.#release(person, draft.number);
  }
}

/** `device inode` of `file DEVICE INODE …`, `namespace shmid` of `sysv NAMESPACE SHMID …`. */
export const keyOf = ({ identity }: Pick<Life, 'identity'>): string => identity.split(' ', 3).slice(1).join(' ');

/** Device or IPC namespace. */
export const placeOf = ({ identity }: Pick<Life, 'identity'>): string => identity.split(' ', 2)[1] ?? '';
