// What was told of objects and processes, as lives: who made, used and removed each, and how they ended. Bounded; knows no clock.
import type { ByteString } from '../../probe/model/bytes.ts';
import { keyText, sysvId } from '../../probe/model/identity.ts';
import type { SysvRow } from '../../probe/model/join/sysv-row.ts';
import type { Actor, Life } from '../../probe/model/life/life.ts';
import { Draft, NAMELESS } from './draft.ts';
import { type Early, EarlyAttaches } from './early-attaches.ts';
import { Names } from './names.ts';
import type { Person } from './person.ts';
import { ProcessTree } from './process-tree.ts';
import type { AttachTold, FileFacts, FileTold, Look, RowTold } from './seen.ts';
import { type Batch, keyOf, type Limits, placeOf, Shelf } from './shelf.ts';

/** What the sources of this witness tell: without, nothing is gapless. */
export interface Tells {
  readonly forks: boolean;
  readonly attaches: boolean;
}

/** What was born so long before it was told is a link, of one that had to give way and may have had another owner then. */
const MOST_LATE_MS = 10_000;
const MOST_MARKS = 4096;
const MOST_NAMELESS = 10_000;
/** So many ancestors are asked whether they used an object. */
const MOST_STEPS = 32;

export class Ledger {
  readonly tree: ProcessTree;
  readonly #tells: Tells;
  readonly #shelf: Shelf;
  /** By device and name. */
  readonly #names = new Names();
  readonly #early = new EarlyAttaches();
  /** Files that were used before anybody told of a name. */
  readonly #nameless = new Set<string>();
  /** Of files that were born before some may have been forgotten. */
  #namelessLostMs = 0;
  /** Who has begun to remove a segment, by the number of its life. */
  readonly #marks = new Map<number, { readonly pid: number; readonly atMs: number }>();
  #next = 0;

