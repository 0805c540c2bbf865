// Which file has which name on which tmpfs, for what is renamed over another. Bounded: files may have any number of names, of any length.
import type { ByteString } from '../../probe/model/bytes.ts';
import { type Draft, MOST_NAME_BYTES } from './draft.ts';
import { placeOf } from './shelf.ts';

const MOST_NAMES = 40_000;

export class Names {
  readonly #drafts = new Map<string, Draft>();

  of(device: string, rawName: ByteString): Draft | undefined {
    return this.#drafts.get(keyOf(device, rawName));
  }

  /** It has this name too. What is too long to be kept, or beyond all that files may have, has none here. */
  add(device: string, rawName: ByteString, draft: Draft): void {
    if (rawName.length > MOST_NAME_BYTES || this.#drafts.size >= MOST_NAMES) return;
    this.#drafts.set(keyOf(device, rawName), draft);
  }

  remove(draft: Draft, rawName = draft.rawName): void {
    if (draft.kind !== 'posix') return;
    const key = keyOf(placeOf(draft), rawName);
    if (this.#drafts.get(key) === draft) this.#drafts.delete(key);
  }
}

const keyOf = (device: string, rawName: ByteString) => `${device} ${rawName}`;
