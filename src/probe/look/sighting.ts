// One look at the machine: everything is read, joined, and looked at again where it changed meanwhile. No judgement yet.
import { EACCES, EPERM, errnoName } from '../../native/errno.ts';
import { GapList } from '../model/gap.ts';
import { type Joined, join } from '../model/join/join.ts';
import { UNKNOWN_NAMESPACE } from '../model/join/segment-index.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { HolderScan } from '../source/holders.ts';
import {
  heldIpcNamespaces,
  ipcDoorOf,
  type Namespaces,
  readNamespaces,
  severalOfOthers,
} from '../source/namespaces.ts';
import { withoutPassing } from '../source/passing-fds.ts';
import { isStat, readPidStat } from '../source/pid-stat.ts';
import type { ProcessList } from '../source/process-ledger.ts';
import { SegmentTableReader, type SegmentTables } from '../source/segment-tables.ts';
import { PROCESSES_TRIED } from '../territory/places/limits.ts';
import { mountedIpcNamespaces, NO_MOUNTS, type OwnMounts, readOwnMounts } from '../territory/places/mounts.ts';
import { readShmForest, type ShmForest } from '../territory/places/shm-forest.ts';
import { type Machine, OWN_NAMESPACE_UNKNOWN } from './machine.ts';

export interface LookOptions {
  /** Shared mappings of ordinary files too. */
  readonly includeFiles: boolean;
  /** Resident and swapped bytes of segments. */
  readonly rss: boolean;
}

export interface Sighting {
  /** Milliseconds since the epoch, before anything was read. */
  readonly takenAtMs: number;
  readonly pids: readonly number[];
  readonly namespaces: Namespaces;
  /** Those of our own mount namespace; none where the proc root is not ours. */
  readonly ownMounts: OwnMounts;
  /** `0` where /proc does not tell. */
  readonly ownNamespace: string;
  /** To be closed by whoever looked. */
  readonly forest: ShmForest;
  readonly scan: HolderScan;
  readonly tables: SegmentTables;
  readonly joined: Joined;
  readonly gaps: GapList;
}

/** More segments than these changing during one look are not looked at again: the next tick will see them. */
const MOST_RESCANS = 200;

export function look(machine: Machine, options: LookOptions, takenAtMs: number): Sighting {
  const { io, procRoot } = machine;
  const gaps = new GapList();
  const { pids, kernelThread } = readPids(machine, gaps);
  const reached = kernelThread === undefined ? pids : [...pids, kernelThread];
  const namespaces = readNamespaces(io, procRoot, reached, machine.ledger.notes);
  // A kernel thread is asked only since it knows the first namespaces: who may not ask it misses no process.
  for (const pid of namespaces.refused) if (pid !== kernelThread) gaps.add('ns', 'permission', { pid });
  for (const pid of namespaces.threadsLeft) {
    gaps.add('ns', 'limit', { pid, detail: 'a process with more threads than are asked for their namespaces' });
  }
  const ownMounts = machine.procKind === 'own' ? readOwnMounts(procRoot) : NO_MOUNTS;
  const forest = readForest(machine, namespaces, ownMounts, gaps);
  try {
    return lookAt(machine, options, {
      takenAtMs,
      pids,
      namespaces,
      ownMounts,
      ownNamespace: namespaces.ownIpc ?? OWN_NAMESPACE_UNKNOWN,
      forest,
      gaps,
    });
  } catch (error) {
    forest.close();
    throw error;
  }
}

type Ground = Omit<Sighting, 'scan' | 'tables' | 'joined'>;
type Scanned = Ground & Pick<Sighting, 'scan'>;

/** The table is read after the processes, so that nattch, on which verdicts stand, is the newest fact. */
function lookAt(machine: Machine, options: LookOptions, ground: Ground): Sighting {
  const { gaps, pids, forest } = ground;
  const found = scanProcesses(machine, options, pids, forest, gaps);
  const scan = { ...found, fds: withoutPassing(found.fds, machine.ownTools, machine.io, machine.procRoot) };
  const tables = readTables(machine, options, { ...ground, scan });
  const first: Sighting = { ...ground, scan, tables, joined: joinAll(machine, options, ground, scan, tables) };
  const settled = lookAgain(machine, options, first);
  addNamelessGap(forest, settled.joined, gaps);
  return settled;
}

function readPids({ io, procRoot, procKind, withoutNative, ledger }: Machine, gaps: GapList): ProcessList {
  if (withoutNative !== undefined) {
    const lost = 'no lease check, no other IPC namespaces';
    gaps.add('native', 'unsupported', { detail: `${lost} (${withoutNative})` });
  }
  const list = ledger.open(process.uptime());
  if (typeof list === 'number') {
    const reason = list === -EACCES || list === -EPERM ? 'permission' : 'io';
    gaps.add('proc', reason, { detail: `${procRoot} could not be read: ${errnoName(list)}` });
    return { pids: [] };
  }
  if (procKind === 'own' && !isStat(readPidStat(io, procRoot, 1))) {
    gaps.add('proc', 'permission', { detail: '/proc hides processes of other users (mount option hidepid)' });
  }
  return list;
}

function readForest(
  { io, ownLibc, procRoot, shmRoot }: Machine,
  { ownMount, mountOf }: Namespaces,
  ownMounts: OwnMounts,
  gaps: GapList,
) {
  const others = severalOfOthers(ownMount, mountOf, PROCESSES_TRIED);
  return readShmForest({ io, libc: ownLibc, procRoot, shmRoot, ownMounts, others, gaps });
}

