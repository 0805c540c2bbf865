// Which segments, memfds and anonymous objects are being watched for closes: each marked at its first sight, once.
import { ETIMEDOUT } from '../../native/errno.ts';
import type { Machine } from '../look/machine.ts';
import type { ShmEvent } from '../model/event/event.ts';
import type { MapSeen, Range, Surroundings } from '../model/event/observation.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { mapFilesPath } from '../source/loose-stat.ts';
import { readPatiently } from '../territory/patience/patience.ts';
import type { ProcessReader } from '../territory/patience/process-reader.ts';
import type { FanotifySource } from './fanotify.ts';

/** More are forgotten and marked again when they are seen: that changes nothing and costs some 10 µs. */
const MOST_REMEMBERED = 100_000;

export class SegmentMarks {
  readonly #procRoot: string;
  readonly #reader: ProcessReader;
  readonly #fanotify: FanotifySource | undefined;
  readonly #around: Surroundings;
  readonly #marked = new Set<number>();

  /** Without fanotify this does nothing. */
  constructor(
    { procRoot, reader }: Pick<Machine, 'procRoot' | 'reader'>,
    fanotify: FanotifySource | undefined,
    around: Surroundings,
  ) {
    this.#procRoot = procRoot;
    this.#reader = reader;
    this.#fanotify = fanotify;
    this.#around = around;
  }

  /** Marks everything that is held, through the first mapping that lets itself be opened. */
  seed({ objects }: Snapshot): void {
    const fanotify = this.#fanotify;
    if (!fanotify) return;
    for (const { kind, holders } of objects) {
      if (kind !== 'sysv' && kind !== 'memfd' && kind !== 'anonymous') continue;
      holders.some(({ pid, mappings }) => mappings.some((range) => this.#mark(fanotify, pid, range) >= 0));
    }
  }

  /** Remembers segments of our own namespace only: in others the same shmid is another one. */
  see({ pid, inode, name, start, end }: MapSeen): void {
    if (!this.#fanotify) return;
    const isOurs = name.startsWith('/SYSV') && this.#around.segment(inode)?.lpid === pid;
    if (isOurs && this.#marked.has(inode)) return;
    const failed = this.#mark(this.#fanotify, pid, { start, end });
    if (failed < 0 || !isOurs) return;
    if (this.#marked.size >= MOST_REMEMBERED) this.#marked.clear();
    this.#marked.add(inode);
  }

  /** The way to it takes the memory lock of the process: once one has not answered, each is asked for before it is taken. */
  #mark(fanotify: FanotifySource, pid: number, range: Range): number {
    const path = mapFilesPath(this.#procRoot, pid, range);
    if (!this.#reader.isReadHere(pid) && this.#reader.stat(pid, path) === -ETIMEDOUT) return -ETIMEDOUT;
    return readPatiently(pid, () => fanotify.mark(this.#procRoot, pid, range));
  }

  /** The object is gone, and its mark with it. */
  forget({ id = '' }: ShmEvent): void {
    const [kind, , shmid] = id.split(':');
    if (kind === 'sysv') this.#marked.delete(Number(shmid));
  }
}
