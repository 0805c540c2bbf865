// Lives of segments: what the tables, the attaches and the removals tell of them.
import { keyText, sysvId } from '../../probe/model/identity.ts';
import type { SysvRow } from '../../probe/model/join/sysv-row.ts';
import { Draft } from './draft.ts';
import { type Early, EarlyAttaches } from './early-attaches.ts';
import type { Ground } from './ground.ts';
import type { Person } from './person.ts';
import type { AttachTold, Look, RowTold } from './seen.ts';
import { keyOf } from './shelf.ts';

const MOST_MARKS = 4096;
/** So many ancestors are asked whether they used an object. */
const MOST_STEPS = 32;

export class SegmentLives {
  readonly #ground: Ground;
  readonly #early = new EarlyAttaches();
  /** Who has begun to remove a segment, by the number of its life. */
  readonly #marks = new Map<number, { readonly pid: number; readonly atMs: number }>();

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  has(ipcNamespace: string, shmid: number): boolean {
    return this.#ground.shelf.find(`${ipcNamespace} ${shmid}`) !== undefined;
  }

  /** Segments of an earlier witness that the first look did not find. */
  dropUnseen(found: { readonly has: (ipcNamespace: string, shmid: number) => boolean }, nowMs: number): void {
    for (const draft of [...this.#ground.shelf.there()]) {
      if (draft.kind !== 'sysv') continue;
      const key = keyOf(draft);
      const [namespace = '', shmid] = key.split(' ');
      if (!found.has(namespace, Number(shmid))) this.#ground.shelf.leave(draft, nowMs);
    }
  }

  /** `wasThere`: at the look before, or there was none of this namespace. */
  row(told: RowTold, wasThere: boolean): void {
    const { atMs, ipcNamespace, shmid, row } = told;
    const key = `${ipcNamespace} ${shmid}`;
    let draft = this.#ground.shelf.find(key);
    if (draft && (!row || !isSameSegment(draft, row))) {
      this.#ground.shelf.leave(draft, atMs);
      draft = undefined;
    }
    if (!row) return;
    if (!draft) {
      if (!this.#ground.shelf.mayKeep(ipcNamespace, row.cuid, atMs)) return;
      // Its second is told, and it was not there at the look before.
      const isNew = !wasThere && row.ctimeSec * 1000 > this.#ground.shelf.lostMs(ipcNamespace, row.cuid);
      const bornMs = isNew ? Math.min(atMs, row.ctimeSec * 1000 + 999) : undefined;
      draft = new Draft({
        number: this.#ground.nextNumber(),
        identity: `sysv ${ipcNamespace} ${shmid} ${row.ctimeSec} ${row.cpid} ${keyText(row.key)}`,
        id: sysvId(ipcNamespace, shmid),
        kind: 'sysv',
        rawName: keyText(row.key),
        bornMs,
        uid: row.cuid,
        sizeBytes: row.sizeBytes,
      });
      this.#ground.shelf.enter(draft);
      if (!this.#ground.tells.forks || !this.#ground.tells.attaches) draft.unseen(atMs);
      if (bornMs !== undefined) this.#born(draft, told, row.cpid, row.ctimeSec * 1000);
    }
    // Somebody attached of whom nothing was told: outside our pid namespace, or while records were lost.
    if (row.atimeSec !== draft.atimeSec && row.atimeSec > 0 && !this.#knows(draft, row.lpid)) draft.unseen(atMs);
    draft.atimeSec = row.atimeSec;
    // Who let go of what he had inherited is told by the table alone.
    const last =
      row.lpid > 0 && !draft.names(row.lpid)
        ? (this.#ground.tree.find(row.lpid) ?? this.#ground.tree.recent(row.lpid, 0))
        : undefined;
    if (last) draft.add('detached', atMs, last);
    this.#ground.shelf.touch(draft);
  }

  /**
   * A process mapped a segment of this number. In which namespace, perf does not tell: where it cannot be asked any more, in any of
   * those that have one. Segments are often attached before a table shows them.
   */
  attach(told: AttachTold, ipcNamespace: string | undefined, known: readonly string[]): void {
    const { pid, shmid, atMs } = told;
    const person = this.#ground.tree.toucher(pid);
    for (const namespace of ipcNamespace === undefined ? known : [ipcNamespace]) {
      const draft = this.#ground.shelf.find(`${namespace} ${shmid}`);
      if (!draft || !mayBeOf(told, draft)) continue;
      draft.add('attached', atMs, person);
      this.#ground.shelf.touch(draft);
    }
    this.#early.add(shmid, { ...told, person, ipcNamespace });
  }

  /**
   * IPC_RMID was called, or is being called: told at its begin and, where it succeeded, at its end. Written down when the segment goes.
   */
  marked(ipcNamespace: string, shmid: number, atMs: number, pid: number): void {
    const key = `${ipcNamespace} ${shmid}`;
    const draft = this.#ground.shelf.find(key);
    if (!draft) return;
    if (this.#marks.size >= MOST_MARKS) this.#marks.clear();
    const before = this.#marks.get(draft.number);
    if (before?.pid !== pid) this.#marks.set(draft.number, { pid, atMs });
    else draft.add('removed', before.atMs, this.#ground.tree.toucher(pid));
    this.#ground.shelf.touch(draft);
  }

  /** Called now and then. */
  tidy(nowMs: number): void {
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
    const ended = this.#ground.tree.recent(cpid, sinceMs);
    if (ended && !look) return [ended];
    const person = this.#ground.tree.toucher(cpid);
    if (look) person.look ??= look;
    else if (!person.look) this.#ground.tree.lose(person);
    return ended ? [ended, person] : [person];
  }

  #knows(draft: Draft, pid: number): boolean {
    if (draft.names(pid)) return true;
    for (let at = this.#ground.tree.find(pid)?.parent, steps = 0; at && steps < MOST_STEPS; at = at.parent, steps++)
      if (at.lives.has(draft.number)) return true;
    return false;
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
