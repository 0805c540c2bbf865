// The segment tables of every IPC namespace that can be entered, with resident bytes where they are wanted.
import type { Libc } from '../../native/libc.ts';
import type { GapList } from '../model/gap.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { IpcLimits } from '../model/namespace-facts.ts';
import type { Io } from './io.ts';
import { readNamespace } from './namespace-link.ts';
import { type IpcDoor, withinIpcNamespace } from './namespaces.ts';
import { ResidentReader } from './resident.ts';
import { readSysvText } from './sysv.ts';
import { SysvTable } from './sysv-table.ts';

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
  /** What led into the others. */
  readonly doors: ReadonlyMap<string, IpcDoor>;
}

export class SegmentTableReader {
  readonly #io: Io;
  readonly #procRoot: string;
  /** Absent: only the text of our own namespace can be read. */
  readonly #libc: Libc | undefined;
  /** By namespace: each keeps what it read last. */
  readonly #tables = new Map<string, { readonly table: SysvTable; readonly resident: ResidentReader }>();
  #isTableSupported = true;

  constructor(io: Io, libc: Libc | undefined, procRoot: string) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
  }

  /** `SHM_STAT_ANY` or `text`: how the tables are read. */
  get way(): 'SHM_STAT_ANY' | 'text' {
    return this.#libc && this.#isTableSupported ? 'SHM_STAT_ANY' : 'text';
  }

  /** The ceilings of a namespace that was read; nothing where only its text could be. */
  limitsOf(namespace: string): IpcLimits {
    return this.#tables.get(namespace)?.table.limits() ?? {};
  }

  /** The rows are valid until the next call. */
  read({ ownNamespace, others, rss }: TablesRequest, gaps: GapList): SegmentTables {
    const tables: SegmentTables = { rows: [], openNamespaces: new Set(), doors: others };
    const add = (namespace: string, rows: readonly SysvRow[] | undefined) => {
      if (!rows) return;
      tables.openNamespaces.add(namespace);
      for (const row of rows) tables.rows.push(row);
    };
    add(ownNamespace, this.#readHere(ownNamespace, rss, gaps));
    const libc = this.#libc;
    for (const [namespace, door] of libc ? others : []) {
      if (!libc) break;
      // The pid may have been given to a process of another namespace since.
      const isThere = () => readNamespace(this.#io, this.#procRoot, 'thread-self', 'ipc') === namespace;
      const read = () => (isThere() ? this.#readHere(namespace, rss, gaps) : undefined);
      add(namespace, withinIpcNamespace(libc, door, gaps, read));
    }
    for (const namespace of this.#tables.keys())
      if (!tables.openNamespaces.has(namespace)) this.#tables.delete(namespace);
    return tables;
  }

  /** The table of the namespace that this thread is in. */
  #readHere(namespace: string, rss: boolean, gaps: GapList): readonly SysvRow[] | undefined {
    if (this.#libc && this.#isTableSupported) {
      const { table, resident } = this.#of(namespace, this.#libc);
      const rows = table.read(namespace);
      if (typeof rows !== 'number') {
        if (rss && rows.length > 0) resident.fill(rows, gaps);
        return rows;
      }
      const text = readSysvText(this.#io, this.#procRoot, namespace, gaps);
      // Unless all segments went away in between, the command is not known here.
      if (text && text.length > 0) this.#isTableSupported = false;
      return text;
    }
    return readSysvText(this.#io, this.#procRoot, namespace, gaps);
  }

  #of(namespace: string, libc: Libc) {
    let found = this.#tables.get(namespace);
    if (!found) {
      const resident = new ResidentReader(this.#io, libc, this.#procRoot);
      found = { table: new SysvTable(libc), resident };
      this.#tables.set(namespace, found);
    }
    return found;
  }
}