function scanProcesses(
  { kernel, scanner, ledger, nsfs }: Machine,
  { includeFiles }: LookOptions,
  pids: readonly number[],
  { mayHoldFiles, devices, entries, hasAllNames }: ShmForest,
  gaps: GapList,
): HolderScan {
  const request = {
    privateDevices: mayHoldFiles ? devices : new Set<number>(),
    // Descriptors of namespaces too: one may be all that keeps a mount namespace.
    fdDevices: new Set([
      kernel.kernelShm,
      ...(kernel.hugetlb ?? []),
      ...devices,
      ...(nsfs === undefined ? [] : [nsfs]),
    ]),
    namedDevices: devices,
    hasAllNames,
    entries,
    includeFiles,
  };
  return scanner.scan(pids, request, gaps, ledger.notes);
}

/** Rows as they are now, without resident bytes, beside those of the sighting, which stay valid. */
export function readTablesAgain(machine: Machine, sighting: Sighting): readonly SysvRow[] {
  const { io, ownLibc, procRoot } = machine;
  const tables = new SegmentTableReader(io, ownLibc, procRoot);
  return readTables({ ...machine, tables }, { rss: false }, { ...sighting, gaps: new GapList() }).rows;
}

function readTables({ tables, ownLibc, procRoot }: Machine, { rss }: Pick<LookOptions, 'rss'>, ground: Scanned) {
  const { namespaces, ownMounts, ownNamespace, gaps, scan } = ground;
  const others = mountedIpcNamespaces(ownMounts.mounts);
  for (const [namespace, [pid, ...more]] of severalOfOthers(namespaces.ownIpc, namespaces.ipcOf, PROCESSES_TRIED)) {
    others.set(namespace, ipcDoorOf(procRoot, pid, more));
  }
  const known = new Set([ownNamespace, ...others.keys()]);
  for (const [namespace, door] of heldIpcNamespaces(procRoot, scan.fds, known, gaps)) others.set(namespace, door);
  others.delete(ownNamespace);
  if (ownLibc === undefined && others.size > 0) {
    gaps.add('ns', 'unsupported', {
      count: others.size,
      detail: 'the segment tables of other IPC namespaces were not read',
    });
  }
  return tables.read({ ownNamespace, others, rss }, gaps);
}

function joinAll(
  { kernel }: Machine,
  { includeFiles }: LookOptions,
  { forest, namespaces, ownNamespace }: Ground,
  { mappings, fds }: HolderScan,
  { rows, openNamespaces }: SegmentTables,
): Joined {
  const { kernelShm, hugetlb } = kernel;
  return join({
    sysv: rows,
    openNamespaces,
    entries: forest.entries,
    mappings,
    fds,
    devices: { kernelShm, hugetlb, mounts: forest.dedicated, tmpfs: forest.devices, mountRoots: forest.roots },
    namespaceOf: (pid) => namespaces.ipcOf.get(pid) ?? ownNamespace,
    includeFiles,
  });
}

/**
 * Somebody attached or detached while we looked: the mappings found do not sum up to nattch, and the segment's times are
 * fresh. The processes concerned are read again, and the table after them.
 */
function lookAgain(machine: Machine, options: LookOptions, sighting: Sighting): Sighting {
  const { joined, scan, takenAtMs, forest } = sighting;
  const startedSec = Math.floor(takenAtMs / 1000);
  const hasChanged = (row: SysvRow) => {
    if (row.nattch === 0 && joined.attaches.size === 0) return false;
    const found = joined.attaches.get(row)?.mappingsFound ?? 0;
    return row.nattch !== found && Math.max(row.atimeSec, row.dtimeSec) >= startedSec - 1;
  };
  const changed = joined.segments.filter(hasChanged);
  const strays = joined.unlisted.filter(({ ipcNamespace }) => ipcNamespace === UNKNOWN_NAMESPACE);
  const count = changed.length + strays.length;
  if (count === 0 || count > MOST_RESCANS) return sighting;
  const pids = new Set(changed.flatMap((row) => [...(joined.attaches.get(row)?.holds.keys() ?? [])]));
  for (const { holds } of strays) for (const pid of holds.keys()) pids.add(pid);
  // The table's pids are those of our own pid namespace.
  if (machine.procKind === 'own') for (const { cpid, lpid } of changed) pids.add(cpid).add(lpid);
  pids.delete(0);
  machine.ledger.forgetHoldings(pids);
  // What cannot be read was counted in the first round.
  const again = scanProcesses(machine, options, [...pids], forest, new GapList());
  const merged: HolderScan = {
    ...scan,
    mappings: [...scan.mappings.filter(({ pid }) => !pids.has(pid)), ...again.mappings],
    fds: withoutPassing(
      [...scan.fds.filter(({ pid }) => !pids.has(pid)), ...again.fds],
      machine.ownTools,
      machine.io,
      machine.procRoot,
    ),
  };
  const tables = readTables(machine, options, sighting);
  return { ...sighting, scan: merged, tables, joined: joinAll(machine, options, sighting, merged, tables) };
}

const RECOUNTS = 5;

/** A tmpfs counts its inodes: those that neither a name nor a visible process accounts for are held by something unseen. */
function addNamelessGap(forest: ShmForest, { loose }: Joined, gaps: GapList): void {
  const found = loose.filter(({ kind }) => kind === 'unlinked').length;
  // Files come and go while one counts: what stays at every count is there.
  let count = forest.namelessInodes - found;
  for (let round = 0; count > 0 && round < RECOUNTS; round++) count = Math.min(count, forest.recountNameless() - found);
  if (count <= 0) return;
  gaps.add('tmpfs-inodes', 'permission', { count, detail: 'objects without a name that no visible process holds' });
}
