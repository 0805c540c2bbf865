// Source: fanotify. Who lets go of segments (marks on their inodes) and what happens to names and files in /dev/shm.
import { ENOSPC, errnoName } from '../../native/errno.ts';
import { FAN, fanotifyInit, fanotifyMark } from '../../native/fanotify.ts';
import { close, read } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { PollHandle } from '../../native/poll.ts';
import type { FileSeen, Range } from '../model/event/observation.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { type FanotifyEvent, parseFanotifyEvents } from '../parse/fanotify-record.ts';
import type { OwnTools } from '../source/own-tools.ts';
import type { LiveSource, Sink } from './source.ts';
import type { Wake } from './wake.ts';

export interface FanotifyOptions {
  /** Where POSIX objects live; absent where it is no file system of its own, whose every file would be reported. */
  readonly shmRoot?: string;
  readonly device?: DeviceNumber;
  readonly rootInode?: number;
  /** Path below the mount of a directory in it. */
  readonly directoryName: (inode: number) => string | undefined;
  /** Bytes of the file of this name; undefined when it is gone. */
  readonly sizeOf: (name: string) => number | undefined;
  /** Was it another shmtop that had this pid then? Its looks at files are not told. */
  readonly ownTools: Pick<OwnTools, 'refresh' | 'isOurs'>;
  readonly wake: Wake;
  /** Called before events are handed on: attaches that came before the closes must be told first. */
  readonly before: () => void;
}

const SEGMENT_MASK = FAN.CLOSE_WRITE | FAN.CLOSE_NOWRITE;
const SHM_MASK =
  SEGMENT_MASK | FAN.OPEN | FAN.MODIFY | FAN.CREATE | FAN.DELETE | FAN.DELETE_SELF | FAN.MOVED_FROM | FAN.MOVED_TO;
const BUFFER_BYTES = 65_536;

/** What is read in one go, so that other work of the thread is not kept waiting: some 10,000 events. */
const MOST_READS = 16;
const GROUP = FAN.CLOEXEC | FAN.NONBLOCK | FAN.REPORT_NAMES;

/**
 * A descriptor, or -errno where we are not told who does what. Queue and marks have the limits of the system
 * (fs.fanotify.max_queued_events, max_user_marks): others decide how much happens, and we may be stopped; without them the
 * kernel's memory grows for as long as nobody reads.
 */
export function openGroup(libc: Libc): number {
  const unlimited = fanotifyInit(libc, GROUP | FAN.UNLIMITED_QUEUE); // only who may have this is told pids
  if (unlimited < 0) return unlimited;
  close(libc, unlimited);
  return fanotifyInit(libc, GROUP);
}

export class FanotifySource implements LiveSource {
  readonly name = 'fanotify';
  readonly #libc: Libc;
  readonly #options: FanotifyOptions;
  readonly #buffer: NativeMemory;
  #segments = -1;
  #files = -1;
  #handles: PollHandle[] = [];
  #isFull = false;
  #sink: Sink | undefined;

  constructor(libc: Libc, options: FanotifyOptions) {
    this.#libc = libc;
    this.#options = options;
    this.#buffer = libc.allocate(BUFFER_BYTES);
  }

  describe() {
    const files = this.#files >= 0 ? '; opens, closes, creation, removal and size of everything in /dev/shm' : '';
    return {
      sees: `fanotify: detaches with pid${files}`,
      misses: 'the detach of a process while another still holds the same attach by fork (the check finds it)',
    };
  }

