// Source: raw inotify on /dev/shm. What happens to names there, without pid, for those who may not use fanotify.
import { errnoName } from '../../native/errno.ts';
import { close, read } from '../../native/file.ts';
import { IN, inotifyAddWatch, inotifyInit } from '../../native/inotify.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import type { PollHandle } from '../../native/poll.ts';
import type { FileSeen } from '../model/event/observation.ts';
import { type InotifyEvent, parseInotifyEvents } from '../parse/inotify-record.ts';
import type { Io } from '../source/io.ts';
import type { LiveSource, Sink } from './source.ts';
import type { Wake } from './wake.ts';

const MASK =
  IN.CREATE | IN.OPEN | IN.MODIFY | IN.CLOSE_WRITE | IN.CLOSE_NOWRITE | IN.DELETE | IN.MOVED_FROM | IN.MOVED_TO;
const BUFFER_BYTES = 65_536;
/** More names than these are forgotten, the oldest first: the end of some may have been lost in a full queue. */
const MOST_NAMES = 200_000;

interface Remembered {
  readonly device: number;
  readonly inode: number;
}

export class InotifySource implements LiveSource {
  readonly name = 'inotify';
  readonly #libc: Libc;
  readonly #wake: Wake;
  readonly #io: Io;
  readonly #shmRoot: string;
  /** Path below the root by watch. */
  readonly #directories = new Map<number, string>();
  /** Inodes by name: an event of a name that is already gone must still say which object it was. */
  readonly #inodes = new Map<string, Remembered>();
  #fd = -1;
  #handle: PollHandle | undefined;
  #buffer: NativeMemory | undefined;
  #sink: Sink | undefined;

  constructor(libc: Libc, wake: Wake, io: Io, shmRoot: string) {
    this.#libc = libc;
    this.#wake = wake;
    this.#io = io;
    this.#shmRoot = shmRoot;
  }

  describe() {
    return {
      sees: 'inotify: creation, opens, closes, size and removal of names in /dev/shm',
      misses: 'who did it; mappings of POSIX objects; sub-directories made by others and not readable',
    };
  }

  start(sink: Sink): string | undefined {
    this.#fd = inotifyInit(this.#libc);
    if (this.#fd < 0) return `inotify_init1: ${errnoName(this.#fd)}`;
    const failed = this.#addDirectory('');
    if (failed < 0) {
      this.stop();
      return `watching ${this.#shmRoot}: ${errnoName(failed)}`;
    }
    this.#buffer = this.#libc.allocate(BUFFER_BYTES);
    this.#sink = sink;
    this.#handle = this.#wake(this.#fd, () => {
      if (this.#read(0xffffffff)) sink.done();
    });
    return undefined;
  }

  drain(): void {
    while (this.#read(0xffffffff));
  }

  /** To be called after we opened objects ourselves (a sample does): opens and closes so far are not told. */
  skipOwn(): void {
    while (this.#read(~(IN.OPEN | IN.CLOSE_WRITE | IN.CLOSE_NOWRITE)));
  }

  /** One read(2); false when there was nothing. Bits outside `mask` are not told. */
  #read(mask: number): boolean {
    const buffer = this.#buffer;
    const sink = this.#sink;
    if (!buffer || !sink) return false;
    const count = read(this.#libc, this.#fd, buffer.address, BUFFER_BYTES);
    if (count <= 0) return false;
    const atMs = performance.timeOrigin + performance.now();
    parseInotifyEvents(buffer.bytes, count, (event) => this.#hand({ ...event, mask: event.mask & mask }, atMs, sink));
    return true;
  }

  stop(): void {
    this.#handle?.close();
    this.#handle = undefined;
    if (this.#fd >= 0) close(this.#libc, this.#fd);
    this.#fd = -1;
  }

  /** Watches a directory and those in it; what is in them becomes known. */
  #addDirectory(below: string): number {
    const path = this.#shmRoot + below;
    const watch = inotifyAddWatch(this.#libc, this.#fd, path, MASK);
    if (watch < 0) return watch;
    this.#directories.set(watch, below);
    const names = this.#io.readDir(path);
    for (const child of typeof names === 'number' ? [] : names) {
      const stat = this.#stat(`${below}/${child}`);
      if (stat !== undefined && (stat.mode & 0o170000) === 0o040000) this.#addDirectory(`${below}/${child}`);
    }
    return 0;
  }

  #stat(name: string) {
    const stat = this.#io.stat(this.#shmRoot + name, 'nofollow');
    if (typeof stat === 'number') return undefined;
    this.#inodes.delete(name);
    if (this.#inodes.size >= MOST_NAMES)
      for (const oldest of this.#inodes.keys()) {
        this.#inodes.delete(oldest);
        break;
      }
    this.#inodes.set(name, { device: stat.device, inode: stat.inode });
    return stat;
  }

  #hand({ watch, mask, name: child }: InotifyEvent, atMs: number, { see }: Sink): void {
    if (mask & IN.Q_OVERFLOW) {
      see({ kind: 'lost', source: 'inotify', atMs, count: 1, detail: 'events of inotify: its queue was full' });
      return;
    }
    const below = this.#directories.get(watch);
    if (below === undefined || child === undefined) return;
    const name = `${below}/${child}`;
    if (mask & IN.ISDIR && mask & IN.CREATE) this.#addDirectory(name);
    const isFile = (mask & IN.ISDIR) === 0;
    // A file that replaced another of its name is another object.
    const needsStat = mask & (IN.CREATE | IN.MOVED_TO | IN.MODIFY) || !this.#inodes.has(name);
    const sizeBytes = needsStat ? this.#stat(name)?.sizeBytes : undefined;
    const object = this.#inodes.get(name);
    if (!object) {
      if (mask & IN.CREATE) {
        see({
          kind: 'lost',
          source: 'inotify',
          atMs,
          count: 1,
          detail: 'an object in /dev/shm that was gone before it could be looked at',
        });
      }
      return;
    }
    const tell = (what: FileSeen['what']) =>
      see({ kind: 'file', source: 'inotify', atMs, what, name, sizeBytes, ...object });
    if (mask & IN.CREATE) tell('created');
    if (mask & IN.MOVED_TO) tell('renamed');
    if (mask & IN.OPEN && isFile) tell('opened');
    if (mask & IN.MODIFY) tell('modified');
    if (mask & (IN.CLOSE_WRITE | IN.CLOSE_NOWRITE) && isFile) tell('closed');
    if (mask & IN.DELETE) tell('unlinked');
    if (mask & (IN.DELETE | IN.MOVED_FROM)) this.#inodes.delete(name);
  }
}
