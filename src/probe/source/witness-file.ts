// What a witness has written, for whoever judges: the latest batch of a running one too, without disturbing it.
// Nothing is opened where there is no store; a life is read only when somebody asks for it, and once until something changes.
import { closeSync, statSync } from 'node:fs';
import type { Folder } from '../../files/folder.ts';
import { isRefused } from '../../files/trust.ts';
import type { Libc } from '../../native/libc.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import { decodeJson, Misfit } from '../model/decode/decode.ts';
import * as decode from '../model/decode/life-decoder.ts';
import { identityOf } from '../model/life/identity-of.ts';
import type { Identified, Knowledge, KnownLives, Life, Watch } from '../model/life/life.ts';
import { once } from '../model/once.ts';
import { bootIdOf } from './boot-id.ts';
import type { Io } from './io.ts';
import { ownView } from './own-view.ts';
import { type Database, loadSqlite, sqliteFault } from './sqlite.ts';
import { CAUTION, kindOfDatabase, MOST_DATABASE_BYTES } from './witness-database.ts';
import { openWitnessFolder, readWriter } from './witness-place.ts';
import { DATABASE_NAME, witnessInode } from './witness-there.ts';

type Statement = ReturnType<Database['prepare']>;

interface Opened {
  readonly folder: Folder;
  readonly inode: number;
  readonly database: Database;
  readonly boot: Statement;
  readonly life: Statement;
  readonly count: Statement;
  readonly all: Statement;
  readonly ofId: Statement;
  /** Of the boot row, when it was last read. */
  changes: number;
  watchText: string;
  watch: Watch | undefined;
  /** Of the boot row. */
  number: number;
  /** By identity; undefined: nothing is known. */
  readonly lives: Map<string, Life | undefined>;
  /** Texts of all lives, by identity, once so many were asked for that one reading of all costs less; not decoded yet. */
  texts: ReadonlyMap<unknown, unknown> | undefined;
  /** When that is considered next. */
  readAllFrom: number;
}

/** `+`: no index, since all are read in the order of their rows (sqlite.org/optoverview.html). */
const ALL = 'SELECT identity, life FROM life WHERE +boot = ?';
/** Fewer are looked up one by one, whatever is there. */
const READ_ALL_FROM = 128;
/** A row costs so many times less when all are read than when it is looked up: who has asked for that share reads all. */
const READ_ALL_SHARE = 16;
const MOST_REMEMBERED = 50_000;
const BUSY_MS = 50;
const AGAIN_MS = 5000;

export class WitnessFile {
  readonly #folders: readonly string[];
  readonly #libc: Libc | undefined;
  readonly #bootId: () => string | undefined;
  readonly #view = once(ownView);
  #opened: Opened | undefined;
  /** A store that is there and cannot be used: looked at again after a while, or once it is another file. */
  #refused: { readonly inode: number; readonly problem: string; readonly sinceMs: number } | undefined;

  /** `folders`: see `witnessFolders` (files/homes.ts); the first with a store counts. */
  constructor(folders: readonly string[], io: Io, libc: Libc | undefined) {
    this.#folders = folders;
    this.#libc = libc;
    this.#bootId = once(() => bootIdOf(io));
  }

  /** Why a store that is there tells nothing, in words; undefined: none is there, or it is read. */
  get problem(): string | undefined {
    return this.#refused?.problem;
  }

  /** What is known now. One stat(2) a folder where there is no store. Undefined: nothing. Never throws. */
  knowledge(): Knowledge | undefined {
    const opened = this.#current();
    const watch = opened && this.#attempt(opened, () => this.#watchOf(opened));
    if (!opened || !watch) return undefined;
    return { watch, lifeOf: (object) => this.#attempt(opened, () => lifeOf(opened, object)) };
  }

  /**
   * All lives of this boot, of what is gone too, or only those under this id (`ShmObject.id`, which returns), oldest first; in
   * words why a store that is there tells nothing.
   */
  lives(id?: string): KnownLives | string {
    const opened = this.#current();
    const known = opened && this.#attempt(opened, () => this.#livesOf(opened, id));
    return known ?? this.problem ?? { lives: [] };
  }

  #livesOf(opened: Opened, id: string | undefined): KnownLives {
    const watch = this.#watchOf(opened);
    if (!watch) return { lives: [] };
    const rows = id === undefined ? opened.all.all(opened.number) : opened.ofId.all(opened.number, id);
    return { watch, lives: rows.flatMap(({ identity, life }) => decoded(identity, life) ?? []) };
  }

