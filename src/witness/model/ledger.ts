// What was told of objects and processes, as lives: who made, used and removed each, and how they ended. Bounded; knows no clock.
import type { ByteString } from '../../probe/model/bytes.ts';
import type { Actor, Life } from '../../probe/model/life/life.ts';
import { Draft } from './draft.ts';
import { FileLives } from './file-lives.ts';
import type { Tells } from './ground.ts';
import type { Person } from './person.ts';
import { ProcessTree } from './process-tree.ts';
import type { AttachTold, FileFacts, FileTold, RowTold } from './seen.ts';
import { SegmentLives } from './segment-lives.ts';
import { type Batch, keyOf, type Limits, Shelf } from './shelf.ts';

export class Ledger {
  readonly tree: ProcessTree;
  readonly #shelf: Shelf;
  readonly #files: FileLives;
  readonly #segments: SegmentLives;
  #next = 0;

  constructor(tells: Tells, limits?: Limits) {
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
      (draft) => this.#files.forget(draft),
      limits,
    );
    const ground = { tree: this.tree, shelf: this.#shelf, tells, nextNumber: () => this.#next++ };
    this.#files = new FileLives(ground);
    this.#segments = new SegmentLives(ground);
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
      if (life.kind === 'posix') this.#files.loaded(life, draft);
    }
  }

  hasSegment(ipcNamespace: string, shmid: number): boolean {
    return this.#segments.has(ipcNamespace, shmid);
  }

  dropUnseenSegments(...told: Parameters<SegmentLives['dropUnseen']>): void {
    this.#segments.dropUnseen(...told);
  }

  found(file: FileFacts, rawName: ByteString, atMs: number): void {
    this.#files.found(file, rawName, atMs);
  }

  file(told: FileTold): void {
    this.#files.file(told);
  }

  hasFile(file: Pick<FileFacts, 'device' | 'inode'>): boolean {
    return this.#files.has(file);
  }

  fileGone(device: string, inode: number, atMs: number): void {
    this.#files.fileGone(device, inode, atMs);
  }

  row(told: RowTold, wasThere: boolean): void {
    this.#segments.row(told, wasThere);
  }

  attach(told: AttachTold, ipcNamespace: string | undefined, known: readonly string[]): void {
    this.#segments.attach(told, ipcNamespace, known);
  }

  marked(ipcNamespace: string, shmid: number, atMs: number, pid: number): void {
    this.#segments.marked(ipcNamespace, shmid, atMs, pid);
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
    this.#segments.tidy(nowMs);
  }
}
