// What stays the same from tick to tick: how this machine is read, and what was found out about it once.
import { hostname, release, userInfo } from 'node:os';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { pageSizeBytes } from '../../native/process.ts';
import { inflatesHugeRss } from '../model/assemble/huge-pages.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import { once } from '../model/once.ts';
import type { Host } from '../model/snapshot.ts';
import { CgroupPlaces } from '../source/cgroup-places.ts';
import { findKernelMounts, type KernelMounts } from '../source/devices.ts';
import { GroupMemory } from '../source/group-memory.ts';
import { HolderScanner } from '../source/holders.ts';
import { type Io, readText } from '../source/io.ts';
import { nativeIo } from '../source/io-native.ts';
import { nodeIo } from '../source/io-node.ts';
import { LeaseBook } from '../source/lease-book.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { OwnTools } from '../source/own-tools.ts';
import { DEFAULT_PROC_ROOT, type ProcKind, procKindOf } from '../source/proc-kind.ts';
import { ProcessLedger } from '../source/process-ledger.ts';
import { CAP, readRights } from '../source/rights.ts';
import { SegmentTableReader } from '../source/segment-tables.ts';
import { type Names, namesFrom } from '../source/users.ts';
import { ProcessReader } from '../territory/patience/process-reader.ts';
import { DEFAULT_SHM_ROOT } from '../territory/places/mounts.ts';

export interface Machine {
  readonly procRoot: string;
  readonly shmRoot: string;
  readonly procKind: ProcKind;
  readonly io: Io;
  /** Absent where koffi could not load; then `withoutNative` says why. */
  readonly libc: Libc | undefined;
  readonly withoutNative: string | undefined;
  /** libc where its calls speak of the same processes as `procRoot`. */
  readonly ownLibc: Libc | undefined;
  readonly kernel: KernelMounts;
  /** Device of the files that namespaces are; absent where /proc is not ours. */
  readonly nsfs?: DeviceNumber;
  /** Containers, units and jobs of processes. */
  readonly places: CgroupPlaces;
  readonly groups: GroupMemory;
  readonly ledger: ProcessLedger;
  readonly scanner: HolderScanner;
  /** For all that can take for ever. */
  readonly reader: ProcessReader;
  readonly tables: SegmentTableReader;
  readonly names: Names;
  /** What the lease oracle has said. */
  readonly leases: LeaseBook;
  /** The shmtops that run beside this one. */
  readonly ownTools: OwnTools;
  /** Who runs this program. */
  readonly user: () => Pick<Host, 'user' | 'uid'>;
  readonly pageBytes: number;
  /** See `inflatesHugeRss` in model/assemble/huge-pages.ts. */
  readonly inflatesHugeRss: boolean;
}

/** Where /proc does not tell our IPC namespace. */
export const OWN_NAMESPACE_UNKNOWN = '0';

/** The machine in words; `ownNamespace` is our IPC namespace. */
export function hostOf({ io, procRoot, user }: Machine, ownNamespace: string): Host {
  return {
    hostname: hostname(),
    kernel: release(),
    ipcNamespace: ownNamespace === OWN_NAMESPACE_UNKNOWN ? undefined : ownNamespace,
    pidNamespace: readNamespace(io, procRoot, 'self', 'pid'),
    ...user(),
  };
}

const PAGE_BYTES_ASSUMED = 4096;

/** Opens the machine below a proc root; costs the loading of koffi (about 10 ms) and a few system calls. */
export function openMachine(procRoot = DEFAULT_PROC_ROOT, shmRoot = DEFAULT_SHM_ROOT): Machine {
  const loaded = loadLibc();
  const libc = isLibc(loaded) ? loaded : undefined;
  const io = libc ? nativeIo(libc) : nodeIo();
  const procKind = procKindOf(io, procRoot);
  const ownLibc = procKind === 'own' ? libc : undefined;
  const names = namesFrom(io);
  const ownTools = new OwnTools(io, procKind === 'own');
  const reader = new ProcessReader(io, libc, procRoot, procKind === 'own');
  return {
    procRoot,
    shmRoot,
    procKind,
    io,
    libc,
    withoutNative: isLibc(loaded) ? undefined : loaded.reason,
    ownLibc,
    // A captured tree is of another machine, or another boot: device numbers of this one say nothing of it.
    kernel: findKernelMounts(io, procKind === 'captured' ? undefined : libc),
    nsfs: procKind === 'own' ? nsfsOf(io, procRoot) : undefined,
    places: new CgroupPlaces(io, procRoot, procKind),
    groups: new GroupMemory(io),
    ledger: new ProcessLedger(io, procRoot, ownLibc),
    scanner: new HolderScanner(io, libc, procRoot, reader),
    reader,
    tables: new SegmentTableReader(io, ownLibc, procRoot),
    names,
    leases: openLeases(io, libc, ownTools),
    ownTools,
    user: once(() => ownUser(names)),
    inflatesHugeRss: inflatesHugeRss(releaseOf(io, procRoot)),
    pageBytes: libc ? pageSizeBytes(libc) : PAGE_BYTES_ASSUMED,
  };
}

/** CAP_LEASE counts only in the machine's own user namespace, which maps all users (fcntl(2)). */
function openLeases(io: Io, libc: Libc | undefined, ownTools: OwnTools): LeaseBook {
  const asksForAll = once(() => {
    const { has, mapsAllUsers } = readRights(io);
    return has(CAP.LEASE) && mapsAllUsers;
  });
  return new LeaseBook(libc, process.geteuid?.() ?? 0, asksForAll, () => ownTools.announce());
}

function nsfsOf(io: Io, procRoot: string): DeviceNumber | undefined {
  const stat = io.stat(`${procRoot}/self/ns/mnt`, 'follow');
  return typeof stat === 'number' ? undefined : stat.device;
}

/** Where /etc/passwd does not know the user, the system is asked, which may look far; without any entry the number is the name. */
function ownUser(names: Names): Pick<Host, 'user' | 'uid'> {
  const uid = process.geteuid?.() ?? 0;
  const known = names.user(uid);
  if (known !== undefined) return { user: known, uid };
  try {
    return { user: userInfo().username, uid };
  } catch {
    return { user: String(uid), uid }; // ENOENT (uv_os_get_passwd)
  }
}

/** `uname -r` of the machine below the proc root. */
function releaseOf(io: Io, procRoot: string): string {
  const text = readText(io, `${procRoot}/sys/kernel/osrelease`);
  return typeof text === 'number' ? release() : text;
}
