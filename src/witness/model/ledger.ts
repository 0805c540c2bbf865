// What was told of objects and processes, as lives: who made, used and removed each, and how they ended. Bounded; knows no clock.
import type { ByteString } from '../../probe/model/bytes.ts';
import type { SysvRow } from '../../probe/model/join/sysv-row.ts';
import type { Actor, Life } from '../../probe/model/life/life.ts';
import { Draft } from './draft.ts';
import { type Person, ProcessTree } from './process-tree.ts';
import type { FileFacts, FileTold, Look, RowTold } from './seen.ts';

export interface LedgerLimits {
  /** Objects that are there; of further ones nothing is kept, and that is said. */
  readonly living: number;
  /** Objects that have gone: the oldest of the user who has most of them are forgotten first. */
  readonly gone: number;
}

export const LIMITS: LedgerLimits = { living: 20_000, gone: 3000 };

/** What the sources of this witness tell: without, nothing is gapless. */
export interface Tells {
  readonly forks: boolean;
  readonly attaches: boolean;
}

/** A segment's processes that attached before it was first seen in the table are kept for so long. */
const EARLY_MS = 5000;
const MOST_EARLY = 4096;
/** So many ancestors are asked whether they used an object. */
const MOST_STEPS = 32;

export interface LedgerBatch {
  readonly lives: readonly Life[];
  readonly forgotten: readonly string[];
}

interface Early {
  readonly atMs: number;
  readonly person: Person;
  /** Absent: any of them. */
  readonly ipcNamespace?: string;
}

export class Ledger {
  readonly tree: ProcessTree;
  readonly #limits: LedgerLimits;
  readonly #tells: Tells;
  readonly #drafts = new Map<number, Draft>();
  /** Objects that are there: `device inode` or `namespace shmid`. */
  readonly #there = new Map<string, Draft>();
  /** The same by tmpfs and IPC namespace. */
  readonly #places = new Map<string, Set<Draft>>();
  readonly #names = new Map<string, Draft>();
  /** Gone, oldest first, by owner. */
  readonly #gone = new Map<number, Draft[]>();
  readonly #changed = new Set<Draft>();
  #forgotten: string[] = [];
  #early = new Map<number, Early[]>();
  #earlyCount = 0;
  #earlyLostMs = 0;
  #goneCount = 0;
  /** Who has begun to remove a segment, by the number of its life. */
  readonly #marks = new Map<number, { readonly pid: number; readonly atMs: number }>();
  #next = 0;
  /** Objects of which nothing could be kept since the last batch: there were too many. */
  leftOut = 0;

  constructor(tells: Tells, limits: LedgerLimits = LIMITS) {
    this.#tells = tells;
    this.#limits = limits;
    this.tree = new ProcessTree({
      changed: (lives) => {
        for (const life of lives) this.#touch(this.#drafts.get(life));
      },
      confused: (lives, atMs) => {
        for (const life of lives) {
          this.#drafts.get(life)?.unseen(atMs);
          this.#touch(this.#drafts.get(life));
        }
      },
    });
  }

  /** Objects that are there. */
  get livingCount(): number {
    return this.#there.size;
  }

