// Living objects by place and owner: whose must give way where there are too many. Places and owners can both be multiplied by one
// user (mount namespaces of his own; the users that his container has), so the larger of the two crowds decides, then the other.
import { type Draft, ownerOf } from './draft.ts';

interface Crowd {
  readonly place: string;
  readonly owner: number;
  readonly drafts: Set<Draft>;
  /** Of all of them, see `Draft.weight`. */
  weight: number;
}

/** When something was forgotten is kept for so many crowds; beyond it for all at once. */
const MOST_LOSSES = 10_000;
/** Who has most is asked anew after so many questions. */
const STEADY = 64;

export class Crowds {
  readonly #crowds = new Map<string, Crowd>();
  readonly #lostMs = new Map<string, number>();
  #lostOfAllMs = 0;
  #largest: Crowd | undefined;
  #asked = 0;

  /** Of all that are here. */
  weight = 0;

  add(draft: Draft, place: string): void {
    const key = keyOf(place, ownerOf(draft));
    const crowd = this.#crowds.get(key);
    if (crowd) crowd.drafts.add(draft);
    else this.#crowds.set(key, { place, owner: ownerOf(draft), drafts: new Set([draft]), weight: 0 });
    draft.weighed = 0;
    this.weigh(draft, place);
  }

  /** It has changed. */
  weigh(draft: Draft, place: string, weight = draft.weight): void {
    const crowd = this.#crowds.get(keyOf(place, ownerOf(draft)));
    if (!crowd?.drafts.has(draft)) return;
    const more = weight - draft.weighed;
    draft.weighed = weight;
    crowd.weight += more;
    this.weight += more;
  }

  remove(draft: Draft, place: string): void {
    this.weigh(draft, place, 0);
    const key = keyOf(place, ownerOf(draft));
    const crowd = this.#crowds.get(key);
    crowd?.drafts.delete(draft);
    if (crowd?.drafts.size === 0) this.#crowds.delete(key);
  }

  /** Whose objects give way; undefined: there are none. */
  largest(): Crowd | undefined {
    if (!this.#largest || this.#largest.drafts.size === 0 || ++this.#asked >= STEADY) {
      this.#asked = 0;
      this.#largest = this.#find();
    }
    return this.#largest;
  }

  /** Something of this crowd was forgotten. */
  lose({ place, owner }: Pick<Crowd, 'place' | 'owner'>, atMs: number): void {
    const key = keyOf(place, owner);
    if (this.#lostMs.size >= MOST_LOSSES && !this.#lostMs.has(key)) {
      this.#lostOfAllMs = Math.max(this.#lostOfAllMs, ...this.#lostMs.values());
      this.#lostMs.clear();
    }
    this.#lostMs.set(key, atMs);
  }

  /** What is older than this may have been forgotten: 0 where nobody had to give way. */
  lostMs(place: string, owner: number): number {
    return Math.max(this.#lostOfAllMs, this.#lostMs.get(keyOf(place, owner)) ?? 0);
  }

  #find(): Crowd | undefined {
    const ofPlace = new Map<string, number>();
    const ofOwner = new Map<number, number>();
    for (const { place, owner, weight } of this.#crowds.values()) {
      ofPlace.set(place, (ofPlace.get(place) ?? 0) + weight);
      ofOwner.set(owner, (ofOwner.get(owner) ?? 0) + weight);
    }
    const [place, inPlace] = most(ofPlace);
    const [owner, byOwner] = most(ofOwner);
    const isByPlace = inPlace > byOwner;
    let found: Crowd | undefined;
    for (const crowd of this.#crowds.values())
      if ((isByPlace ? crowd.place === place : crowd.owner === owner) && crowd.weight > (found?.weight ?? 0))
        found = crowd;
    return found;
  }
}

function most<Key>(counts: ReadonlyMap<Key, number>): readonly [Key | undefined, number] {
  let found: Key | undefined;
  let size = 0;
  for (const [key, count] of counts)
    if (count > size) {
      found = key;
      size = count;
    }
  return [found, size];
}

const keyOf = (place: string, owner: number) => `${place} ${owner}`;
