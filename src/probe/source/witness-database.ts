// The database of a witness: its tables, its version, and whether a file is one of ours. Read by everybody, written by src/witness.
import type { Database } from './sqlite.ts';

/** Of PRAGMA user_version. A higher one was written by a later shmtop: it is neither read nor touched. */
export const VERSION = 1;

/** A life is JSON text (life.ts); its bytes count against the room; `gone` and `uid` decide what gives way. */
export const TABLES: Readonly<Record<string, string>> = {
  boot: `CREATE TABLE boot (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  changes INTEGER NOT NULL,
  watch TEXT NOT NULL
) STRICT`,
  life: `CREATE TABLE life (
  boot INTEGER NOT NULL,
  identity TEXT NOT NULL,
  object TEXT NOT NULL,
  uid INTEGER,
  gone INTEGER,
  bytes INTEGER NOT NULL,
  life TEXT NOT NULL,
  UNIQUE (boot, identity)
) STRICT`,
};

/** What the database is: new (nothing in it), ours, of a later version, or something else. Throws what SQLite throws. */
export function kindOfDatabase(database: Database): 'new' | 'ours' | 'later' | 'other' {
  const version = Number(Object.values(database.prepare('PRAGMA user_version').get() ?? {})[0]);
  if (version > VERSION) return 'later';
  const made = database.prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").all();
  if (version === 0 && made.length === 0) return 'new';
  const isOurs =
    version === VERSION &&
    made.length === Object.keys(TABLES).length &&
    made.every(({ name, sql }) => typeof name === 'string' && TABLES[name] === sql);
  return isOurs ? 'ours' : 'other';
}

/** Nothing in a file may act, and no row is believed to be where it is said to be (sqlite.org/security.html). */
export const CAUTION = 'PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0';

/** A file beyond this was not written by us. */
export const MOST_DATABASE_BYTES = 64 * 1024 * 1024;
