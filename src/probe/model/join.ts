// Brings the kernel's tables, the names in /dev/shm, the mappings and the descriptors together, by identity, never by path.
import type { ByteString } from './bytes.ts';
import { fileId, keyText, sysvId } from './identity.ts';
import {
  type DeviceNumber,
  deviceNumber,
  deviceText,
  type FdRecord,
  type MappingRecord,
  type ShmDevices,
} from './mapping-record.ts';
import type { Kind, Mapping } from './object.ts';
import type { ShmEntry } from './shm-entry.ts';
import { SHM_DEST, type SysvRow } from './sysv-row.ts';

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
  /** Every line of the segment tables. */
  readonly segments: readonly SysvRow[];
  readonly attaches: ReadonlyMap<SysvRow, Attach>;
  /** Segments of namespaces that could not be entered, or are not known: known by their mappings only. */
  readonly unlisted: readonly Attach[];
  readonly names: readonly NameDraft[];
  readonly loose: readonly LooseDraft[];
}

/** Stands for a namespace that a process has left and that cannot be found by any other. */
export const UNKNOWN_NAMESPACE = 'unknown';

const SYSV_NAME = /^\/SYSV([0-9a-f]{8})(?: \(deleted\))?$/;
const DELETED = / \(deleted\)$/;
const SHM_DIRECTORY = '/dev/shm/';

export function join(input: JoinInput): Joined {
  const segments = new SegmentIndex(input.sysv);
  const names = joinEntries(input.entries);
  const loose = new Map<string, LooseDraft>();

  for (const record of input.mappings) {
    const sysvKey = isKernelDevice(record.device, input.devices) ? SYSV_NAME.exec(record.name)?.[1] : undefined;
    if (sysvKey === undefined) joinMapping(record, input, names, loose);
    else joinAttach(record, `0x${sysvKey}`, input, segments);
  }
  for (const record of input.fds) joinFd(record, input, names, loose);
  return {
    segments: input.sysv,
    attaches: segments.attaches,
    unlisted: [...segments.unlisted.values()].sort((a, b) => a.shmid - b.shmid),
    names: [...names.values()],
    loose: [...loose.values()],
  };
}

/** Name and device tell the kind; the device alone does not, since SysV, memfd and anonymous share one inode space. */
export function looseKind(device: DeviceNumber, name: ByteString, devices: ShmDevices): LooseDraft['kind'] {
  if (isKernelDevice(device, devices)) {
    if (name.startsWith('/memfd:') && DELETED.test(name)) return 'memfd';
    if (device === devices.kernelShm || devices.hugetlb.has(device) || name === '/anon_hugepage (deleted)')
      return 'anonymous';
  }
  if (devices.mounts.has(device)) return 'unlinked';
  if (!name.startsWith(SHM_DIRECTORY)) return 'file';
  return DELETED.test(name) ? 'unlinked' : 'posix';
}

/** Where the kernel's huge page mounts are not known (no native calls), any device without hardware may be one. */
function isKernelDevice(device: DeviceNumber, { kernelShm, hugetlb, mounts }: ShmDevices): boolean {
  if (device === kernelShm || hugetlb.has(device)) return true;
  return hugetlb.size === 0 && device < FIRST_HARDWARE_DEVICE && !mounts.has(device);
}

const FIRST_HARDWARE_DEVICE = deviceNumber(1, 0);

/** The key in a mapping's name is that at creation; the table shows 0 once the segment is marked for destruction. */
const hasKey = (row: SysvRow, key: string) =>
  keyText(row.key) === key || (row.key === 0 && (row.mode & SHM_DEST) !== 0);

/** Finds the segment that a mapping is of; built only as far as it is asked. */
class SegmentIndex {
  readonly attaches = new Map<SysvRow, Attach>();
  readonly unlisted = new Map<string, Attach>();
  readonly #rows: readonly SysvRow[];
  #byShmid: Map<number, SysvRow[]> | undefined;

  constructor(rows: readonly SysvRow[]) {
    this.#rows = rows;
  }

  /**
   * The segment of this shmid that fits: that of the process's namespace, or, where it attached elsewhere and then changed
   * its namespace, the only other one with mappings left to explain.
   */
  find(ipcNamespace: string, shmid: number, key: string): SysvRow | undefined {
    this.#byShmid ??= Map.groupBy(this.#rows, (row) => row.shmid);
    const candidates = (this.#byShmid.get(shmid) ?? []).filter((row) => hasKey(row, key));
    const hasRoom = (row: SysvRow) => (this.attaches.get(row)?.mappingsFound ?? 0) < row.nattch;
    const own = candidates.find((row) => row.ipcNamespace === ipcNamespace);
    if (own && hasRoom(own)) return own;
    const open = candidates.filter(hasRoom);
    return open.length === 1 ? open[0] : own;
  }
}

function joinAttach(record: MappingRecord, key: string, input: JoinInput, segments: SegmentIndex): void {
  const ipcNamespace = input.namespaceOf(record.pid);
  const shmid = record.inode;
  const row = segments.find(ipcNamespace, shmid, key);
  let attach: Attach | undefined;
  if (row) {
    attach = segments.attaches.get(row) ?? newAttach(sysvId(row.ipcNamespace, shmid), row.ipcNamespace, shmid, key);
    segments.attaches.set(row, attach);
  } else {
    // Destroyed since the mapping was read, or of a namespace that it has left and that no process is in any more.
    const namespace = input.openNamespaces.has(ipcNamespace) ? UNKNOWN_NAMESPACE : ipcNamespace;
    // Of several unknown namespaces the key may tell the segments apart.
    const id = sysvId(namespace, shmid) + (namespace === UNKNOWN_NAMESPACE ? `:${key}` : '');
    attach = segments.unlisted.get(id) ?? newAttach(id, namespace, shmid, key);
    segments.unlisted.set(id, attach);
  }
  attach.mappingsFound++;
  attach.pageSizeBytes ??= record.pageSizeBytes;
  attach.extentBytes = Math.max(attach.extentBytes, record.offset + record.end - record.start);
  addMapping(attach, record);
}

function newAttach(id: string, ipcNamespace: string, shmid: number, key: string): Attach {
  return { id, kind: 'sysv', ipcNamespace, shmid, key, holds: new Map(), mappingsFound: 0, extentBytes: 0 };
}

function joinEntries(entries: readonly ShmEntry[]): Map<string, NameDraft> {
  const names = new Map<string, NameDraft>();
  // In the order of their names, so that of several hard links always the same one stands for the object.
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))) {
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
  // A segment opened through map_files, as when its content is looked at: neither an attach nor an object of its own.
  if (isKernelDevice(record.device, input.devices) && SYSV_NAME.test(record.name)) return;
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
