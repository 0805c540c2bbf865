// Lives by what they are of, those that are there and those that have gone: bounded, and fair where there are too many.
import type { Life } from '../../probe/model/life/life.ts';
import type { Draft } from './draft.ts';
import type { Person } from './process-tree.ts';

export interface Limits {
  /** Objects that are there; of further ones nothing is kept, and that is said. */
  readonly living: number;
  /** Objects that have gone: the oldest of the user who has most of them are forgotten first. */
  readonly gone: number;
}

const LIMITS: Limits = { living: 20_000, gone: 3000 };
/** Where there is no room, so large a part of it is made. */
const ROOM = 1 / 16;

export interface Batch {
  readonly lives: readonly Life[];
  /** Identities. */
  readonly forgotten: readonly string[];
}

export class Shelf {
  readonly #limits: Limits;
  readonly #release: (person: Person, life: number) => void;
  readonly #drafts = new Map<number, Draft>();
  /** Objects that are there, by `device inode` or `namespace shmid`. */
  readonly #there = new Map<string, Draft>();
  /** The same by tmpfs and IPC namespace. */
  readonly #places = new Map<string, Set<Draft>>();
  /** When somebody had to give way there. */
  readonly #lostMs = new Map<string, number>();
  /** Gone, oldest first, by owner. */
  readonly #gone = new Map<number, Draft[]>();
  readonly #changed = new Set<Draft>();
  #forgotten: string[] = [];
  #goneCount = 0;
  /** How many living objects had to give way, or never had room. */
  leftOut = 0;

  /** `release`: a process is named by a life no more. */
  constructor(release: (person: Person, life: number) => void, limits: Limits = LIMITS) {
    this.#release = release;
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

  /** What is older than this may have been forgotten there: 0 where nobody had to give way. */
  lostMs(place: string): number {
    return this.#lostMs.get(place) ?? 0;
  }

  touch(draft: Draft | undefined): void {
    if (draft) this.#changed.add(draft);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#forgotten.length > 0;
  }

  enter(draft: Draft): void {
    this.#drafts.set(draft.number, draft);
    this.#there.set(keyOf(draft), draft);
    const place = placeOf(draft);
    const drafts = this.#places.get(place);
    if (drafts) drafts.add(draft);
    else this.#places.set(place, new Set([draft]));
  }

  /** Where there is no room, the latest of the place that has most give way: who makes too many loses his own. */
  mayKeep(place: string, atMs: number): boolean {
    if (this.#there.size < this.#limits.living) return true;
    let most = '';
    let crowd = new Set<Draft>();
    for (const [each, drafts] of this.#places) {
      if (drafts.size <= crowd.size) continue;
      most = each;
      crowd = drafts;
    }
    this.#lostMs.set(most, atMs);
    if (most === place) {
      this.leftOut++;
      return false;
    }
    for (const draft of [...crowd].slice(-Math.ceil(this.#limits.living * ROOM))) {
      this.#depart(draft);
      this.#forget(draft);
      this.leftOut++;
    }
    return true;
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
    const owner = draft.uid ?? -1;
    const graves = this.#gone.get(owner) ?? [];
    graves.push(draft);
    this.#gone.set(owner, graves);
    if (++this.#goneCount <= this.#limits.gone) return;
    let most = graves;
    for (const each of this.#gone.values()) if (each.length > most.length) most = each;
    const oldest = most.shift();
    this.#goneCount--;
    if (oldest) this.#forget(oldest);
  }

  /** What has changed since the last batch, or all that is kept. */
  batch(heirs: Parameters<Draft['life']>[0], isAll: boolean): Batch {
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
    const place = placeOf(draft);
    const drafts = this.#places.get(place);
    drafts?.delete(draft);
    if (drafts?.size === 0) this.#places.delete(place);
  }

  #forget(draft: Draft): void {
    this.#drafts.delete(draft.number);
    this.#changed.delete(draft);
    this.#forgotten.push(draft.identity);
    for (const person of draft.persons) this.#release(person, draft.number);
  }
}

/** `device inode` of `file DEVICE INODE …`, `namespace shmid` of `sysv NAMESPACE SHMID …`. */
export const keyOf = ({ identity }: Pick<Life, 'identity'>): string => identity.split(' ', 3).slice(1).join(' ');

/** Device or IPC namespace. */
export const placeOf = ({ identity }: Pick<Life, 'identity'>): string => identity.split(' ', 2)[1] ?? '';
