// Writes what a witness saw: each batch one transaction, lives as JSON, and no more of them than there is room for.
import { decodeJson, Misfit } from '../probe/model/decode/decode.ts';
import * as decode from '../probe/model/decode/life-decoder.ts';
import type { Life, Watch } from '../probe/model/life/life.ts';
import { type Database, sqliteFault } from '../probe/source/sqlite.ts';
import type { WitnessBatch, WitnessStore } from './store.ts';

/** What a row takes beside its texts: header, numbers, entry of the index. */
const ROW_BYTES = 64;
const PAGE_BYTES = 4096;
const PAGE_HEADER_BYTES = 12;
/** A life of more is not kept: nobody's names and actors are so many. */
const MOST_BYTES_OF_ONE = 256 * 1024;

export interface WriterOptions {
  readonly path: string;
  readonly database: Database;
  readonly bootId: string;
  readonly mostLifeBytes: number;
  readonly isClaimed: () => boolean;
  /** Gives the writer's place free. */
  readonly release: () => void;
}

/** So many give way before it is asked again who takes most. */
const AT_A_TIME = 200;

type Statement = ReturnType<Database['prepare']>;

export class StoreWriter implements WitnessStore {
  readonly path: string;
  readonly #options: WriterOptions;
  readonly #boot: number;
  readonly #upsert: Statement;
  readonly #forget: Statement;
  readonly #beat: Statement;
  readonly #bytesOf: Statement;
  /** Of all lives that are kept. */
  #bytes: number;
  /** Identities that live and are not kept. */
  #leftOut = 0;

