// What is known of each object while watching: enough to name it in an event and to find it by its inode.
import type { ByteString } from '../model/bytes.ts';
import { fileId, keyText, posixShortId, sysvId, sysvShortId } from '../model/identity.ts';
import { looseKind } from '../model/join/join.ts';
import type { DeviceNumber, ShmDevices } from '../model/join/mapping-record.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { Kind, ShmObject } from '../model/object.ts';

export interface KnownObject {
  readonly id: string;
  readonly shortId: string;
  readonly kind: Kind;
  readonly rawName: ByteString;
  readonly device: DeviceNumber;
  /** A segment's is its shmid. */
  readonly inode: number;
  readonly ipcNamespace?: string;
  sizeBytes?: number;
}

/** More objects than these are forgotten, the oldest first; what happens to such a one makes it known again. */
const MOST_KNOWN = 200_000;
const TRIES = 100;

const SYSV_NAME = /^\/SYSV([0-9a-f]{8})(?: \(deleted\))?$/;
const DELETED = / \(deleted\)$/;

export class KnownObjects {
  readonly #byId = new Map<string, KnownObject>();
  readonly #byInode = new Map<number, Set<KnownObject>>();
  readonly #devices: ShmDevices;
  readonly #ownNamespace: string;

  readonly #isHeld: (id: string) => boolean;

  /** `isHeld`: what is held is not forgotten when there are too many. */
  constructor(devices: ShmDevices, ownNamespace: string, isHeld: (id: string) => boolean = () => false) {
    this.#devices = devices;
    this.#ownNamespace = ownNamespace;
    this.#isHeld = isHeld;
  }

  get(id: string): KnownObject | undefined {
    return this.#byId.get(id);
  }

  /** Those with this inode on the kernel's own mounts, where segments, memfds and anonymous memory share one number space. */
  ofKernelInode(inode: number): readonly KnownObject[] {
    return [...(this.#byInode.get(inode) ?? [])].filter(({ device }) => this.#isKernel(device));
  }

  /** The segment of a row of our namespace. */
  segment(row: SysvRow): KnownObject {
    return (
      this.#byId.get(sysvId(row.ipcNamespace, row.shmid)) ??
      this.#addSegment(row.ipcNamespace, row.shmid, keyText(row.key), row.sizeBytes)
    );
  }

  /** The object of a mapping; undefined for an ordinary file. `namespaceOf` is asked for segments only. */
  mapped(device: DeviceNumber, inode: number, name: ByteString, namespaceOf: () => string): KnownObject | undefined {
    const key = this.#isKernel(device) ? SYSV_NAME.exec(name)?.[1] : undefined;
    if (key !== undefined) {
      const ipcNamespace = namespaceOf();
      return this.#byId.get(sysvId(ipcNamespace, inode)) ?? this.#addSegment(ipcNamespace, inode, `0x${key}`);
    }
    const kind = looseKind(device, name, this.#devices);
    if (kind === 'file') return undefined;
    if (kind === 'memfd' || kind === 'anonymous') return this.#loose(kind, device, inode, name);
    // The name is that of the process's own mount namespace: it tells something only where nothing better is known.
    return (
      this.#byId.get(fileId('posix', device, inode)) ??
      this.file(device, inode, name.startsWith('/dev/shm/') ? name.replace(DELETED, '').slice(8) : undefined)
    );
  }

  /** A name in /dev/shm; a new name replaces the old one. */
  file(device: DeviceNumber, inode: number, name?: ByteString): KnownObject {
    const id = fileId('posix', device, inode);
    const known = this.#byId.get(id);
    if (known && (name === undefined || name === known.rawName)) return known;
    // What was opened with O_TMPFILE never had the name by which the kernel shows it.
    const isNameless = name !== undefined && name === `/#${inode}`;
    const shortId = isNameless ? fileId('unlinked', device, inode) : name === undefined ? id : posixShortId(name);
    return this.#add({ id, shortId, kind: 'posix', rawName: name ?? '', device, inode, sizeBytes: known?.sizeBytes });
  }

  /** What a snapshot shows. */
  fromSnapshot(object: ShmObject): KnownObject | undefined {
    const { id, shortId, kind, rawName, ipcNamespace, sizeBytes } = object;
    if (kind === 'sysv') {
      if (object.shmid === undefined) return undefined;
      return this.#add({
        id,
        shortId,
        kind,
        rawName,
        ipcNamespace,
        sizeBytes,
        device: this.#devices.kernelShm,
        inode: object.shmid,
      });
    }
    const [major, minor] = object.device?.split(':').map(Number) ?? [];
    if (major === undefined || minor === undefined || object.inode === undefined) return undefined;
    const device = major * 0x100000 + minor;
    // One id for a file whether it still has a name or not: the merging follows it through its unlinking.
    if (kind === 'unlinked' || kind === 'posix') {
      return this.#add({
        id: fileId('posix', device, object.inode),
        shortId,
        kind,
        rawName,
        sizeBytes,
        device,
        inode: object.inode,
      });
    }
    return this.#add({ id, shortId, kind, rawName, sizeBytes, device, inode: object.inode });
  }

  forget({ id, inode }: KnownObject): void {
    const known = this.#byId.get(id);
    if (!known) return;
    this.#byId.delete(id);
    const same = this.#byInode.get(inode);
    same?.delete(known);
    if (same?.size === 0) this.#byInode.delete(inode);
  }

  #isKernel(device: DeviceNumber): boolean {
    return device === this.#devices.kernelShm || (this.#devices.hugetlb?.has(device) ?? false);
  }

  #addSegment(ipcNamespace: string, shmid: number, key: string, sizeBytes?: number): KnownObject {
    return this.#add({
      id: sysvId(ipcNamespace, shmid),
      shortId: sysvShortId(ipcNamespace, shmid, this.#ownNamespace),
      kind: 'sysv',
      rawName: key,
      ipcNamespace,
      device: this.#devices.kernelShm,
      inode: shmid,
      sizeBytes,
    });
  }

  #loose(kind: 'memfd' | 'anonymous', device: DeviceNumber, inode: number, name: ByteString): KnownObject {
    const id = fileId(kind, device, inode);
    const rawName = kind === 'memfd' ? name.replace(DELETED, '').slice(1) : 'anonymous';
    return this.#byId.get(id) ?? this.#add({ id, shortId: id, kind, rawName, device, inode });
  }

  /** The end of many an object may have been lost (a full queue): they would be remembered for ever. */
  #forgetOldest(): void {
    let tries = TRIES;
    for (const [id, object] of this.#byId) {
      if (!this.#isHeld(id)) {
        this.forget(object);
        return;
      }
      if (--tries === 0) return;
    }
  }

  #add(object: KnownObject): KnownObject {
    this.forget(object);
    if (this.#byId.size >= MOST_KNOWN) this.#forgetOldest();
    this.#byId.set(object.id, object);
    const same = this.#byInode.get(object.inode);
    if (same) same.add(object);
    else this.#byInode.set(object.inode, new Set([object]));
    return object;
  }
}
