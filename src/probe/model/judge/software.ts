// What known software does with shared memory: how a row of the table is matched, and what it means for a verdict.
import type { ByteString } from '../bytes.ts';
import type { SoftwareMatch } from '../object.ts';
import { firstLetter } from './expression-start.ts';
import { nameInSandbox } from './sandbox-name.ts';

/** When an object that nobody holds may be called a leftover of this software. */
export type LeftoverRule =
  /** Never: kept on purpose (vetoes "abandoned"). */
  | { readonly when: 'never'; readonly because: 'keeps' | 'user-data' | 'vendor-tool' }
  /** The pid in the name is proven dead, and no process of the owner has a command name that `andNoProcess` matches. */
  | {
      readonly when: 'name-pid-dead';
      readonly andNoProcess?: RegExp;
      /** The process named is its only maker and hands it to nobody: that others of the software run says nothing. */
      readonly isOfOneProcess?: true;
    }
  /**
   * No process of the owner (`user`) or of anybody (`any`) has a command name, executable or first argument (base names)
   * that `comm` matches, or has mapped a file whose path `library` matches.
   */
  | {
      readonly when: 'no-process';
      readonly comm: RegExp;
      readonly of: 'user' | 'any';
      readonly library?: RegExp;
      /**
       * A process that has mapped a file like `ifMapped`, and none like `unlessMapped`, has not made such objects: it may still
       * be told of one, so that nothing is proven while it runs.
       */
      readonly bystander?: { readonly ifMapped: RegExp; readonly unlessMapped: RegExp };
    }
  /** Being visible and unheld is enough, after the patience. */
  | { readonly when: 'unheld' }
  /** The table knows the software but no rule that proves a leftover: neither vetoes nor supports. */
  | { readonly when: 'unknown' };

export interface SoftwareRow {
  /** What to match. `posix`: the path below /dev/shm (raw bytes); a group `pid` is the pid in the name. */
  readonly match:
    | { readonly on: 'posix'; readonly path: RegExp }
    | { readonly on: 'memfd'; readonly name: RegExp }
    /** The path of an ordinary file that is mapped shared. */
    | { readonly on: 'file'; readonly path: RegExp }
    /** A file in /dev/shm without a name says nothing itself: the command name of one of its holders does. */
    | { readonly on: 'unlinked'; readonly comm: RegExp }
    | { readonly on: 'sysv'; readonly test: (segment: SysvTraits) => boolean };
  readonly name: string;
  /** What the object is for, in a few words: `interlock`, `dynamic shared memory`. */
  readonly role: string;
  readonly outlives: boolean;
  /** No program but a call that any program may make: two such objects have nothing to do with each other. */
  readonly isInterface?: true;
  readonly leftover: LeftoverRule;
  /** Seconds that it must have been idle before it may be called a leftover, where that is longer than `--min-age`. */
  readonly patienceSec?: number;
  readonly removalBreaks?: string;
  readonly cleanup?: string;
  /** Where this is known from, and V (verified by running), D (documented) or F (folklore). */
  readonly source: string;
  readonly mark: 'V' | 'D' | 'V+D' | 'F' | 'D/F';
}

/** What a segment can be recognised by; `comm` is that of its living creator or first holder. */
export interface SysvTraits {
  /** The one that it was made with, where its mappings still tell it: the table shows 0 once it is marked for destruction. */
  readonly key: string;
  readonly sizeBytes: number;
  readonly perms: string;
  readonly isDest: boolean;
  readonly nattch: number;
  readonly user?: string;
  readonly comm?: ByteString;
}

/** A row that matched, with the pid that the name carries, if any. */
export interface SoftwareHit {
  readonly row: SoftwareRow;
  readonly namePid?: number;
}

/** Paths come again at every tick: so many answers are kept, then forgotten at once. */
const MOST_PATHS = 10_000;

/** The first row that matches a path below /dev/shm (no leading slash), as its sandbox calls it where it lies in the corner of one. */
export function matchPosix(table: readonly SoftwareRow[], path: ByteString): SoftwareHit | undefined {
  const { posix, hits } = indexOf(table);
  const known = hits.get(path);
  if (known !== undefined || hits.has(path)) return known;
  if (hits.size >= MOST_PATHS) hits.clear();
  const inside = nameInSandbox(path);
  const hit = (inside === undefined ? undefined : posix.find(inside)) ?? posix.find(path);
  hits.set(path, hit);
  return hit;
}

interface PosixRow {
  readonly row: SoftwareRow;
  readonly path: RegExp;
  /** That all it matches begin with; undefined: with any. */
  readonly letter: string | undefined;
}

/** The rows on names, by the letter that a name begins with: of a hundred thousand names none is held against all of them. */
class PosixRows {
  readonly #rows: readonly PosixRow[];
  /** In the order of the table: those of that letter, and those that may begin with any. */
  readonly #byLetter = new Map<string, readonly PosixRow[]>();

