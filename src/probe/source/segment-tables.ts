// The segment tables of every IPC namespace that can be entered, with resident bytes where they are wanted.
import type { Libc } from '../../native/libc.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/sysv-row.ts';
import type { Io } from './io.ts';
import { withinIpcNamespace } from './namespaces.ts';
import { addResidentBytes, readSysvText, SysvTable } from './sysv.ts';

export interface TablesRequest {
  readonly ownNamespace: string;
  /** Other namespaces, each with a process in it. */
  readonly others: ReadonlyMap<string, number>;
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

  read({ ownNamespace, others, rss }: TablesRequest, gaps: GapList): SegmentTables {
    const tables: SegmentTables = { rows: [], openNamespaces: new Set() };
    const add = (namespace: string, rows: SysvRow[] | undefined) => {
      if (!rows) return;
      tables.openNamespaces.add(namespace);
      for (const row of rows) tables.rows.push(row);
    };
    add(ownNamespace, this.#readHere(ownNamespace, rss, gaps));
    for (const [namespace, pid] of this.#libc ? others : []) {
      if (!this.#libc) break;
      add(
        namespace,
        withinIpcNamespace(this.#libc, this.#procRoot, pid, gaps, () => this.#readHere(namespace, rss, gaps)),
      );
    }
    return tables;
  }

  /** The table of the namespace that this thread is in. */
  #readHere(namespace: string, rss: boolean, gaps: GapList): SysvRow[] | undefined {
    if (this.#table && this.#isTableSupported) {
      const rows = this.#table.read(namespace);
      if (typeof rows !== 'number') {
        if (rss && rows.length > 0)
          addResidentBytes(rows, readSysvText(this.#io, this.#procRoot, namespace, gaps) ?? []);
        return rows;
      }
      this.#isTableSupported = false;
    }
    return readSysvText(this.#io, this.#procRoot, namespace, gaps);
  }
}
