// Lives of files: what was told of names on a tmpfs, which names there are, and who used what has none.
import type { ByteString } from '../../probe/model/bytes.ts';
import type { Life } from '../../probe/model/life/life.ts';
import { Draft, NAMELESS } from './draft.ts';
import type { Ground } from './ground.ts';
import { Names } from './names.ts';
import type { Person } from './person.ts';
import type { FileFacts, FileTold } from './seen.ts';
import { placeOf } from './shelf.ts';

/** What was born so long before it was told is a link, of one that had to give way and may have had another owner then. */
const MOST_LATE_MS = 10_000;
const MOST_NAMELESS = 10_000;

export class FileLives {
  readonly #ground: Ground;
  /** By device and name. */
  readonly #names = new Names();
  /** Files that were used before anybody told of a name. */
  readonly #nameless = new Set<string>();
  /** Of files that were born before some may have been forgotten. */
  #namelessLostMs = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  /** It is there, as an earlier witness of this boot wrote. */
  loaded(life: Life, draft: Draft): void {
    this.#names.add(placeOf(life), life.rawName, draft);
  }

  /** Nothing is kept of it any more. */
  forget(draft: Draft): void {
    this.#names.remove(draft);
  }

  /** A file that a listing found: it was there before it was watched. */
  found(file: FileFacts, rawName: ByteString, atMs: number): void {
    this.#fileDraft(file, rawName, undefined, atMs);
  }

  /**
   * Something was done to a file. A link(2) is told as its making: whether it is new its birth says, where it could still be asked.
   * What is gone already was made and removed while it was watched.
   */
  file({ atMs, what, file, pid, rawName }: FileTold): void {
    const person = pid === undefined ? undefined : this.#ground.tree.toucher(pid);
    const key = `${file.device} ${file.inode}`;
    if (what !== 'made' && what !== 'renamed' && !this.#ground.shelf.find(key)) {
      // It has no name (O_TMPFILE), or had to give way. Where it gets a name later, not all who knew of it are told.
      if (this.#nameless.size >= MOST_NAMELESS) {
        this.#nameless.clear();
        this.#namelessLostMs = atMs;
      }
      this.#nameless.add(key);
      return;
    }
    const bornMs = what !== 'made' ? undefined : (file.bornMs ?? (file.birthNs === undefined ? atMs : undefined));
    const draft = this.#fileDraft(file, rawName, bornMs, atMs);
    if (!draft) return;
    const mayBeLate = !draft.hasDeeds && (draft.bornMs ?? atMs) < this.#namelessLostMs;
    if (this.#nameless.delete(key) || mayBeLate) draft.unseen(atMs);
    if (what === 'renamed' && rawName !== undefined) this.#replace(file, rawName, draft, atMs, person);
    const isLink = what === 'made' && draft.hasDeeds;
    const detail = {
      ...(what === 'resized' ? { sizeBytes: file.sizeBytes } : {}),
      ...((what === 'renamed' || isLink) && rawName !== undefined ? { rawName } : {}),
    };
    if (what === 'resized' && file.sizeBytes === draft.sizeBytes) {
      this.#written(draft, atMs, person);
      return;
    }
    draft.add(isLink ? 'renamed' : what, isLink ? atMs : (bornMs ?? atMs), person, detail);
    if (file.sizeBytes !== undefined) draft.sizeBytes = file.sizeBytes;
    if (rawName !== undefined && what === 'made') this.#names.add(file.device, rawName, draft);
    if (rawName !== undefined && what === 'removed') this.#names.remove(draft, rawName);
    this.#ground.shelf.touch(draft);
    if (what === 'removed' && (file.links ?? 0) === 0) this.#leave(draft, atMs);
  }

  has({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): boolean {
    return this.#ground.shelf.find(`${device} ${inode}`) !== undefined;
  }

  /** Its last name has gone, or the whole file system. */
  fileGone(device: string, inode: number, atMs: number): void {
    const key = `${device} ${inode}`;
    const draft = this.#ground.shelf.find(key);
    if (draft) this.#leave(draft, atMs);
  }

  /** The life of a file that is there, whoever told of it first. Undefined: there are too many. */
  #fileDraft(file: FileFacts, rawName: ByteString | undefined, bornMs: number | undefined, atMs: number) {
    const key = `${file.device} ${file.inode}`;
    // Of what has gone already the birth cannot be asked: told apart by when it was told of.
    const identity = `file ${file.device} ${file.inode} ${file.birthNs ?? `${Math.round(atMs)}000000`}`;
    const known = this.#ground.shelf.find(key);
    if (known && (file.birthNs === undefined || known.identity === identity)) return known;
    if (known) this.#leave(known, atMs); // one of the same number that came later
    if (!this.#ground.shelf.mayKeep(file.device, file.uid, atMs)) return undefined;
    // Of one that had to give way before, users are forgotten.
    const sinceMs = Math.max(this.#ground.shelf.lostMs(file.device, file.uid), atMs - MOST_LATE_MS);
    const isNew = bornMs !== undefined && bornMs > sinceMs;
    const draft = new Draft({
      number: this.#ground.nextNumber(),
      identity,
      id: `posix:${file.device}:${file.inode}`,
      kind: 'posix',
      rawName: rawName ?? NAMELESS,
      bornMs: isNew ? Math.round(bornMs) : undefined,
      uid: file.uid,
      sizeBytes: file.sizeBytes,
    });
    this.#ground.shelf.enter(draft);
    if (rawName !== undefined) this.#names.add(file.device, rawName, draft);
    if (!this.#ground.tells.forks) draft.unseen(atMs);
    this.#ground.shelf.touch(draft);
    return draft;
  }

  /** Every write is told as a change of the size. Who never opened it was handed a descriptor: a user like others. */
  #written(draft: Draft, atMs: number, person: Person | undefined): void {
    if (person ? draft.hasUser(person) : draft.unseenMs !== undefined) return;
    if (person) draft.add('opened', atMs, person);
    else draft.unseen(atMs);
    this.#ground.shelf.touch(draft);
  }

  /** What had the name before has lost it; where that was its only one, it is gone from there. */
  #replace({ device }: FileFacts, rawName: ByteString, draft: Draft, atMs: number, person: Person | undefined): void {
    const before = this.#names.of(device, rawName);
    this.#names.remove(draft);
    this.#names.add(device, rawName, draft);
    if (!before || before === draft || before.goneMs !== undefined) return;
    before.add('removed', atMs, person);
    this.#leave(before, atMs);
  }

  #leave(draft: Draft, atMs: number): void {
    this.#names.remove(draft);
    this.#ground.shelf.leave(draft, atMs);
  }
}
