// The segment tables of every IPC namespace that can be entered, with resident bytes where they are wanted.
import type { Libc } from '../../native/libc.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/sysv-row.ts';
import type { Io } from './io.ts';
import { type IpcDoor, withinIpcNamespace } from './namespaces.ts';
import { readResidentBytes, readSysvText, SysvTable } from './sysv.ts';

export interface TablesRequest {
  readonly ownNamespace: string;
  /** Other namespaces, each with what leads into it. */
  readonly others: ReadonlyMap<string, IpcDoor>;
  /** Resident and swapped bytes too: about 1 µs a segment in the kernel. */
  readonly rss: boolean;
}

export interface SegmentTables {
  readonly rows: SysvRow[];
  /** Namespaces whose table was read. */
  readonly openNamespaces: Set<string>;
}

export class SegmentTableReader {
  readonly #io: Io;
  readonly #procRoot: string;
  /** Absent: only the text of our own namespace can be read. */
  readonly #libc: Libc | undefined;
  readonly #table: SysvTable | undefined;
  #isTableSupported = true;

  constructor(io: Io, libc: Libc | undefined, procRoot: string) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#table = libc && new SysvTable(libc);
  }

  /** `SHM_STAT_ANY` or `text`: how the tables are read. */
  get way(): 'SHM_STAT_ANY' | 'text' {
    return this.#table && this.#isTableSupported ? 'SHM_STAT_ANY' : 'text';
  }

  /** The rows are valid until the next call. */
  read({ ownNamespace, others, rss }: TablesRequest, gaps: GapList): SegmentTables {
    const tables: SegmentTables = { rows: [], openNamespaces: new Set() };
    const add = (namespace: string, rows: readonly SysvRow[] | undefined) => {
      if (!rows) return;
      tables.openNamespaces.add(namespace);
      for (const row of rows) tables.rows.push(row);
    };
    add(ownNamespace, this.#readHere(this.#table, ownNamespace, rss, gaps));
    const libc = this.#libc;
    for (const [namespace, door] of libc ? others : []) {
      if (!libc) break;
      const read = () => this.#readHere(new SysvTable(libc), namespace, rss, gaps);
      add(namespace, withinIpcNamespace(libc, door, gaps, read));
    }
    return tables;
  }

  /** The table of the namespace that this thread is in. */
  #readHere(
    table: SysvTable | undefined,
    namespace: string,
    rss: boolean,
    gaps: GapList,
  ): readonly SysvRow[] | undefined {
    if (table && this.#isTableSupported) {
      const rows = table.read(namespace);
      if (typeof rows !== 'number') {
        if (rss && rows.length > 0) readResidentBytes(this.#io, this.#procRoot, rows, gaps);
        return rows;
      }
      const text = readSysvText(this.#io, this.#procRoot, namespace, gaps);
      // Unless all segments went away in between, the command is not known here.
      if (text && text.length > 0) this.#isTableSupported = false;
      return text;
    }
    return readSysvText(this.#io, this.#procRoot, namespace, gaps);
  }
}