  close(): void {
    if (!this.#opened) return;
    const { folder, database } = this.#opened;
    this.#opened = undefined;
    closeSync(folder.fd);
    try {
      database.close();
    } catch {
      // SQLITE_IOERR: it was only read
    }
  }

  /** The open store, if it is still the file of that name. */
  #current(): Opened | undefined {
    for (const path of this.#folders) {
      const inode = witnessInode(path);
      if (inode === undefined) continue;
      if (this.#opened?.inode === inode) return this.#opened;
      if (this.#refused?.inode === inode && monotonicMs() - this.#refused.sinceMs < AGAIN_MS) return undefined;
      this.close();
      const opened = this.#open(path, inode);
      if (typeof opened === 'string') this.#refused = { inode, problem: opened, sinceMs: monotonicMs() };
      else {
        this.#refused = undefined;
        this.#opened = opened;
      }
      return this.#opened;
    }
    this.close();
    this.#refused = undefined;
    return undefined;
  }

  #open(path: string, inode: number): Opened | string {
    const folder = openWitnessFolder(path, 0);
    if (isRefused(folder)) return folder.reason;
    const opened = this.#openIn(folder, inode);
    if (typeof opened === 'string') closeSync(folder.fd);
    return opened;
  }

  #openIn(folder: Folder, inode: number): Opened | string {
    const path = `${folder.path}/${DATABASE_NAME}`;
    // On a disk of several machines it may be in use by another one: SQLite must not touch it then.
    if (readWriter(folder, this.#libc)?.bootId !== this.#bootId()) return `${path} is of another boot`;
    const open = loadSqlite();
    if (!open) return `${path} needs node:sqlite, which Node ${process.versions.node} does not have`;
    let database: Database | undefined;
    try {
      if (statSync(path).size > MOST_DATABASE_BYTES) return `${path} is too large`;
      database = new open(path, { readOnly: true });
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; ${CAUTION}`);
      const kind = kindOfDatabase(database);
      if (kind !== 'ours') {
        database.close();
        return kind === 'later' ? `${path} was written by a later shmtop` : `${path} is damaged`;
      }
      return {
        folder,
        inode,
        database,
        boot: database.prepare('SELECT number, changes, watch FROM boot WHERE id = ?'),
        life: database.prepare('SELECT life FROM life WHERE boot = ? AND identity = ?'),
        count: database.prepare('SELECT count(*) AS lives FROM life WHERE boot = ?'),
        all: database.prepare(`${ALL} ORDER BY rowid`),
        ofId: database.prepare(`${ALL} AND object = ? ORDER BY rowid`),
        changes: -1,
        watchText: '',
        watch: undefined,
        number: -1,
        lives: new Map(),
        texts: undefined,
        readAllFrom: READ_ALL_FROM,
      };
    } catch (error) {
      try {
        database?.close();
      } catch {
        // ERR_INVALID_STATE: it did not open
      }
      return `${path}: ${sqliteFault(error).words}`;
    }
  }

  /** The sign of life is read before the lives: what is read of them later can only be newer. */
  #watchOf(opened: Opened): Watch | undefined {
    const bootId = this.#bootId();
    const row = bootId === undefined ? undefined : opened.boot.get(bootId);
    if (bootId === undefined || !row) return undefined;
    const changes = Number(row.changes);
    const number = Number(row.number);
    // Texts are for one look: what is asked for again has been decoded.
    opened.texts = undefined;
    if (changes !== opened.changes || number !== opened.number || opened.lives.size > MOST_REMEMBERED) {
      opened.lives.clear();
      opened.readAllFrom = READ_ALL_FROM;
    }
    opened.changes = changes;
    opened.number = number;
    const text = String(row.watch);
    if (text !== opened.watchText) {
      const watch = decodeJson(text, decode.watch);
      opened.watch = watch instanceof Misfit || watch.bootId !== bootId ? undefined : watch;
      opened.watchText = text;
    }
    if (!opened.watch) return undefined;
    const writer = readWriter(opened.folder, this.#libc);
    // Pids, start times and control groups that another namespace tells are not those that we see.
    const isRunning = writer?.isRunning === true && writer.bootId === bootId && writer.view === this.#view();
    const who = isRunning ? { pid: writer.pid, role: writer.role } : { pid: undefined };
    return { ...opened.watch, isRunning, ...who };
  }

  /** A database that fails while it is read is closed: nothing is known then. */
  #attempt<Value>(opened: Opened, read: () => Value): Value | undefined {
    if (this.#opened !== opened) return undefined;
    try {
      return read();
    } catch (error) {
      const { words } = sqliteFault(error);
      this.close();
      const problem = `${opened.folder.path}/${DATABASE_NAME}: ${words}`;
      this.#refused = { inode: opened.inode, problem, sinceMs: monotonicMs() };
      return undefined;
    }
  }
}

function lifeOf(opened: Opened, object: Identified): Life | undefined {
  const { watch, lives } = opened;
  const identity = identityOf(object);
  if (identity === undefined || !watch) return undefined;
  const known = lives.get(identity);
  if (known || lives.has(identity)) return known;
  const life = decoded(identity, textOf(opened, identity));
  lives.set(identity, life);
  return life;
}

function textOf(opened: Opened, identity: string): unknown {
  const { life, lives, number } = opened;
  if (!opened.texts && lives.size >= opened.readAllFrom) mayReadAll(opened);
  return opened.texts ? opened.texts.get(identity) : life.get(number, identity)?.life;
}

function mayReadAll(opened: Opened): void {
  const { count, all, number, lives } = opened;
  opened.readAllFrom = 2 * lives.size;
  if (lives.size * READ_ALL_SHARE < Number(count.get(number)?.lives)) return;
  const texts = new Map<unknown, unknown>();
  for (const { identity, life } of all.iterate(number)) texts.set(identity, life);
  opened.texts = texts;
}

/** Undefined: not there, or damaged, or not of this object. */
function decoded(identity: unknown, text: unknown): Life | undefined {
  if (typeof text !== 'string') return undefined;
  const life = decodeJson(text, decode.life);
  return life instanceof Misfit || life.identity !== identity ? undefined : life;
}