  start(sink: Sink): string | undefined {
    this.#sink = sink;
    this.#segments = openGroup(this.#libc);
    if (this.#segments < 0) return `fanotify_init: ${errnoName(this.#segments)}`;
    this.#watch(this.#segments, (event, nowMs) => this.#segmentEvent(event, nowMs));
    const { shmRoot } = this.#options;
    if (shmRoot === undefined) return undefined;
    this.#files = openGroup(this.#libc);
    const failed =
      this.#files < 0
        ? this.#files
        : fanotifyMark(this.#libc, this.#files, FAN.MARK_FILESYSTEM, SHM_MASK | FAN.ONDIR, shmRoot);
    if (failed < 0) {
      if (this.#files >= 0) close(this.#libc, this.#files);
      this.#files = -1;
      return undefined; // inotify takes its place: `watchesFiles` says so
    }
    this.#watch(this.#files, (event, nowMs) => this.#fileEvent(event, nowMs));
    return undefined;
  }

  /** True when /dev/shm is watched too. */
  get watchesFiles(): boolean {
    return this.#files >= 0;
  }

  stop(): void {
    this.#sink = undefined;
    for (const handle of this.#handles.splice(0)) handle.close();
    for (const fd of [this.#segments, this.#files]) if (fd >= 0) close(this.#libc, fd);
    this.#segments = -1;
    this.#files = -1;
  }

  /**
   * Watches the object that a process maps at this range: 0, or -errno (-ENOENT: it is mapped there no more). Setting a mark
   * twice changes nothing; it goes with the object.
   */
  mark(procRoot: string, pid: number, { start, end }: Range): number {
    if (this.#segments < 0) return 0;
    const path = `${procRoot}/${pid}/map_files/${start.toString(16)}-${end.toString(16)}`;
    const failed = fanotifyMark(this.#libc, this.#segments, 0, SEGMENT_MASK, path);
    if (failed === -ENOSPC && !this.#isFull) {
      this.#isFull = true;
      const detail = 'detaches of further objects: the kernel marks no more of them (fs.fanotify.max_user_marks)';
      this.#lost(performance.timeOrigin + performance.now(), detail);
    }
    return failed;
  }

  #watch(fd: number, use: (event: FanotifyEvent, nowMs: number) => void): void {
    this.#handles.push(
      this.#options.wake(fd, () => {
        for (let reads = 0; reads < MOST_READS; reads++) {
          const count = read(this.#libc, fd, this.#buffer.address, BUFFER_BYTES);
          if (count <= 0 || !this.#sink) return;
          const nowMs = performance.timeOrigin + performance.now();
          this.#options.before();
          this.#options.ownTools.refresh();
          parseFanotifyEvents(this.#buffer.bytes, count, (event) => use(event, nowMs));
          this.#sink?.done();
          if (count < BUFFER_BYTES / 2) return; // that was all
        }
      }),
    );
  }

  #segmentEvent({ mask, pid, inode }: FanotifyEvent, atMs: number): void {
    if (mask & FAN.Q_OVERFLOW) {
      this.#overflow(atMs);
      return;
    }
    if (inode === undefined || pid <= 0 || pid === process.pid) return;
    this.#sink?.see({ kind: 'close', source: 'fanotify', atMs, pid, inode });
  }

  #fileEvent(event: FanotifyEvent, atMs: number): void {
    const { mask, pid, inode } = event;
    if (mask & FAN.Q_OVERFLOW) {
      this.#overflow(atMs);
      return;
    }
    const { device } = this.#options;
    if (inode === undefined || device === undefined || pid === process.pid) return;
    const isDirectory = (mask & FAN.ONDIR) !== 0;
    const name = this.#nameOf(event);
    const see = (what: FileSeen['what'], sizeBytes?: number) =>
      this.#sink?.see({
        kind: 'file',
        source: 'fanotify',
        atMs,
        what,
        device,
        inode,
        name,
        sizeBytes,
        pid: pid === 0 ? undefined : pid,
      });
    // Bits that one process set in a row come merged: told in the order in which a program would do them.
    if (mask & FAN.CREATE) see('created');
    if (mask & FAN.MOVED_TO) see('renamed');
    const isLook = isDirectory || this.#options.ownTools.isOurs(pid, atMs);
    if (mask & FAN.OPEN && !isLook) see('opened');
    if (mask & FAN.MODIFY && name !== undefined) see('modified', this.#options.sizeOf(name));
    if (mask & SEGMENT_MASK && !isLook) see('closed');
    if (mask & FAN.DELETE) see('unlinked');
    if (mask & FAN.DELETE_SELF) see('gone');
  }

  #nameOf({ directory, name }: FanotifyEvent): string | undefined {
    if (name === undefined || name === '.' || directory === undefined) return undefined;
    if (directory === this.#options.rootInode) return `/${name}`;
    const below = this.#options.directoryName(directory);
    return below === undefined ? undefined : `${below}/${name}`;
  }

  #overflow(atMs: number): void {
    this.#lost(atMs, 'events of fanotify: its queue was full');
  }

  #lost(atMs: number, detail: string): void {
    this.#sink?.see({ kind: 'lost', source: 'fanotify', atMs, count: 1, detail });
  }
}
