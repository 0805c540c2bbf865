// Which segment of which IPC namespace a mapping is of: the kernel shows its number and key, and these repeat in each of them.

import { keyText, sysvId } from '../identity.ts';
import { addMapping, type DraftBase } from './hold.ts';
import type { MappingRecord } from './mapping-record.ts';
import { SHM_DEST, type SysvRow } from './sysv-row.ts';

/** Who is attached to one segment. Segments that nobody we can see has attached need none of this. */
export interface Attach extends DraftBase {
  readonly kind: 'sysv';
  readonly ipcNamespace: string;
  readonly shmid: number;
  /** As it was when the segment was made: the table shows 0 once it is marked for destruction. */
  readonly key: string;
  /** VMAs found; the kernel's nattch counts the same. */
  mappingsFound: number;
  extentBytes: number;
  pageSizeBytes?: number;
}

/** Stands for a namespace that a process has left and that cannot be found by any other. */
export const UNKNOWN_NAMESPACE = 'unknown';

/** Where the text of maps does not tell the page size; with larger pages no mapping seems whole, which is no harm. */
const USUAL_PAGE_BYTES = 4096;

interface Unsure {
  readonly record: MappingRecord;
  readonly key: string;
  readonly ipcNamespace: string;
}

/** Takes all mappings of segments, then `settle` gives those to their segments that only the others tell. */
export class SegmentIndex {
  readonly attaches = new Map<SysvRow, Attach>();
  readonly unlisted = new Map<string, Attach>();
  readonly #rows: readonly SysvRow[];
  readonly #openNamespaces: ReadonlySet<string>;
  readonly #unsure: Unsure[] = [];
  #byShmid: Map<number, SysvRow[]> | undefined;

  /** `openNamespaces`: those whose table is part of `rows`. */
  constructor(rows: readonly SysvRow[], openNamespaces: ReadonlySet<string>) {
    this.#rows = rows;
    this.#openNamespaces = openNamespaces;
  }

  /** `key` is that in the mapping's name; `ipcNamespace` that of its process now: it may have attached in another one. */
  add(record: MappingRecord, key: string, ipcNamespace: string): void {
    const own = this.#candidates(record.inode, key).find((row) => row.ipcNamespace === ipcNamespace);
    // A mapping that ends where the segment of its own namespace ends is hardly of any other.
    if (own && this.#hasRoom(own) && endOf(record) === lengthOf(own, record)) this.#attach(own, record, key);
    else this.#unsure.push({ record, key, ipcNamespace });
  }

  settle(): void {
    for (const { record, key, ipcNamespace } of this.#unsure) {
      const row = this.#find(ipcNamespace, record.inode, key);
      if (row && this.#mayBeOf(row, record)) this.#attach(row, record, key).mappings.sort((a, b) => a.start - b.start);
      else this.#addUnlisted(record, key, ipcNamespace);
    }
  }

  /**
   * The segment of this shmid that fits: that of the process's namespace, or, where it attached elsewhere and then changed
   * its namespace, the only other one with mappings left to explain.
   */
  #find(ipcNamespace: string, shmid: number, key: string): SysvRow | undefined {
    const candidates = this.#candidates(shmid, key);
    const own = candidates.find((row) => row.ipcNamespace === ipcNamespace);
    if (own && this.#hasRoom(own)) return own;
    const open = candidates.filter((row) => this.#hasRoom(row));
    return open.length === 1 ? open[0] : own;
  }

  /** More than the kernel counts are of it only if they look like it: of its length, or an address space seen twice (vfork). */
  #mayBeOf(row: SysvRow, record: MappingRecord): boolean {
    if (this.#hasRoom(row) || endOf(record) === lengthOf(row, record)) return true;
    const holds = this.attaches.get(row)?.holds.values() ?? [];
    return [...holds].some(({ mappings }) =>
      mappings.some(({ start, end }) => start === record.start && end === record.end),
    );
  }

  #candidates(shmid: number, key: string): SysvRow[] {
    this.#byShmid ??= Map.groupBy(this.#rows, (row) => row.shmid);
    return (this.#byShmid.get(shmid) ?? []).filter((row) => hasKey(row, key));
  }

  #hasRoom(row: SysvRow): boolean {
    return (this.attaches.get(row)?.mappingsFound ?? 0) < row.nattch;
  }

  #attach(row: SysvRow, record: MappingRecord, key: string) {
    const { ipcNamespace, shmid } = row;
    const attach = this.attaches.get(row) ?? newAttach(sysvId(ipcNamespace, shmid), ipcNamespace, shmid, key);
    this.attaches.set(row, attach);
    return addAttached(attach, record);
  }

  /** Destroyed since the mapping was read, or of a namespace that it has left and that no process is in any more. */
  #addUnlisted(record: MappingRecord, key: string, ipcNamespace: string): void {
    const namespace = this.#openNamespaces.has(ipcNamespace) ? UNKNOWN_NAMESPACE : ipcNamespace;
    // Of several unknown namespaces the key may tell the segments apart.
    const id = sysvId(namespace, record.inode) + (namespace === UNKNOWN_NAMESPACE ? `:${key}` : '');
    const attach = this.unlisted.get(id) ?? newAttach(id, namespace, record.inode, key);
    this.unlisted.set(id, attach);
    addAttached(attach, record);
  }
}

/** The key in a mapping's name is that at creation; the table shows 0 once the segment is marked for destruction. */
const hasKey = (row: SysvRow, key: string) =>
  keyText(row.key) === key || (row.key === 0 && (row.mode & SHM_DEST) !== 0);

const endOf = ({ offset, start, end }: MappingRecord) => offset + end - start;

/** Of the whole pages that a segment is made of. */
const lengthOf = ({ sizeBytes }: SysvRow, { pageSizeBytes = USUAL_PAGE_BYTES }: MappingRecord) =>
  Math.ceil(sizeBytes / pageSizeBytes) * pageSizeBytes;

function newAttach(id: string, ipcNamespace: string, shmid: number, key: string): Attach {
  return { id, kind: 'sysv', ipcNamespace, shmid, key, holds: new Map(), mappingsFound: 0, extentBytes: 0 };
}

function addAttached(attach: Attach, record: MappingRecord) {
  attach.mappingsFound++;
  attach.pageSizeBytes ??= record.pageSizeBytes;
  attach.extentBytes = Math.max(attach.extentBytes, endOf(record));
  return addMapping(attach, record);
}
