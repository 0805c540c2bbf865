// What this machine allows us to see, found by trying: the report behind `shmtop doctor`.
import { release } from 'node:os';
import { errnoName } from '../native/errno.ts';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import type { Capability } from './model/capability.ts';
import type { Snapshot } from './model/snapshot.ts';
import type { Io } from './source/io.ts';
import { nativeIo } from './source/io-native.ts';
import { nodeIo } from './source/io-node.ts';
import { openMappingReader } from './source/mappings.ts';
import { isStat, readPidStat } from './source/processes.ts';
import { SysvTable } from './source/sysv-table.ts';

const IS_ROOT_ADVICE = 'run as root';

/** Tries each way once and explains the outcome; `snapshot` is one taken just now with the same privileges. */
export function readCapabilities(snapshot: Snapshot, procRoot = '/proc'): Capability[] {
  const loaded = loadLibc();
  const libc = isLibc(loaded) ? loaded : undefined;
  const io = libc ? nativeIo(libc) : nodeIo();
  return [
    nativeCalls(isLibc(loaded) ? undefined : loaded.reason),
    segmentTable(libc),
    mappingQueries(io, libc, procRoot),
    processes(snapshot),
    hiddenProcesses(io, procRoot),
    leases(libc, snapshot),
    otherNamespaces(snapshot),
    mapFiles(io, procRoot, snapshot),
    devShm(snapshot),
    removal(snapshot),
  ];
}

function nativeCalls(reason: string | undefined): Capability {
  if (reason === undefined) return { name: 'native calls', state: 'yes', found: `koffi, Linux ${release()}` };
  return {
    name: 'native calls',
    state: 'no',
    found: reason,
    lost: 'speed, the lease check (so nothing in /dev/shm is ever called abandoned), other IPC namespaces, content',
    advice: 'install again without --omit=optional, so that the binary of koffi comes along',
  };
}

function segmentTable(libc: Libc | undefined): Capability {
  const name = 'segment table';
  const rows = libc ? new SysvTable(libc).read('0') : undefined;
  if (rows !== undefined && typeof rows !== 'number') {
    return { name, state: 'yes', found: `SHM_STAT_ANY: every segment, without permission on it` };
  }
  return {
    name,
    state: 'partly',
    found: rows === undefined ? 'the text of /proc/sysvipc/shm' : `SHM_STAT_ANY: ${errnoName(rows)}; the text instead`,
    lost: 'speed only: the text takes about 4 times as long',
  };
}

function mappingQueries(io: Io, libc: Libc | undefined, procRoot: string): Capability {
  const reader = openMappingReader(io, libc, procRoot);
  if (reader.name === 'PROCMAP_QUERY') return { name: 'mappings', state: 'yes', found: 'PROCMAP_QUERY' };
  return {
    name: 'mappings',
    state: 'partly',
    found: 'the text of /proc/PID/maps (PROCMAP_QUERY needs Linux 6.11)',
    lost: 'speed; page sizes of mappings, so that unattached huge pages are recognised less often',
  };
}

function processes({ visibility, host }: Snapshot): Capability {
  const { processes, inspected } = visibility;
  const name = 'processes';
  if (processes === inspected) return { name, state: 'yes', found: `all ${processes} can be looked into` };
  const refused = processes - inspected;
  return {
    name,
    state: inspected === 0 ? 'no' : 'partly',
    found: `${refused} of ${processes} cannot be looked into`,
    lost: 'who holds what in those processes; objects in /dev/shm of other users read "unknown"',
    advice: host.uid === 0 ? 'they refuse even root (a security module, or a container boundary)' : IS_ROOT_ADVICE,
  };
}

function hiddenProcesses(io: Io, procRoot: string): Capability {
  const name = 'all of /proc';
  if (isStat(readPidStat(io, procRoot, 1))) return { name, state: 'yes', found: 'no process is hidden (hidepid)' };
  return {
    name,
    state: 'partly',
    found: '/proc hides processes of other users (mount option hidepid)',
    lost: 'whether creators are alive: such objects are never called abandoned',
    advice: `${IS_ROOT_ADVICE}, or join the group that the mount option gid= names`,
  };
}

function leases(libc: Libc | undefined, { host }: Snapshot): Capability {
  const name = 'file leases';
  if (!libc) return { name, state: 'no', found: 'needs native calls', lost: 'proof that nobody has an object open' };
  if (host.uid === 0)
    return { name, state: 'yes', found: 'the kernel tells for every object whether anybody has it open' };
  return {
    name,
    state: 'partly',
    found: 'the kernel tells for your own objects whether anybody has them open',
    lost: 'the same for objects of others: they read "unknown"',
    advice: IS_ROOT_ADVICE,
  };
}

function otherNamespaces({ host, gaps }: Snapshot): Capability {
  const name = 'other IPC namespaces';
  const refused = gaps.filter(({ source }) => source === 'ns').reduce((sum, { count }) => sum + count, 0);
  if (refused === 0 && host.uid === 0) return { name, state: 'yes', found: 'segments of containers are listed too' };
  return {
    name,
    state: 'partly',
    found: host.uid === 0 ? `${refused} could not be entered` : 'only root can enter them',
    lost: 'segments and /dev/shm of containers',
    advice: host.uid === 0 ? undefined : IS_ROOT_ADVICE,
  };
}

function mapFiles(io: Io, procRoot: string, { host }: Snapshot): Capability {
  const name = 'map_files';
  const ranges = io.readDir(`${procRoot}/self/map_files`);
  const range = typeof ranges === 'number' ? undefined : ranges[0];
  const stat = range === undefined ? -1 : io.stat(`${procRoot}/self/map_files/${range}`, 'follow');
  if (typeof stat !== 'number') return { name, state: 'yes', found: 'sizes and content of objects without a name' };
  return {
    name,
    state: 'no',
    found: host.uid === 0 ? 'refused to this root (CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN)' : 'root only',
    lost: 'allocated bytes of anonymous memory, content of attached segments',
    advice: host.uid === 0 ? undefined : IS_ROOT_ADVICE,
  };
}

function devShm({ limits }: Snapshot): Capability {
  const [mount] = limits.mounts;
  if (mount) return { name: '/dev/shm', state: 'yes', found: `${mount.path} on device ${mount.device}` };
  return {
    name: '/dev/shm',
    state: 'no',
    found: 'there is none here',
    lost: 'POSIX shared memory and named semaphores: shm_open(3) fails on this machine',
    advice: 'mount a tmpfs there: mount -t tmpfs -o mode=1777 tmpfs /dev/shm',
  };
}

function removal({ limits }: Snapshot): Capability {
  const name = 'kernel.shm_rmid_forced';
  if (!limits.shmRmidForced) return { name, state: 'yes', found: '0: segments stay until somebody removes them' };
  return { name, state: 'yes', found: '1: the kernel removes segments with their last attach or their creator' };
}
