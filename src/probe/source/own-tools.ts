// The shmtops that run beside this one, so that one observer does not take the checks of another for somebody's use. Each says
// who it is in a folder that only its user (or root) can write to: no name, title or path that anybody can take is believed.
import { closeSync, constants, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import type { Io } from './io.ts';
import { readNamespace } from './namespace-link.ts';
import { type Folder, isHeld, isHeldNow, readEntry, readEntryIn, unlink, withFolder } from './own-entry.ts';
import { isStat, readPidStat } from './pid-stat.ts';

/** One entry: the file is named after the pid, and holds this. */
interface Announced {
  readonly startTicks: string;
  /** When it was last known to run, milliseconds since the epoch. */
  lastSeenMs: number;
}

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
/** So many are looked at for what may be taken away, each at some system calls. */
const MOST_SWEPT = 16;
/** What has ended is still known that long, since events are read a little later than they happen. */
const KNOWN_AFTER_END_MS = 2000;

/** Folders of root and of this user. Not told by the environment, which under sudo is another user's. */
function foldersOf(uid: number): readonly Folder[] {
  const ofRoot = { path: '/run/shmtop', uid: 0 };
  return uid === 0 ? [ofRoot] : [ofRoot, { path: `/run/user/${uid}/shmtop`, uid }];
}

export class OwnTools {
  readonly #io: Io;
  readonly #isOwnProc: boolean;
  readonly #uid = process.geteuid?.() ?? 0;
  readonly #folders: readonly Folder[];
  #isAnnounced = false;
  #readMs = '';
  /** Who has announced himself, by pid, and the user whose folder it was in: read only when somebody asks about that pid. */
  #announced = new Map<number, Folder>();
  /** What was read since then; undefined: nothing to be believed. Whoever takes the pid again writes, and the folder changes. */
  #known = new Map<number, Announced | undefined>();
  #before: ReadonlyMap<number, Announced | undefined> = new Map();
  #pidNamespace: string | undefined;

  /** `isOwnProc`: /proc is that of our own pids; else nobody is recognised. `folders` are for tests. */
  constructor(io: Io, isOwnProc: boolean, folders?: readonly Folder[]) {
    this.#io = io;
    this.#isOwnProc = isOwnProc;
    this.#folders = folders ?? foldersOf(this.#uid);
  }

  /** Says once who we are, where there is a place for it; to be called before anything is opened that others may see. */
  announce(): void {
    if (this.#isAnnounced || !this.#isOwnProc) return;
    this.#isAnnounced = true;
    const folder = this.#folders.findLast(({ uid }) => uid === this.#uid);
    const stat = readPidStat(this.#io, '/proc', 'self');
    if (!folder || !isStat(stat)) return;
    try {
      mkdirSync(folder.path, 0o755);
    } catch {
      // EEXIST; ENOENT, EACCES, EROFS: then the next step fails too
    }
    try {
      withFolder(folder, (fd) => {
        this.#sweep(fd);
        const path = `/proc/self/fd/${fd}/${process.pid}`;
        // Another thread of ours, or another sampler: it is locked by us already, and lives as long as we do.
        const [startTicks, namespace] = readEntry(path, folder.uid) ?? [];
        if (startTicks === String(stat.startTicks) && namespace === this.#namespace()) return;
        unlink(path);
        const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
        writeSync(file, `${stat.startTicks} ${this.#namespace()}\n`);
        if (!isHeldNow(file)) closeSync(file);
      });
    } catch {
      // ENOENT, EACCES, EROFS, ENOSPC: then others take our checks for use, as they take those of any program
    }
  }

  /**
   * Was it another shmtop, of root or of this user, that had this pid at that time (milliseconds since the epoch)? Of those
   * that were known at the last `refresh`.
   */
  isOurs(pid: number, atMs = Date.now()): boolean {
    const known = this.#find(pid);
    if (!known) return false;
    if (this.#runs(pid, known)) known.lastSeenMs = Math.max(known.lastSeenMs, Date.now());
    return atMs <= known.lastSeenMs + KNOWN_AFTER_END_MS;
  }

  /** Whether something of this pid has announced itself; it may have ended, or be of another pid namespace. Of the last `refresh`. */
  mayBeOurs(pid: number): boolean {
    return this.#announced.has(pid);
  }

  #runs(pid: number, { startTicks }: Pick<Announced, 'startTicks'>): boolean {
    const stat = readPidStat(this.#io, '/proc', pid);
    return isStat(stat) && String(stat.startTicks) === startTicks;
  }

  /** Costs one stat(2) a folder where nobody has come since the last time. */
  refresh(): void {
    if (!this.#isOwnProc) return;
    const times = this.#folders.map(({ path }) => statSync(path, { throwIfNoEntry: false, bigint: true })?.mtimeNs);
    const now = times.join(' ');
    if (now === this.#readMs) return;
    this.#readMs = now;
    this.#announced = new Map();
    this.#before = this.#known;
    this.#known = new Map();
    for (const folder of this.#folders) {
      try {
        withFolder(folder, (fd) => this.#readNames(fd, folder));
      } catch {
        // ENOENT, EACCES: nobody has announced himself there, or not to us
      }
    }
  }

  /** Names alone: what has ended leaves its entry, and in a folder that is shared by many pid namespaces that is hundreds. */
  #readNames(fd: number, folder: Folder): void {
    for (const name of readdirSync(`/proc/self/fd/${fd}`)) {
      const pid = Number(name);
      if (Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid) this.#announced.set(pid, folder);
    }
  }

  #find(pid: number): Announced | undefined {
    const folder = this.#announced.get(pid);
    if (!folder) return undefined;
    if (!this.#known.has(pid)) this.#known.set(pid, this.#read(pid, folder));
    return this.#known.get(pid);
  }

  #read(pid: number, folder: Folder): Announced | undefined {
    const [startTicks, namespace, writtenMs] = readEntryIn(folder, pid) ?? [];
    if (startTicks === undefined || namespace !== this.#namespace()) return undefined;
    const before = this.#before.get(pid);
    return before?.startTicks === startTicks ? before : { startTicks, lastSeenMs: Number(writtenMs) };
  }

  /** Takes away what some of those have left who ended a while ago: each shmtop a few, from another place on, so that all go. */
  #sweep(fd: number): void {
    const names = readdirSync(`/proc/self/fd/${fd}`);
    const start = Math.floor(Math.random() * names.length);
    for (const name of [...names.slice(start), ...names.slice(0, start)].slice(0, MOST_SWEPT)) {
      const path = `/proc/self/fd/${fd}/${name}`;
      const [startTicks, namespace, writtenMs] = readEntry(path, this.#uid) ?? [];
      if (startTicks === undefined || Date.now() - Number(writtenMs) <= 10 * KNOWN_AFTER_END_MS) continue;
      // Whether a pid of another namespace still runs, nobody here can look up; its lock goes with it.
      const isHere = namespace === this.#namespace();
      if (!(isHere ? this.#runs(Number(name), { startTicks }) : isHeld(path))) unlink(path);
    }
  }

  /** Pids mean something only within one. */
  #namespace(): string {
    this.#pidNamespace ??= readNamespace(this.#io, '/proc', 'self', 'pid') ?? '0';
    return this.#pidNamespace;
  }
}