  /** What an earlier witness of this boot wrote. Which of it is still there, the first looks tell. `find`: the process that an actor is. */
  load(lives: readonly Life[], find: (actor: Actor) => Person | undefined, nowMs: number): void {
    for (const life of lives) {
      const draft = Draft.from(life, this.#next++, find);
      this.#drafts.set(draft.number, draft);
      const key = keyOf(life);
      if (life.goneMs !== undefined || this.#there.has(key)) {
        this.#bury(draft, life.goneMs ?? nowMs);
        continue;
      }
      this.#enter(key, draft);
      if (life.kind === 'posix') this.#names.set(nameKey(placeOf(life), life.rawName), draft);
    }
  }

  hasSegment(ipcNamespace: string, shmid: number): boolean {
    return this.#there.has(`${ipcNamespace} ${shmid}`);
  }

  /** Segments of an earlier witness that the first look did not find. */
  dropUnseenSegments(found: { readonly has: (ipcNamespace: string, shmid: number) => boolean }, nowMs: number): void {
    for (const draft of [...this.there('sysv')]) {
      const key = keyOf(draft);
      const [namespace = '', shmid] = key.split(' ');
      if (!found.has(namespace, Number(shmid))) this.#leave(key, draft, nowMs);
    }
  }

  /** The life of a file that is there, whoever told of it first. Undefined: there are too many. */
  #fileDraft(file: FileFacts, rawName: ByteString | undefined, bornMs: number | undefined, atMs: number) {
    const key = `${file.device} ${file.inode}`;
    // Of what has gone already the birth cannot be asked: told apart by when it was told of.
    const identity = `file ${file.device} ${file.inode} ${file.birthNs ?? `${Math.round(atMs)}000000`}`;
    const known = this.#there.get(key);
    if (known && (file.birthNs === undefined || known.identity === identity)) return known;
    if (known) this.#leave(key, known, atMs); // one of the same number that came later
    if (!this.#mayKeep(file.device)) return undefined;
    const draft = new Draft({
      number: this.#next++,
      identity,
      id: `posix:${file.device}:${file.inode}`,
      kind: 'posix',
      rawName: rawName ?? '/',
      bornMs: bornMs === undefined ? undefined : Math.round(bornMs),
      uid: file.uid,
      sizeBytes: file.sizeBytes,
    });
    this.#enter(key, draft);
    if (rawName !== undefined) this.#names.set(nameKey(file.device, rawName), draft);
    if (!this.#tells.forks) draft.unseen(atMs);
    this.#touch(draft);
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
    const key = `${file.device} ${file.inode}`;
    const person = pid === undefined ? undefined : this.tree.toucher(pid);
    const bornMs = what !== 'made' ? undefined : (file.bornMs ?? (file.birthNs === undefined ? atMs : undefined));
    const draft = this.#fileDraft(file, rawName, bornMs, atMs);
    if (!draft) return;
    if (what === 'renamed' && rawName !== undefined) this.#replace(file, rawName, draft, atMs, person);
    const isLink = what === 'made' && draft.hasDeeds;
    const detail = {
      ...(what === 'resized' ? { sizeBytes: file.sizeBytes } : {}),
      ...(what === 'renamed' && rawName !== undefined ? { rawName } : {}),
    };
    // Every write is told as a change of the size.
    if (what === 'resized' && file.sizeBytes === draft.sizeBytes) return;
    draft.add(isLink ? 'renamed' : what, isLink ? atMs : (bornMs ?? atMs), person, detail);
    if (file.sizeBytes !== undefined) draft.sizeBytes = file.sizeBytes;
    if (rawName !== undefined && what === 'made') this.#names.set(nameKey(file.device, rawName), draft);
    this.#touch(draft);
    if (what === 'removed' && (file.links ?? 0) === 0) this.#leave(key, draft, atMs);
  }

  hasFile({ device, inode }: Pick<FileFacts, 'device' | 'inode'>): boolean {
    return this.#there.has(`${device} ${inode}`);
  }

  /** Its last name has gone, or the whole file system. */
  fileGone(device: string, inode: number, atMs: number): void {
    const key = `${device} ${inode}`;
    const draft = this.#there.get(key);
    if (draft) this.#leave(key, draft, atMs);
  }

  /** `isFirstLook`: the table of this namespace was not read before, or not the last time. */
  row(told: RowTold, isFirstLook: boolean): void {
    const { atMs, ipcNamespace, shmid, row } = told;
    const key = `${ipcNamespace} ${shmid}`;
    let draft = this.#there.get(key);
    if (draft && (!row || !isSameSegment(draft, row))) {
      this.#leave(key, draft, atMs);
      draft = undefined;
    }
    if (!row) return;
    if (!draft) {
      if (!this.#mayKeep(ipcNamespace)) return;
      // Its second is told, and it was not there at the look before.
      const bornMs = isFirstLook ? undefined : Math.min(atMs, row.ctimeSec * 1000 + 999);
      draft = new Draft({
        number: this.#next++,
        identity: `sysv ${ipcNamespace} ${shmid} ${row.ctimeSec} ${row.cpid} ${keyText(row.key)}`,
        id: `sysv:${ipcNamespace}:${shmid}`,
        kind: 'sysv',
        rawName: keyText(row.key),
        bornMs,
        uid: row.cuid,
        sizeBytes: row.sizeBytes,
      });
      this.#enter(key, draft);
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
    this.#touch(draft);
  }

  /**
   * A process mapped a segment of this number. In which namespace, perf does not tell: where it cannot be asked any more, in any of
   * those that have one. Segments are often attached before a table shows them.
   */
  attach(pid: number, shmid: number, atMs: number, ipcNamespace: string | undefined, known: readonly string[]): void {
    const person = this.tree.toucher(pid);
    for (const namespace of ipcNamespace === undefined ? known : [ipcNamespace]) {
      const draft = this.#there.get(`${namespace} ${shmid}`);
      if (!draft) continue;
      draft.add('attached', atMs, person);
      this.#touch(draft);
    }
    if (this.#earlyCount >= MOST_EARLY) {
      this.#early = new Map();
      this.#earlyLostMs = atMs;
    }
    if (this.#early.size === 0) this.#earlyCount = 0;
    const list = this.#early.get(shmid) ?? [];
    list.push({ atMs, person, ipcNamespace });
    this.#early.set(shmid, list);
    this.#earlyCount++;
  }

  /**
   * IPC_RMID was called, or is being called: told at its begin and, where it succeeded, at its end. Written down when the segment goes.
   */
  marked(ipcNamespace: string, shmid: number, atMs: number, pid: number): void {
    const key = `${ipcNamespace} ${shmid}`;
    const draft = this.#there.get(key);
    if (!draft) return;
    if (this.#marks.size >= MOST_EARLY) this.#marks.clear();
    const before = this.#marks.get(draft.number);
    if (before?.pid !== pid) this.#marks.set(draft.number, { pid, atMs });
    else draft.add('removed', before.atMs, this.tree.toucher(pid));
    this.#touch(draft);
  }

  /** Until now something may have come that was not told: to all objects, or to those of a kind. */
  unseen(atMs: number, kind?: Life['kind']): void {
    for (const draft of this.#there.values()) {
      if (kind !== undefined && draft.kind !== kind) continue;
      draft.unseen(atMs);
      this.#touch(draft);
    }
  }

  /** Objects of this kind that are there. */
  *there(kind: Life['kind']): Generator<Draft> {
    for (const draft of this.#there.values()) if (draft.kind === kind) yield draft;
  }

  /** What has changed since the last batch; `all`: everything that is kept. */
  batch(isAll = false): LedgerBatch {
    const drafts = isAll ? this.#drafts.values() : this.#changed;
    const heirs = this.tree.heirs.bind(this.tree);
    const lives = [...drafts].map((draft) => draft.life(heirs));
    const forgotten = this.#forgotten;
    this.#changed.clear();
    this.#forgotten = [];
    return { lives, forgotten };
  }

  /** A batch that could not be written: it goes with the next. */
  again({ lives, forgotten }: LedgerBatch): void {
    const wanted = new Set(lives.map(({ identity }) => identity));
    for (const draft of this.#drafts.values()) if (wanted.has(draft.identity)) this.#changed.add(draft);
    this.#forgotten.push(...forgotten);
    if (this.#forgotten.length > this.#limits.gone)
      this.#forgotten.splice(0, this.#forgotten.length - this.#limits.gone);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0 || this.#forgotten.length > 0;
  }

  /** Called now and then: what was told of segments that never came to be seen. */
  tidy(nowMs: number): void {
    this.tree.tidy(nowMs);
    for (const [shmid, list] of this.#early) {
      const fresh = list.filter(({ atMs }) => nowMs - atMs < EARLY_MS);
      this.#earlyCount -= list.length - fresh.length;
      if (fresh.length === 0) this.#early.delete(shmid);
      else if (fresh.length < list.length) this.#early.set(shmid, fresh);
    }
  }

  #born(draft: Draft, { atMs, ipcNamespace, shmid, maker }: RowTold, cpid: number, sinceMs: number): void {
    const early = (this.#early.get(shmid) ?? []).filter(
      (each) => each.atMs >= sinceMs - 1 && each.atMs <= atMs && (each.ipcNamespace ?? ipcNamespace) === ipcNamespace,
    );
    const makers = cpid > 0 ? this.#makers(cpid, sinceMs, early, maker) : [];
    // Its second is told; it was there before it was attached, and before its maker had ended.
    const times = [...early.map((each) => each.atMs), ...makers.map(({ ended }) => ended?.atMs ?? atMs)];
    draft.bornMs = Math.round(Math.max(sinceMs, Math.min(draft.bornMs ?? atMs, ...times)));
    if (makers.length === 0) draft.add('made', draft.bornMs);
    for (const each of makers) draft.add('made', draft.bornMs, each);
    for (const each of early) draft.add('attached', each.atMs, each.person);
    if (this.#earlyLostMs >= sinceMs) draft.unseen(atMs);
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
    const key = nameKey(device, rawName);
    const before = this.#names.get(key);
    const oldKey = nameKey(device, draft.rawName);
    if (this.#names.get(oldKey) === draft) this.#names.delete(oldKey);
    this.#names.set(key, draft);
    if (!before || before === draft || before.goneMs !== undefined) return;
    before.add('removed', atMs, person);
    this.#leave(keyOf(before), before, atMs);
  }

  #enter(key: string, draft: Draft): void {
    this.#drafts.set(draft.number, draft);
    this.#there.set(key, draft);
    const place = placeOf(draft);
    const drafts = this.#places.get(place);
    if (drafts) drafts.add(draft);
    else this.#places.set(place, new Set([draft]));
  }

  #depart(key: string, draft: Draft): void {
    this.#there.delete(key);
    const place = placeOf(draft);
    const drafts = this.#places.get(place);
    drafts?.delete(draft);
    if (drafts?.size === 0) this.#places.delete(place);
  }

  /** Where there is no room, the latest of the place that has most give way: who makes too many loses his own. */
  #mayKeep(place: string): boolean {
    if (this.#there.size < this.#limits.living) return true;
    let [most, crowd] = ['', new Set<Draft>()];
    for (const [each, drafts] of this.#places) if (drafts.size > crowd.size) [most, crowd] = [each, drafts];
    if (most === place) {
      this.leftOut++;
      return false;
    }
    for (const draft of [...crowd].slice(-Math.ceil(this.#limits.living / 16))) {
      this.#depart(keyOf(draft), draft);
      this.#forget(draft);
      this.leftOut++;
    }
    return true;
  }

  #leave(key: string, draft: Draft, atMs: number): void {
    this.#depart(key, draft);
    const name = draft.kind === 'posix' ? nameKey(placeOf(draft), draft.rawName) : '';
    if (this.#names.get(name) === draft) this.#names.delete(name);
    this.#touch(draft);
    this.#bury(draft, atMs);
  }

  #bury(draft: Draft, atMs: number): void {
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

  #forget(draft: Draft): void {
    this.#drafts.delete(draft.number);
    this.#changed.delete(draft);
    this.#forgotten.push(draft.identity);
    for (const person of draft.persons) this.tree.release(person, draft.number);
  }

  #touch(draft: Draft | undefined): void {
    if (draft) this.#changed.add(draft);
  }
}

const nameKey = (device: string, rawName: ByteString) => `${device} ${rawName}`;
/** Device or IPC namespace. */
const placeOf = ({ identity }: Pick<Life, 'identity'>) => identity.split(' ', 2)[1] ?? '';

const keyText = (key: number) => `0x${key.toString(16).padStart(8, '0')}`;

/** From `file DEVICE INODE …` or `sysv NAMESPACE SHMID …`. */
const keyOf = ({ identity }: Pick<Life, 'identity'>) => identity.split(' ', 3).slice(1).join(' ');

/** ctime is left out: it changes with the owner, and a clock that was set back makes it smaller. */
function isSameSegment(draft: Draft, { cpid, sizeBytes }: Pick<SysvRow, 'cpid' | 'sizeBytes'>): boolean {
  return Number(draft.identity.split(' ')[4]) === cpid && draft.sizeBytes === sizeBytes;
}