  /** Throws what SQLite throws. */
  constructor(options: WriterOptions) {
    const { database, bootId } = options;
    this.#options = options;
    this.path = options.path;
    database.exec('BEGIN IMMEDIATE');
    database.prepare('DELETE FROM life WHERE boot NOT IN (SELECT number FROM boot WHERE id = ?)').run(bootId);
    database.prepare('DELETE FROM boot WHERE id <> ?').run(bootId);
    database.prepare("INSERT OR IGNORE INTO boot (id, changes, watch) VALUES (?, 0, '')").run(bootId);
    database.exec('COMMIT');
    this.#boot = Number(database.prepare('SELECT number FROM boot').get()?.number);
    this.#upsert = database.prepare(
      `INSERT INTO life (boot, identity, object, uid, gone, bytes, life) VALUES (${this.#boot}, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET object = excluded.object, uid = excluded.uid, gone = excluded.gone,
       bytes = excluded.bytes, life = excluded.life`,
    );
    this.#forget = database.prepare(`DELETE FROM life WHERE boot = ${this.#boot} AND identity = ?`);
    this.#bytesOf = database.prepare(`SELECT bytes FROM life WHERE boot = ${this.#boot} AND identity = ?`);
    this.#beat = database.prepare(`UPDATE boot SET watch = ?, changes = changes + ? WHERE number = ${this.#boot}`);
    this.#bytes = Number(database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM life').get()?.bytes);
  }

  /** What is damaged is dropped: nothing is known of it then, and nothing follows. */
  load(): { readonly lives: readonly Life[]; readonly watch: Watch | undefined } {
    const { database, bootId } = this.#options;
    try {
      const lives: Life[] = [];
      for (const { identity, life } of database.prepare('SELECT identity, life FROM life').all()) {
        const decoded = decodeJson(String(life), decode.life);
        if (decoded instanceof Misfit || decoded.identity !== identity) this.#drop(String(identity));
        else lives.push(decoded);
      }
      const watch = decodeJson(String(database.prepare('SELECT watch FROM boot').get()?.watch), decode.watch);
      return { lives, watch: watch instanceof Misfit || watch.bootId !== bootId ? undefined : watch };
    } catch {
      return { lives: [], watch: undefined }; // SQLITE_CORRUPT, SQLITE_IOERR: as if nothing had been seen
    }
  }

  write({ lives, forgotten, watch }: WitnessBatch): string | undefined {
    const { database, mostLifeBytes } = this.#options;
    const before = { bytes: this.#bytes, leftOut: this.#leftOut };
    let hasBegun = false;
    try {
      database.exec('BEGIN IMMEDIATE');
      hasBegun = true;
      for (const identity of forgotten) this.#drop(identity);
      // At once, before the pages of the database are full: then nothing at all could be written, whoever it is of.
      for (const life of lives) {
        this.#put(life);
        if (this.#bytes > mostLifeBytes) this.#makeRoom();
      }
      const leftOut = this.#leftOut + (watch.leftOut ?? 0);
      const told = leftOut > 0 ? { ...watch, leftOut } : watch;
      this.#beat.run(JSON.stringify(told), lives.length + forgotten.length > 0 ? 1 : 0);
      database.exec('COMMIT');
      return undefined;
    } catch (error) {
      this.#bytes = before.bytes;
      this.#leftOut = before.leftOut;
      const { words } = sqliteFault(error);
      try {
        if (hasBegun) database.exec('ROLLBACK');
      } catch {
        // SQLITE_ERROR: it was rolled back already
      }
      return `${this.path}: ${words}`;
    }
  }

  isClaimed(): boolean {
    return this.#options.isClaimed();
  }

  close(): void {
    const { database, release } = this.#options;
    try {
      database.close();
    } catch {
      // SQLITE_FULL, SQLITE_IOERR: what is in the log is read from there
    }
    release();
  }

  #put(life: Life): void {
    const { identity, id, uid, goneMs } = life;
    const text = JSON.stringify(life);
    const bytes = roomOf(Buffer.byteLength(text) + 2 * identity.length + id.length + ROW_BYTES);
    // What cannot be kept as it is now must not stay as it was.
    if (bytes > MOST_BYTES_OF_ONE) {
      this.#drop(identity);
      this.#leftOut++;
      return;
    }
    this.#bytes += bytes - this.#keptBytes(identity);
    const gone = goneMs === undefined ? null : Math.floor(goneMs);
    this.#upsert.run(identity, id, uid ?? null, gone, bytes, text);
  }

  #drop(identity: string): void {
    const bytes = this.#keptBytes(identity);
    if (bytes > 0) this.#forget.run(identity);
    this.#bytes -= bytes;
  }

  /** 0: it is not kept. */
  #keptBytes(identity: string): number {
    return Number(this.#bytesOf.get(identity)?.bytes ?? 0);
  }

  /** Of the user who takes most: what is gone first, the oldest before others; then the latest. */
  #makeRoom(): void {
    const { database, mostLifeBytes } = this.#options;
    // A little more than is needed, so that not every life has to.
    const aim = mostLifeBytes - mostLifeBytes / 16;
    const remove = database.prepare('DELETE FROM life WHERE rowid = ?');
    const owner = database.prepare('SELECT uid FROM life GROUP BY uid ORDER BY sum(bytes) DESC LIMIT 1');
    const next = database.prepare(
      `SELECT rowid, bytes, gone FROM life WHERE uid IS ?
       ORDER BY gone IS NULL, gone, rowid DESC LIMIT ${AT_A_TIME}`,
    );
    while (this.#bytes > aim) {
      const rows = next.all(owner.get()?.uid ?? null);
      if (rows.length === 0) return;
      for (const { rowid, bytes, gone } of rows) {
        if (this.#bytes <= aim) return;
        remove.run(Number(rowid));
        this.#bytes -= Number(bytes);
        if (gone === null) this.#leftOut++;
      }
    }
  }
}

/** Of two rows of more than half a page only one is in it: what a row really takes (sqlite.org/fileformat2.html, b-tree pages). */
function roomOf(bytes: number): number {
  const inOne = Math.floor((PAGE_BYTES - PAGE_HEADER_BYTES) / bytes);
  return inOne === 0 ? bytes + PAGE_BYTES : Math.ceil(PAGE_BYTES / inOne);
}