  constructor(table: readonly SoftwareRow[]) {
    this.#rows = table.flatMap((row) =>
      row.match.on === 'posix' ? [{ row, path: row.match.path, letter: firstLetter(row.match.path) }] : [],
    );
  }

  find(path: ByteString): SoftwareHit | undefined {
    for (const { row, path: expression } of this.#of(path.charAt(0))) {
      const found = expression.exec(path);
      if (!found) continue;
      const pid = Number(found.groups?.pid?.trim());
      return Number.isSafeInteger(pid) && pid > 0 ? { row, namePid: pid } : { row };
    }
    return undefined;
  }

  #of(first: string) {
    let rows = this.#byLetter.get(first);
    if (!rows) {
      rows = this.#rows.filter(({ letter }) => letter === undefined || letter === first);
      this.#byLetter.set(first, rows);
    }
    return rows;
  }
}

/** The first row that matches the name of a memfd (without `memfd:`). */
export function matchMemfd(table: readonly SoftwareRow[], name: ByteString): SoftwareHit | undefined {
  return indexOf(table).memfd.find(({ match }) => match.name.test(name));
}

/** The first row that matches the path of an ordinary file. */
export function matchFile(table: readonly SoftwareRow[], path: ByteString): SoftwareHit | undefined {
  return indexOf(table).file.find(({ match }) => match.path.test(path));
}

/** The first row that recognises a file without a name by the command names of those who hold it. */
export function matchUnlinked(
  table: readonly SoftwareRow[],
  comms: readonly (ByteString | undefined)[],
): SoftwareHit | undefined {
  return indexOf(table).unlinked.find(({ match }) => comms.some((comm) => comm !== undefined && match.comm.test(comm)));
}

/** The first row that recognises a segment. Neighbours are mostly alike: the answer given last is kept. */
export function matchSysv(table: readonly SoftwareRow[], traits: SysvTraits): SoftwareHit | undefined {
  const index = indexOf(table);
  if (index.lastTraits === undefined || !isAlike(traits, index.lastTraits)) {
    index.lastTraits = traits;
    index.lastHit = index.sysv.find(({ match }) => match.test(traits));
  }
  return index.lastHit;
}

function isAlike(a: SysvTraits, b: SysvTraits): boolean {
  return (
    a.sizeBytes === b.sizeBytes &&
    a.key === b.key &&
    a.nattch === b.nattch &&
    a.perms === b.perms &&
    a.isDest === b.isDest &&
    a.user === b.user &&
    a.comm === b.comm
  );
}

type Match = SoftwareRow['match'];
type RowsOn<On extends Match['on']> = readonly {
  readonly row: SoftwareRow;
  readonly match: Extract<Match, { on: On }>;
}[];

interface TableIndex {
  readonly posix: PosixRows;
  /** Of the paths asked for before. */
  readonly hits: Map<ByteString, SoftwareHit | undefined>;
  readonly memfd: RowsOn<'memfd'>;
  readonly file: RowsOn<'file'>;
  readonly unlinked: RowsOn<'unlinked'>;
  readonly sysv: RowsOn<'sysv'>;
  /** Of the segment asked for last. */
  lastTraits?: SysvTraits;
  lastHit?: SoftwareHit;
}

const indexes = new WeakMap<readonly SoftwareRow[], TableIndex>();

/** The rows by what they match, sorted out once a table: 30,000 segments must not pass by every name of /dev/shm. */
function indexOf(table: readonly SoftwareRow[]): TableIndex {
  let index = indexes.get(table);
  if (!index) {
    index = {
      posix: new PosixRows(table),
      hits: new Map(),
      memfd: table.flatMap((row) => (row.match.on === 'memfd' ? [{ row, match: row.match }] : [])),
      file: table.flatMap((row) => (row.match.on === 'file' ? [{ row, match: row.match }] : [])),
      unlinked: table.flatMap((row) => (row.match.on === 'unlinked' ? [{ row, match: row.match }] : [])),
      sysv: table.flatMap((row) => (row.match.on === 'sysv' ? [{ row, match: row.match }] : [])),
    };
    indexes.set(table, index);
  }
  return index;
}

const shown = new WeakMap<SoftwareRow, SoftwareMatch>();
const rows = new WeakMap<SoftwareMatch, SoftwareRow>();

/** The part of a row that is shown; the same object for the same row. */
export function softwareMatch({ row }: SoftwareHit): SoftwareMatch {
  let match = shown.get(row);
  if (!match) {
    const { name, role, outlives, removalBreaks, cleanup, source } = row;
    match = { name, role, outlives, removalBreaks, cleanup, source };
    shown.set(row, match);
    rows.set(match, row);
  }
  return match;
}

/** The row that `softwareMatch` made this of. */
export function rowOfMatch(match: SoftwareMatch): SoftwareRow {
  const row = rows.get(match);
  if (!row) throw new Error(`no row of the software table: ${match.name}`);
  return row;
}
