// Source: one fanotify group over every tmpfs of a /dev/shm. Who makes, opens, resizes, renames and removes which file there.
import { errnoName } from '../../native/errno.ts';
import { FAN, fanotifyMark } from '../../native/fanotify.ts';
import { close, fstatfs, open, read, statxOf } from '../../native/file.ts';
import { openTmpfsHandle, TMPFS_HANDLE_BYTES } from '../../native/file-handle.ts';
import { O_CLOEXEC, O_PATH, STATFS_LAYOUT, STATX_LAYOUT } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { type PollHandle, pollReadable } from '../../native/poll.ts';
import { openGroup } from '../../probe/live/fanotify.ts';
import { type FanotifyEvent, parseFanotifyEvents } from '../../probe/parse/fanotify-record.ts';
import type { FileFacts } from '../model/seen.ts';
import { type FileWho, readFileWho } from './file-who.ts';
import type { TerritoryPlace } from './territory.ts';

/** Without closes, which are half of all and tell nothing that the ends of processes do not. */
const MASK = FAN.CREATE | FAN.MOVED_TO | FAN.OPEN | FAN.MODIFY | FAN.DELETE | FAN.ONDIR;
const BUFFER_BYTES = 65_536;
const O_RDONLY = 0;

/** A watched tmpfs. */
export interface WatchedPlace {
  readonly device: string;
  readonly rootInode: number;
  /** A descriptor of its top (O_PATH, to be closed), or -errno. */
  reach: () => number;
  /** Round of looks in which it was last found. */
  round: number;
  /** When it was first watched, milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly fsid: string;
  readonly directories: Map<number, string>;
}

export interface FileEvent {
  readonly mask: number;
  readonly pid: number;
  readonly place: WatchedPlace;
  readonly facts: FileFacts;
  readonly rawName?: string;
}

export class FileEvents {
  readonly #libc: Libc;
  readonly #buffer: NativeMemory;
  readonly #handle: NativeMemory;
  readonly #record: NativeMemory;
  readonly #places = new Map<string, WatchedPlace>();
  #group = -1;
  #poll: PollHandle | undefined;
  /** Open for a moment only: neither a tmpfs nor a container may be kept from going. */
  #doors = new Map<WatchedPlace, number>();

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#buffer = libc.allocate(BUFFER_BYTES);
    this.#handle = libc.allocate(TMPFS_HANDLE_BYTES);
    this.#record = libc.allocate(STATX_LAYOUT.size);
  }

  start(): string | undefined {
    this.#group = openGroup(this.#libc);
    return this.#group < 0 ? `fanotify_init: ${errnoName(this.#group)}` : undefined;
  }

  /** Calls back whenever there may be something to drain. */
  wake(look: () => void): void {
    this.#poll = pollReadable(this.#libc, this.#group, look);
  }

  pause(): void {
    this.#poll?.stop();
  }

  resume(): void {
    this.#poll?.start();
  }

  stop(): void {
    this.closeDoors();
    this.#poll?.close();
    this.#poll = undefined;
    if (this.#group >= 0) close(this.#libc, this.#group);
    this.#group = -1;
  }

  get places(): Iterable<WatchedPlace> {
    return this.#places.values();
  }

  /** Watches the tmpfs that this directory is of: a place, new or known, or -errno. */
  watch(
    { path, device, rootInode, reach }: Pick<TerritoryPlace, 'path' | 'device' | 'rootInode' | 'reach'>,
    nowMs: number,
  ): { readonly place: WatchedPlace; readonly isNew: boolean } | number {
    const fsid = this.#fsidOf(path);
    if (typeof fsid === 'number') return fsid;
    const known = this.#places.get(fsid);
    if (known) {
      known.reach = reach;
      return { place: known, isNew: false };
    }
    const failed = fanotifyMark(this.#libc, this.#group, FAN.MARK_FILESYSTEM, MASK, path);
    if (failed < 0) return failed;
    const directories = new Map([[rootInode, '']]);
    const place: WatchedPlace = { device, rootInode, reach, round: 0, fsid, sinceMs: nowMs, directories };
    this.#places.set(fsid, place);
    return { place, isNew: true };
  }

  /** It is mounted nowhere that we know: its mark goes with it. */
  forget({ fsid }: WatchedPlace): void {
    this.#places.delete(fsid);
  }

  /** Reads up to so many buffers: whether there may be more. `overflow` is called where events are missing. */
  drain(most: number, use: (event: FileEvent) => void, overflow: () => void): boolean {
    for (let reads = 0; reads < most; reads++) {
      const count = read(this.#libc, this.#group, this.#buffer.address, BUFFER_BYTES);
      if (count <= 0) return false;
      parseFanotifyEvents(this.#buffer.bytes, count, (event) => {
        if (event.mask & FAN.Q_OVERFLOW) overflow();
        else this.#take(event, use);
      });
      if (count < BUFFER_BYTES / 2) return false;
    }
    return true;
  }

  #take({ mask, pid, inode, generation, fsid, directory, name }: FanotifyEvent, use: (event: FileEvent) => void): void {
    const place = fsid && this.#places.get(`${fsid[0]} ${fsid[1]}`);
    if (!place || inode === undefined || generation === undefined) return;
    if (inode === place.rootInode) return;
    const below = directory === undefined ? undefined : place.directories.get(directory);
    const rawName = name === undefined || name === '.' || below === undefined ? undefined : `${below}/${name}`;
    if (
      mask & FAN.ONDIR &&
      rawName !== undefined &&
      mask & (FAN.CREATE | FAN.MOVED_TO) &&
      place.directories.size < MOST_DIRECTORIES
    )
      place.directories.set(inode, rawName);
    if (mask & FAN.ONDIR && mask & FAN.DELETE) place.directories.delete(inode);
    const isAsked = (mask & (FAN.CREATE | FAN.MOVED_TO | FAN.MODIFY | FAN.DELETE)) !== 0;
    const who = isAsked ? this.#whoIs(place, inode, generation) : undefined;
    const facts: FileFacts = { device: place.device, inode, ...who };
    use({ mask, pid, place, rawName, facts: who ? { ...facts, bornMs: bornWatched(who, place.sinceMs) } : facts });
  }

  #whoIs(place: WatchedPlace, inode: number, generation: number): FileWho | undefined {
    const door = this.#door(place);
    const fd = door < 0 ? door : openTmpfsHandle(this.#libc, door, { inode, generation }, this.#handle);
    if (fd < 0) return undefined;
    const failed = statxOf(this.#libc, fd, this.#record.address);
    close(this.#libc, fd);
    return failed < 0 ? undefined : readFileWho(this.#record);
  }

  #door(place: WatchedPlace): number {
    const known = this.#doors.get(place);
    if (known !== undefined) return known;
    const top = place.reach();
    // A handle needs a descriptor that is really open: of this very tmpfs, and so of nothing that could make us wait.
    const isSame = top >= 0 && this.#fsidOfFd(top) === place.fsid;
    const fd = isSame ? open(this.#libc, `/proc/self/fd/${top}`, O_RDONLY | O_CLOEXEC) : -1;
    if (top >= 0) close(this.#libc, top);
    this.#doors.set(place, fd);
    return fd;
  }

  /** To be called after each round. */
  closeDoors(): void {
    for (const fd of this.#doors.values()) if (fd >= 0) close(this.#libc, fd);
    this.#doors.clear();
  }

  #fsidOf(path: string): string | number {
    const fd = open(this.#libc, path, O_PATH | O_CLOEXEC);
    if (fd < 0) return fd;
    const fsid = this.#fsidOfFd(fd);
    close(this.#libc, fd);
    return fsid;
  }

  #fsidOfFd(fd: number): string | number {
    const failed = fstatfs(this.#libc, fd, this.#record.address);
    if (failed < 0) return failed;
    const at = STATFS_LAYOUT.fsid / 4;
    return `${this.#record.u32[at]} ${this.#record.u32[at + 1]}`;
  }
}

/** Names in more directories than these are told without their way. */
const MOST_DIRECTORIES = 10_000;
const AHEAD_MS = 1000;

/** When it was born, if that is after its file system was watched and not still to come. */
function bornWatched({ birthNs }: FileWho, sinceMs: number): number | undefined {
  if (birthNs === undefined) return undefined;
  const bornMs = Number(birthNs.slice(0, -6));
  return bornMs > sinceMs && bornMs < Date.now() + AHEAD_MS ? bornMs : undefined;
}