  constructor(tells: Tells, limits?: Limits) {
    this.#tells = tells;
    this.tree = new ProcessTree({
      changed: (lives) => {
        for (const life of lives) this.#shelf.touch(this.#shelf.byNumber(life));
      },
      confused: (lives, atMs) => {
        for (const life of lives) {
          this.#shelf.byNumber(life)?.unseen(atMs);
          this.#shelf.touch(this.#shelf.byNumber(life));
        }
      },
    });
    this.#shelf = new Shelf(
      (person, life) => this.tree.release(person, life),
      (draft) => this.#names.remove(draft),
      limits,
    );
  }

  /** Objects of which nothing is known, for there were too many. */
  get leftOut(): number {
    return this.#shelf.leftOut;
  }

  /** What an earlier witness of this boot wrote. Which of it is still there, the first looks tell. `find`: the process that an actor is. */
  load(lives: readonly Life[], find: (actor: Actor) => Person | undefined, nowMs: number): void {
    for (const life of lives) {
      const draft = Draft.from(life, this.#next++, find);
      if (life.goneMs !== undefined || this.#shelf.find(keyOf(life))) {
        this.#shelf.bury(draft, life.goneMs ?? nowMs);
        continue;
      }
      this.#shelf.enter(draft);
      if (life.kind === 'posix') this.#names.add(placeOf(life), life.rawName, draft);
    }
  }

  hasSegment(ipcNamespace: string, shmid: number): boolean {
    return this.#shelf.find(`${ipcNamespace} ${shmid}`) !== undefined;
  }

  /** Segments of an earlier witness that the first look did not find. */
  dropUnseenSegments(found: { readonly has: (ipcNamespace: string, shmid: number) => boolean }, nowMs: number): void {
    for (const draft of [...this.there('sysv')]) {
      const key = keyOf(draft);
      const [namespace = '', shmid] = key.split(' ');
      if (!found.has(namespace, Number(shmid))) this.#leave(draft, nowMs);
    }
  }

  /** The life of a file that is there, whoever told of it first. Undefined: there are too many. */
  #fileDraft(file: FileFacts, rawName: ByteString | undefined, bornMs: number | undefined, atMs: number) {
    const key = `${file.device} ${file.inode}`;
    // Of what has gone already the birth cannot be asked: told apart by when it was told of.
    const identity = `file ${file.device} ${file.inode} ${file.birthNs ?? `${Math.round(atMs)}000000`}`;
    const known = this.#shelf.find(key);
    if (known && (file.birthNs === undefined || known.identity === identity)) return known;
    if (known) this.#leave(known, atMs); // one of the same number that came later
    if (!this.#shelf.mayKeep(file.device, file.uid, atMs)) return undefined;
    // Of one that had to give way before, users are forgotten.
    const sinceMs = Math.max(this.#shelf.lostMs(file.device, file.uid), atMs - MOST_LATE_MS);
    const isNew = bornMs !== undefined && bornMs > sinceMs;
    const draft = new Draft({
      number: this.#next++,
      identity,
      id: `posix:${file.device}:${file.inode}`,
      kind: 'posix',
      rawName: rawName ?? NAMELESS,
      bornMs: isNew ? Math.round(bornMs) : undefined,
      uid: file.uid,
      sizeBytes: file.sizeBytes,
    });
    this.#shelf.enter(draft);
    if (rawName !== undefined) this.#names.add(file.device, rawName, draft);
    if (!this.#tells.forks) draft.unseen(atMs);
    this.#shelf.touch(draft);
    return draft;
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
    const person = pid === undefined ? undefined : this.tree.toucher(pid);
    const key = `${file.device} ${file.inode}`;
    if (what !== 'made' && what !== 'renamed' && !this.#shelf.find(key)) {
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
    this.#shelf.touch(draft);
    if (what === 'removed' && (file.links ?? 0) === 0) this.#leave(draft, atMs);
  }

  /** Every write is told as a change of the size. Who never opened it was handed a descriptor: a user like others. */
  #written(draft: Draft, atMs: number, person: Person | undefined): void {
    if (person ? draft.hasUser(person) : draft.unseenMs !== undefined) return;
    if (person) draft.add('opened', atMs, person);
    else draft.unseen(atMs);
    this.#shelf.touch(draft);
  }

  hasFile({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): boolean {
    return this.#shelf.find(`${device} ${inode}`) !== undefined;
  }

  /** Its last name has gone, or the whole file system. */
  fileGone(device: string, inode: number, atMs: number): void {
    const key = `${device} ${inode}`;
    const draft = this.#shelf.find(key);
    if (draft) this.#leave(draft, atMs);
  }

  /** `wasThere`: at the look before, or there was none of this namespace. */
  row(told: RowTold, wasThere: boolean): void {
    const { atMs, ipcNamespace, shmid, row } = told;
    const key = `${ipcNamespace} ${shmid}`;
    let draft = this.#shelf.find(key);
    if (draft && (!row || !isSameSegment(draft, row))) {
      this.#leave(draft, atMs);
      draft = undefined;
    }
    if (!row) return;
    if (!draft) {
      if (!this.#shelf.mayKeep(ipcNamespace, row.cuid, atMs)) return;
      // Its second is told, and it was not there at the look before.
      const isNew = !wasThere && row.ctimeSec * 1000 > this.#shelf.lostMs(ipcNamespace, row.cuid);
      const bornMs = isNew ? Math.min(atMs, row.ctimeSec * 1000 + 999) : undefined;
      draft = new Draft({
        number: this.#next++,
        identity: `sysv ${ipcNamespace} ${shmid} ${row.ctimeSec} ${row.cpid} ${keyText(row.key)}`,
        id: sysvId(ipcNamespace, shmid),
        kind: 'sysv',
        rawName: keyText(row.key),
        bornMs,
        uid: row.cuid,
        sizeBytes: row.sizeBytes,
      });
      this.#shelf.enter(draft);
      if (!this.#tells.forks || !this.#tells.attaches) draft.unseen(atMs);
      if (bornMs !== undefined) this.#born(draft, told, row.cpid, row.ctimeSec * 1000);
    }
    // Somebody attached of whom nothing was told: outside our pid namespace, or while records were lost.
    if (row.atimeSec !== draft.atimeSec && row.atimeSec > 0 && !this.#knows(draft, row.lpid)) draft.unseen(atMs);
    draft.atimeSec = row.atimeSec;
    // Who let go of what he had inherited is told by the table alone.
    const last =
      row.lpid > 0 && !draft.names(row.lpid) ? (this.tree.find(row.lpid) ?? this.tree.recent(row.lpid, 0)) : undefined;
    if (last) draft.add('detached', atMs, last);
    this.#shelf.touch(draft);
  }

  /**
   * A process mapped a segment of this number. In which namespace, perf does not tell: where it cannot be asked any more, in any of
   * those that have one. Segments are often attached before a table shows them.
   */
  attach(told: AttachTold, ipcNamespace: string | undefined, known: readonly string[]): void {
    const { pid, shmid, atMs } = told;
    const person = this.tree.toucher(pid);
    for (const namespace of ipcNamespace === undefined ? known : [ipcNamespace]) {
      const draft = this.#shelf.find(`${namespace} ${shmid}`);
      if (!draft || !mayBeOf(told, draft)) continue;
      draft.add('attached', atMs, person);
      this.#shelf.touch(draft);
    }
    this.#early.add(shmid, { ...told, person, ipcNamespace });
  }

  /**
   * IPC_RMID was called, or is being called: told at its begin and, where it succeeded, at its end. Written down when the segment goes.
   */
  marked(ipcNamespace: string, shmid: number, atMs: number, pid: number): void {
    const key = `${ipcNamespace} ${shmid}`;
    const draft = this.#shelf.find(key);
    if (!draft) return;
    if (this.#marks.size >= MOST_MARKS) this.#marks.clear();
    const before = this.#marks.get(draft.number);
    if (before?.pid !== pid) this.#marks.set(draft.number, { pid, atMs });
    else draft.add('removed', before.atMs, this.tree.toucher(pid));
    this.#shelf.touch(draft);
  }

  /** Until now something may have come that was not told. */
  unseen(atMs: number): void {
    for (const draft of this.#shelf.there()) {
      draft.unseen(atMs);
      this.#shelf.touch(draft);
    }
  }

  /** Objects of this kind that are there. */
  *there(kind: Life['kind']): Generator<Draft> {
    for (const draft of this.#shelf.there()) if (draft.kind === kind) yield draft;
  }

  /** What has changed since the last batch; `all`: everything that is kept. */
  batch(isAll = false): Batch {
    return this.#shelf.batch(this.tree.heirs.bind(this.tree), isAll);
  }

  /** A batch that could not be written: it goes with the next. */
  again(batch: Batch): void {
    this.#shelf.again(batch);
  }

  get hasChanges(): boolean {
    return this.#shelf.hasChanges;
  }

  /** Called now and then. */
  tidy(nowMs: number): void {
    this.tree.tidy(nowMs);
    this.#early.tidy(nowMs);
  }

  #born(draft: Draft, { atMs, ipcNamespace, shmid, maker }: RowTold, cpid: number, sinceMs: number): void {
    const early = this.#early.of(shmid, ipcNamespace, sinceMs, atMs).filter((each) => mayBeOf(each, draft));
    const makers = cpid > 0 ? this.#makers(cpid, sinceMs, early, maker) : [];
    // Its second is told; it was there before it was attached, and before its maker had ended.
    const times = [...early.map((each) => each.atMs), ...makers.map(({ ended }) => ended?.atMs ?? atMs)];
    draft.bornMs = Math.round(Math.max(sinceMs, Math.min(draft.bornMs ?? atMs, ...times)));
    if (makers.length === 0) draft.add('made', draft.bornMs);
    for (const each of makers) draft.add('made', draft.bornMs, each);
    for (const each of early) draft.add('attached', each.atMs, each.person);
    if (this.#early.lostMs >= sinceMs) draft.unseen(atMs);
  }

  /** Whoever of this pid may have made it: one who has ended since, one who lives, or both. */
  #makers(cpid: number, sinceMs: number, early: readonly Early[], look: Look | undefined): readonly Person[] {
    const attached = early.find(({ person }) => person.pid === cpid);
    if (attached) return [attached.person];
    const ended = this.tree.recent(cpid, sinceMs);
    if (ended && !look) return [ended];
    const person = this.tree.toucher(cpid);
    if (look) person.look ??= look;
    else if (!person.look) this.tree.lose(person);
    return ended ? [ended, person] : [person];
  }

  #knows(draft: Draft, pid: number): boolean {
    if (draft.names(pid)) return true;
    for (let at = this.tree.find(pid)?.parent, steps = 0; at && steps < MOST_STEPS; at = at.parent, steps++)
      if (at.lives.has(draft.number)) return true;
    return false;
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
    this.#shelf.leave(draft, atMs);
  }
}

/** shmat(2) maps all of a segment, by the key with which it was made; of one that was there before, the key may have changed. */
function mayBeOf({ key, sizeBytes }: Pick<AttachTold, 'key' | 'sizeBytes'>, draft: Draft): boolean {
  const isOfKey = draft.bornMs === undefined || key === undefined || draft.rawName === keyText(key);
  return isOfKey && sizeBytes >= (draft.sizeBytes ?? 0);
}

/** ctime is left out: it changes with the owner, and a clock that was set back makes it smaller. */
function isSameSegment(draft: Draft, { cpid, sizeBytes }: Pick<SysvRow, 'cpid' | 'sizeBytes'>): boolean {
  return Number(draft.identity.split(' ')[4]) === cpid && draft.sizeBytes === sizeBytes;
}
