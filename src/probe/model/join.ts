// Brings the kernel's tables, the names in /dev/shm, the mappings and the descriptors together, by identity, never by path.
import type { ByteString } from './bytes.ts';
import { fileId, keyText, sysvId } from './identity.ts';
import { type DeviceNumber, deviceText, type FdRecord, type MappingRecord, type ShmDevices } from './mapping-record.ts';
import type { Kind, Mapping } from './object.ts';
import type { ShmEntry } from './shm-entry.ts';
import type { SysvRow } from './sysv-row.ts';

export interface JoinInput {
  readonly sysv: readonly SysvRow[];
  /** IPC namespaces whose table is part of `sysv`; segments of others are known by their mappings only. */
  readonly openNamespaces: ReadonlySet<string>;
  readonly entries: readonly ShmEntry[];
  readonly mappings: readonly MappingRecord[];
  readonly fds: readonly FdRecord[];
  readonly devices: ShmDevices;
  /** The IPC namespace that a process is in now; it may have attached in another one. */
  readonly namespaceOf: (pid: number) => string;
  /** Shared mappings of ordinary files too. */
  readonly includeFiles: boolean;
}

/** What one process holds of one object. */
export interface Hold {
  readonly mappings: Mapping[];
  readonly fds: number[];
}

interface DraftBase {
  readonly id: string;
  readonly kind: Kind;
  readonly holds: Map<number, Hold>;
}

/** A segment; `row` is absent where its namespace could not be entered. */
export interface SysvDraft extends DraftBase {
  readonly kind: 'sysv';
  readonly row?: SysvRow;
  readonly ipcNamespace: string;
  readonly shmid: number;
  readonly key: string;
  /** VMAs found; the kernel's nattch counts the same. */
  mappingsFound: number;
  extentBytes: number;
  pageSizeBytes?: number;
}

/** A name in /dev/shm, with the names of further hard links to the same inode. */
export interface NameDraft extends DraftBase {
  readonly kind: 'posix';
  readonly entry: ShmEntry;
  readonly otherNames: ByteString[];
}

/** An object known only through its holders. */
export interface LooseDraft extends DraftBase {
  readonly kind: 'posix' | 'unlinked' | 'memfd' | 'anonymous' | 'file';
  readonly device: DeviceNumber;
  readonly inode: number;
  /** Raw, as the kernel names it, without ` (deleted)`. */
  readonly name: ByteString;
  /** End of the farthest mapping, in bytes into the object. */
  extentBytes: number;
  pageSizeBytes?: number;
}

export interface Joined {
  readonly segments: readonly SysvDraft[];
  readonly names: readonly NameDraft[];
  readonly loose: readonly LooseDraft[];
}

const SYSV_NAME = /^\/SYSV([0-9a-f]{8})(?: \(deleted\))?$/;
const DELETED = / \(deleted\)$/;
const SHM_DIRECTORY = '/dev/shm/';

export function join(input: JoinInput): Joined {
  const segments = joinTable(input.sysv);
  const names = joinEntries(input.entries);
  const loose = new Map<string, LooseDraft>();
  const attaches: { record: MappingRecord; key: string }[] = [];

  for (const record of input.mappings) {
    const sysvKey = isKernelDevice(record.device, input.devices) ? SYSV_NAME.exec(record.name)?.[1] : undefined;
    if (sysvKey !== undefined) attaches.push({ record, key: `0x${sysvKey}` });
    else joinMapping(record, input, names, loose);
  }
  for (const record of input.fds) joinFd(record, input, names, loose);
  for (const { record, key } of attaches) joinAttach(record, key, input, segments);
  return { segments: segments.all, names: [...names.values()], loose: [...loose.values()] };
}

/** Name and device tell the kind; the device alone does not, since SysV, memfd and anonymous share one inode space. */
export function looseKind(device: DeviceNumber, name: ByteString, devices: ShmDevices): LooseDraft['kind'] {
  if (isKernelDevice(device, devices)) return name.startsWith('/memfd:') ? 'memfd' : 'anonymous';
  if (devices.mounts.has(device)) return 'unlinked';
  if (!name.startsWith(SHM_DIRECTORY)) return 'file';
  return DELETED.test(name) ? 'unlinked' : 'posix';
}

const isKernelDevice = (device: DeviceNumber, { kernelShm, hugetlb }: ShmDevices) =>
  device === kernelShm || hugetlb.has(device);

interface SegmentTable {
  readonly all: SysvDraft[];
  readonly byId: Map<string, SysvDraft>;
  /** Filled when a mapping does not fit its namespace. */
  byShmid?: Map<number, SysvDraft[]>;
}

function joinTable(rows: readonly SysvRow[]): SegmentTable {
  const all = rows.map((row): SysvDraft => {
    const { ipcNamespace, shmid } = row;
    const id = sysvId(ipcNamespace, shmid);
    const key = keyText(row.key);
    return { id, kind: 'sysv', row, ipcNamespace, shmid, key, holds: new Map(), mappingsFound: 0, extentBytes: 0 };
  });
  return { all, byId: new Map(all.map((draft) => [draft.id, draft])) };
}

