// Brings the kernel's tables, the names in /dev/shm, the mappings and the descriptors together, by identity, never by path.
import type { ByteString } from '../bytes.ts';
import { fileId } from '../identity.ts';
import type { MemoryFileSystem } from '../object.ts';
import { addMapping, type DraftBase, holdOf, NO_HOLDS } from './hold.ts';
import {
  type DeviceNumber,
  deviceNumber,
  deviceText,
  type FdRecord,
  type MappingRecord,
  type ShmDevices,
} from './mapping-record.ts';
import { type Attach, SegmentIndex } from './segment-index.ts';
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
  /** Of a `file`: what it lies on, where that is memory. */
  readonly onMemory?: MemoryFileSystem;
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

const SYSV_NAME = /^\/SYSV([0-9a-f]{8})(?: \(deleted\))?$/;
const DELETED = / \(deleted\)$/;
const SHM_DIRECTORY = '/dev/shm/';

export function join(input: JoinInput): Joined {
  const segments = new SegmentIndex(input.sysv, input.openNamespaces);
  const names = joinEntries(input.entries);
  const loose = new Map<string, LooseDraft>();

  for (const record of input.mappings) {
    const sysvKey = isKernelDevice(record.device, input.devices) ? SYSV_NAME.exec(record.name)?.[1] : undefined;
    if (sysvKey === undefined) joinMapping(record, input, names, loose);
    else segments.add(record, `0x${sysvKey}`, input.namespaceOf(record.pid));
  }
  segments.settle();
  for (const record of input.fds) joinFd(record, input, names, loose);
  return {
    segments: input.sysv,
    attaches: segments.attaches,
    unlisted: [...segments.unlisted.values()].sort((a, b) => a.shmid - b.shmid),
    names: [...names.values()],
    loose: [...loose.values()],
  };
}

/** The device tells the kind; the name only on the kernel's own mounts, where the kernel alone gives names (SysV, memfd, anonymous). */
export function looseKind(device: DeviceNumber, name: ByteString, devices: ShmDevices): LooseDraft['kind'] {
  if (isKernelDevice(device, devices)) {
    if (name.startsWith('/memfd:') && DELETED.test(name)) return 'memfd';
    if (device === devices.kernelShm || devices.hugetlb?.has(device) || name === '/anon_hugepage (deleted)')
      return 'anonymous';
  }
  if (devices.mounts.has(device)) return 'unlinked';
  // Of a mount that could not be found the name is all there is: it chooses a word to show, for what is held and never removed.
  if (!name.startsWith(SHM_DIRECTORY)) return 'file';
  return DELETED.test(name) ? 'unlinked' : 'posix';
}

/**
 * Only where the kernel's huge page mounts are not known (no native calls) any device without hardware may be one, and the name,
 * which whoever has a file system of his own can choose, decides with it. Where they are known, a name decides nothing.
 */
function isKernelDevice(device: DeviceNumber, { kernelShm, hugetlb, mounts }: ShmDevices): boolean {
  if (device === kernelShm || hugetlb?.has(device)) return true;
  return hugetlb === undefined && device < FIRST_HARDWARE_DEVICE && !mounts.has(device);
}

const FIRST_HARDWARE_DEVICE = deviceNumber(1, 0);

function joinEntries(entries: readonly ShmEntry[]): Map<string, NameDraft> {
  const names = new Map<string, NameDraft>();
  // In the order of their names, ours first, so that of several hard links always the same one stands for the object.
  for (const entry of [...entries].sort(byPlaceAndName)) {
    const id = fileId('posix', entry.device, entry.inode);
    const known = names.get(id);
    // Seen in two places, of which one shows the other: still one name.
    if (known && known.entry.place.rootInode === entry.place.rootInode) known.otherNames.push(entry.name);
    else if (!known) names.set(id, { id, kind: 'posix', entry, otherNames: [], holds: NO_HOLDS });
  }
  return names;
}

function byPlaceAndName(a: ShmEntry, b: ShmEntry): number {
  const isOurs = (entry: ShmEntry) => Number(entry.path !== undefined);
  return isOurs(b) - isOurs(a) || (a.name < b.name ? -1 : 1);
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
  record: MappingRecord | FdRecord,
  { devices, includeFiles }: JoinInput,
  loose: Map<string, LooseDraft>,
  via: 'shared' | 'private' | 'fd',
): LooseDraft | undefined {
  const { device, inode, name } = record;
  if (devices.mountRoots.has(`${deviceText(device)}:${inode}`)) return undefined;
  const kind = looseKind(device, name, devices);
  const onMemory = kind === 'file' ? memoryOf(record, devices, via) : undefined;
  // The rings of io_uring and perf: shared with the kernel, not with anybody else.
  if (kind === 'file' && name.startsWith('anon_inode:')) return undefined;
  // Of memory all that is shared, or goes with whoever has it open; of other files what is asked for.
  if (kind === 'file' && onMemory === undefined && (!includeFiles || via !== 'shared')) return undefined;
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
    ...(onMemory === undefined ? {} : { onMemory }),
    extentBytes: 0,
    holds: new Map(),
  };
  loose.set(id, draft);
  return draft;
}

/** Beside a /dev/shm that is a folder of a larger tmpfs lie its other files: open ones with a name are everyday files. */
function memoryOf(
  { device, name, onMemory }: MappingRecord | FdRecord,
  { tmpfs }: ShmDevices,
  via: 'shared' | 'private' | 'fd',
): MemoryFileSystem | undefined {
  if (onMemory !== undefined || !tmpfs?.has(device)) return onMemory;
  return via === 'shared' || (via === 'fd' && DELETED.test(name)) ? 'tmpfs' : undefined;
}
