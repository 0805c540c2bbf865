// Opens the store of a witness for writing: the folder ours, the writer's place free, the database whole, or a new one.
import { closeSync, constants, ftruncateSync, openSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import type { Folder } from '../files/folder.ts';
import { MOST_FOLDERS } from '../files/homes.ts';
import { isRefused } from '../files/trust.ts';
import { EAGAIN, errnoName } from '../native/errno.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { isByteLocked, lockByte } from '../native/record-lock.ts';
import type { WriterRole } from '../probe/model/life/life.ts';
import { ownView } from '../probe/source/own-view.ts';
import { type Database, isDamage, loadSqlite, type OpenDatabase, sqliteFault } from '../probe/source/sqlite.ts';
import { CAUTION, kindOfDatabase, MOST_DATABASE_BYTES, TABLES, VERSION } from '../probe/source/witness-database.ts';
import {
  DATABASE_FILES,
  LOCK_NAME,
  LOCK_OF,
  lockText,
  openWitnessFolder,
  readWriter,
} from '../probe/source/witness-place.ts';
import { DATABASE_NAME } from '../probe/source/witness-there.ts';
import type { StoreRefused, WitnessStore } from './store.ts';
import { StoreWriter } from './store-writer.ts';

/** Room for what is written: pages of the database (PRAGMA max_page_count), and lives in them. */
export interface StoreRoom {
  readonly mostBytes: number;
  readonly mostLifeBytes: number;
}

const MIB = 1024 * 1024;
/** The log beside the database takes up to 4 MiB more, 20 in all. */
const USUAL_ROOM: StoreRoom = { mostBytes: 16 * MIB, mostLifeBytes: 11 * MIB };
const PAGE_BYTES = 4096;

/**
 * `bootId`: /proc/sys/kernel/random/boot_id; what other boots left is dropped. A damaged database is set aside under the name
 * `witness.db.damaged`, and a new one begun. Never throws.
 */
export function openStore(
  directory: string,
  bootId: string,
  room: StoreRoom = USUAL_ROOM,
  role: WriterRole = 'witness',
): WitnessStore | StoreRefused {
  const libc = loadLibc();
  if (!isLibc(libc)) return { problem: `a witness needs native calls: ${libc.reason}` };
  const open = loadSqlite();
  if (!open)
    return { problem: `a witness needs node:sqlite, which Node ${process.versions.node} does not have (22.13 has it)` };
  const folder = openWitnessFolder(directory, MOST_FOLDERS);
  if (isRefused(folder)) return { problem: folder.reason };
  const lock = takePlace(folder, libc, bootId, role);
  if (typeof lock !== 'number') {
    closeSync(folder.fd);
    return lock;
  }
  const path = `${folder.path}/${DATABASE_NAME}`;
  const release = () => {
    closeSync(lock);
    closeSync(folder.fd);
  };
  try {
    const database = openSound(folder, path, open, room);
    if ('problem' in database) {
      release();
      return database;
    }
    const isClaimed = () => isByteLocked(libc, lock, LOCK_OF.claimant) === 1;
    return new StoreWriter({ path, database, bootId, mostLifeBytes: room.mostLifeBytes, isClaimed, release });
  } catch (error) {
    release();
    return { problem: `${path}: ${errorCode(error) ?? ''} ${sqliteFault(error).words}` };
  }
}

/** The lock file, open and locked, with our pid in it; or who has it. */
function takePlace(folder: Folder, libc: Libc, bootId: string, role: WriterRole): number | StoreRefused {
  const path = `${folder.path}/${LOCK_NAME}`;
  let fd: number | undefined;
  try {
    fd = openSync(folder.at(LOCK_NAME), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    const locked = lockByte(libc, fd, LOCK_OF.writer);
    if (locked === 0) {
      ftruncateSync(fd);
      writeSync(fd, lockText({ pid: process.pid, bootId, view: ownView(), role }), 0);
      return fd;
    }
    closeSync(fd);
    if (locked !== -EAGAIN) return { problem: `${path} cannot be locked: ${errnoName(locked)}` };
    const other = readWriter(folder, libc);
    const who = other === undefined || other.role === 'witness' ? 'a witness runs' : `a ${other.role} records`;
    const whose = other === undefined ? '' : ` (process ${other.pid})`;
    return { problem: `${who} already${whose}`, isTaken: true, pid: other?.pid, role: other?.role };
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    return { problem: `${path}: ${errorCode(error)}` };
  }
}

function openSound(folder: Folder, path: string, open: OpenDatabase, room: StoreRoom): Database | StoreRefused {
  if ((statSync(folder.at(DATABASE_NAME), { throwIfNoEntry: false })?.size ?? 0) > MOST_DATABASE_BYTES)
    setAside(folder);
  const first = tryOpen(path, open, room);
  if (first !== 'damaged') return first;
  setAside(folder);
  const second = tryOpen(path, open, room);
  return second === 'damaged' ? { problem: `${path} is damaged, and so is a new one: is the disk sound?` } : second;
}

function tryOpen(path: string, open: OpenDatabase, room: StoreRoom): Database | StoreRefused | 'damaged' {
  // SQLite gives its other files the mode of the first.
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600));
  let database: Database | undefined;
  try {
    database = new open(path);
    database.exec(`PRAGMA busy_timeout = 200; ${CAUTION}`);
    const kind = kindOfDatabase(database);
    if (kind === 'later') {
      closeQuietly(database);
      return { problem: `${path} was written by a later shmtop: use that one, or another folder` };
    }
    const isSound = kind === 'new' || (kind === 'ours' && isWhole(database));
    if (isSound) {
      settle(database, room);
      if (kind === 'new')
        database.exec(`BEGIN; ${Object.values(TABLES).join(';')}; PRAGMA user_version = ${VERSION}; COMMIT`);
      return database;
    }
  } catch (error) {
    if (database) closeQuietly(database);
    if (!isDamage(sqliteFault(error))) throw error;
    return 'damaged';
  }
  closeQuietly(database);
  return 'damaged';
}

function closeQuietly(database: Database): void {
  try {
    database.close();
  } catch {
    // SQLITE_CORRUPT, SQLITE_IOERR: nothing of it is used; ERR_INVALID_STATE: it did not open
  }
}

const isWhole = (database: Database) =>
  Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok';

/** The log makes every batch one step that readers see whole or not at all, and that a SIGKILL cannot halve. */
function settle(database: Database, { mostBytes }: StoreRoom): void {
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 500;
     PRAGMA journal_size_limit = ${2 * MIB}; PRAGMA cache_size = -1024; PRAGMA temp_store = MEMORY;
     PRAGMA max_page_count = ${Math.ceil(mostBytes / PAGE_BYTES)}`,
  );
}

/** Kept for whoever wants to know what became of it, in place of an earlier one. */
function setAside(folder: Folder): void {
  for (const name of DATABASE_FILES) {
    try {
      if (name === DATABASE_NAME) renameSync(folder.at(name), folder.at(`${name}.damaged`));
      else unlinkSync(folder.at(name));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}