/** The key in a mapping's name is the one at creation; the table shows 0 once the segment is marked for destruction. */
const fits = (draft: SysvDraft, key: string) => draft.row === undefined || draft.row.key === 0 || draft.key === key;

function joinAttach(record: MappingRecord, key: string, input: JoinInput, table: SegmentTable): void {
  const ipcNamespace = input.namespaceOf(record.pid);
  let draft = table.byId.get(sysvId(ipcNamespace, record.inode));
  if (!draft || !fits(draft, key)) {
    // It attached elsewhere and then changed its namespace: the segment is the one that has mappings left to explain.
    table.byShmid ??= Map.groupBy(table.all, (segment) => segment.shmid);
    const others = (table.byShmid.get(record.inode) ?? []).filter(
      (other) => other.row && fits(other, key) && other.mappingsFound < other.row.nattch,
    );
    if (others.length === 1) draft = others[0];
    else if (draft) draft = undefined;
    if (!draft && input.openNamespaces.has(ipcNamespace)) return; // destroyed since the mapping was read
    draft ??= unlistedSegment(ipcNamespace, record.inode, key, table);
  }
  draft.mappingsFound++;
  draft.pageSizeBytes ??= record.pageSizeBytes;
  draft.extentBytes = Math.max(draft.extentBytes, record.offset + record.end - record.start);
  addMapping(draft, record);
}

function unlistedSegment(ipcNamespace: string, shmid: number, key: string, table: SegmentTable): SysvDraft {
  const id = sysvId(ipcNamespace, shmid);
  const draft: SysvDraft = {
    id,
    kind: 'sysv',
    ipcNamespace,
    shmid,
    key,
    holds: new Map(),
    mappingsFound: 0,
    extentBytes: 0,
  };
  table.all.push(draft);
  table.byId.set(id, draft);
  return draft;
}

function joinEntries(entries: readonly ShmEntry[]): Map<string, NameDraft> {
  const names = new Map<string, NameDraft>();
  for (const entry of entries) {
    const id = fileId('posix', entry.device, entry.inode);
    const known = names.get(id);
    if (known) known.otherNames.push(entry.name);
    else names.set(id, { id, kind: 'posix', entry, otherNames: [], holds: new Map() });
  }
  return names;
}

function joinMapping(
  record: MappingRecord,
  input: JoinInput,
  names: Map<string, NameDraft>,
  loose: Map<string, LooseDraft>,
): void {
  const named = names.get(fileId('posix', record.device, record.inode));
  if (named) {
    addMapping(named, record);
    return;
  }
  const draft = looseDraft(record, input, loose, record.perms.endsWith('p') ? 'private' : 'shared');
  if (!draft) return;
  draft.extentBytes = Math.max(draft.extentBytes, record.offset + record.end - record.start);
  draft.pageSizeBytes ??= record.pageSizeBytes;
  addMapping(draft, record);
}

function joinFd(
  record: FdRecord,
  input: JoinInput,
  names: Map<string, NameDraft>,
  loose: Map<string, LooseDraft>,
): void {
  const draft = names.get(fileId('posix', record.device, record.inode)) ?? looseDraft(record, input, loose, 'fd');
  if (draft) holdOf(draft, record.pid).fds.push(record.fd);
}

function looseDraft(
  { device, inode, name }: MappingRecord | FdRecord,
  { devices, includeFiles }: JoinInput,
  loose: Map<string, LooseDraft>,
  via: 'shared' | 'private' | 'fd',
): LooseDraft | undefined {
  if (devices.mountRoots.has(`${deviceText(device)}:${inode}`)) return undefined;
  const kind = looseKind(device, name, devices);
  if (kind === 'file' && (!includeFiles || via !== 'shared')) return undefined;
  const id = fileId(kind, device, inode);
  const known = loose.get(id);
  if (known) return known;
  // A private mapping is not shared memory: it makes no object, except of what once had a name in /dev/shm.
  if (via === 'private' && kind !== 'unlinked' && kind !== 'posix') return undefined;
  const draft: LooseDraft = {
    id,
    kind,
    device,
    inode,
    name: name.replace(DELETED, ''),
    extentBytes: 0,
    holds: new Map(),
  };
  loose.set(id, draft);
  return draft;
}

function holdOf({ holds }: DraftBase, pid: number): Hold {
  let hold = holds.get(pid);
  if (!hold) {
    hold = { mappings: [], fds: [] };
    holds.set(pid, hold);
  }
  return hold;
}

function addMapping(draft: DraftBase, { pid, start, end, perms }: MappingRecord): void {
  holdOf(draft, pid).mappings.push({ start, end, perms });
}
