// What this machine allows us to see, found by trying: the report behind `shmtop doctor`.
import { release } from 'node:os';
import { errnoName } from '../../native/errno.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import type { Capability } from '../model/capability.ts';
import type { Gap } from '../model/gap.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Io } from '../source/io.ts';
import { nativeIo } from '../source/io-native.ts';
import { nodeIo } from '../source/io-node.ts';
import { openMappingReader } from '../source/mappings.ts';
import { INITIAL_PID_NAMESPACE } from '../source/pid-book.ts';
import { isStat, readPidStat } from '../source/pid-stat.ts';
import { CAP, type Rights, readRights } from '../source/rights.ts';
import { SysvTable } from '../source/sysv-table.ts';
import { forcedRemoval, logindRemoval } from './removers.ts';

const IS_ROOT_ADVICE = 'run as root';

/** Tries each way once and explains the outcome; `snapshot` is one taken just now with the same privileges. */
export function readCapabilities(snapshot: Snapshot, procRoot = '/proc'): Capability[] {
  const isMachine = procRoot === '/proc';
  const loaded = loadLibc();
  const libc = isLibc(loaded) ? loaded : undefined;
  const io = libc ? nativeIo(libc) : nodeIo();
  const rights = readRights(io);
  return [
    nativeCalls(isLibc(loaded) ? undefined : loaded.reason),
    segmentTable(io, libc, procRoot),
    mappingQueries(io, libc, procRoot),
    processes(snapshot),
    hiddenProcesses(io, procRoot, snapshot),
    leases(libc, snapshot, rights),
    otherNamespaces(libc, snapshot, rights),
    mapFiles(io, libc, procRoot, snapshot),
    devShm(snapshot),
    forcedRemoval(snapshot),
    ...(isMachine ? [logindRemoval(io, snapshot)] : []),
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

function segmentTable(io: Io, libc: Libc | undefined, procRoot: string): Capability {
  const name = 'segment table';
  const rows = libc ? new SysvTable(libc).read('0') : undefined;
  if (rows !== undefined && typeof rows !== 'number') {
    return { name, state: 'yes', found: `SHM_STAT_ANY: every segment, without permission on it` };
  }
  const path = `${procRoot}/sysvipc/shm`;
  const text = io.readFile(path, 1, 'cut');
  if (typeof text === 'number') {
    const call = rows === undefined ? 'no native calls' : `SHM_STAT_ANY: ${errnoName(rows)}`;
    return {
      name,
      state: 'no',
      found: `no System V IPC that could be read (${call}; ${path}: ${errnoName(text)})`,
      lost: 'all System V segments: a kernel without them (CONFIG_SYSVIPC), or a container that forbids the calls (seccomp)',
      advice: 'nothing, where no program here uses shmget(2); else run outside of the container',
    };
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
    found: `the text of /proc/PID/maps (PROCMAP_QUERY needs ${libc ? 'Linux 6.11' : 'native calls'})`,
    lost: 'speed; page sizes of mappings, so that unattached huge pages are recognised less often',
  };
}

function processes({ visibility, host }: Snapshot): Capability {
  const { processes, inspected } = visibility;
  const name = 'processes';
  if (processes === 0) {
    const lost = 'who holds what; objects in /dev/shm read "unknown" or "unheld"';
    return { name, state: 'no', found: 'there is none in /proc', lost, advice: 'mount it: mount -t proc proc /proc' };
  }
  if (processes === inspected) return { name, state: 'yes', found: `all ${processes} can be looked into` };
  const refused = processes - inspected;
  return {
    name,
    state: inspected === 0 ? 'no' : 'partly',
    found: `${refused} of ${processes} cannot be looked into`,
    lost:
      host.uid === 0
        ? 'who holds what in those processes: what only they hold is shown without their names'
        : 'who holds what in those processes; objects in /dev/shm of other users read "unknown"',
    advice: host.uid === 0 ? 'they refuse even root (a security module, or a container boundary)' : IS_ROOT_ADVICE,
  };
}

function hiddenProcesses(io: Io, procRoot: string, { host }: Snapshot): Capability {
  const name = 'all of /proc';
  if (!isStat(readPidStat(io, procRoot, 1))) {
    return {
      name,
      state: 'partly',
      found: '/proc hides processes of other users (mount option hidepid)',
      lost: 'whether creators are alive: such objects are never called abandoned',
      advice: `${IS_ROOT_ADVICE}, or join the group that the mount option gid= names`,
    };
  }
  if (host.pidNamespace === INITIAL_PID_NAMESPACE) return { name, state: 'yes', found: 'every process of the machine' };
  return {
    name,
    state: 'partly',
    found: 'a pid namespace of its own, as in a container: processes outside are out of sight',
    lost: 'whether they want an object: nothing in /dev/shm is ever called abandoned',
    advice: 'run it on the host, which sees the objects of its containers too',
  };
}

function leases(libc: Libc | undefined, { host }: Snapshot, { has, mapsAllUsers }: Rights): Capability {
  const name = 'file leases';
  if (!libc) return { name, state: 'no', found: 'needs native calls', lost: 'proof that nobody has an object open' };
  if (has(CAP.LEASE) && mapsAllUsers) {
    return { name, state: 'yes', found: 'the kernel tells for every object whether anybody has it open' };
  }
  const whose = has(CAP.LEASE) ? 'objects of the users of this user namespace' : 'your own objects';
  return {
    name,
    state: 'partly',
    found: `the kernel tells for ${whose} whether anybody has them open`,
    lost: 'the same for objects of others: they read "unknown"',
    advice: host.uid === 0 ? 'run it on the host, as a root with CAP_LEASE' : IS_ROOT_ADVICE,
  };
}

function otherNamespaces(libc: Libc | undefined, { host, gaps }: Snapshot, { has, mapsAllUsers }: Rights): Capability {
  const name = 'other IPC namespaces';
  const lost = 'segments and /dev/shm of containers';
  if (!libc) return { name, state: 'no', found: 'needs native calls', lost };
  const closed = gaps.filter(({ source }) => source === 'ns');
  const sum = (some: readonly Gap[]) => some.reduce((all, { count }) => all + count, 0);
  const refused = sum(closed);
  const untold = sum(closed.filter(({ detail }) => detail === undefined));
  const what =
    untold === refused ? `${untold} of the processes may not be asked for theirs` : `${refused} could not be entered`;
  if (refused === 0 && has(CAP.SYS_ADMIN) && mapsAllUsers) {
    return { name, state: 'yes', found: 'segments of containers are listed too' };
  }
  return {
    name,
    state: 'partly',
    found: refused > 0 && host.uid === 0 ? what : 'only root of the host can enter them all',
    lost,
    advice: host.uid === 0 ? undefined : IS_ROOT_ADVICE,
  };
}

function mapFiles(io: Io, libc: Libc | undefined, procRoot: string, { host }: Snapshot): Capability {
  const name = 'map_files';
  const ranges = io.readDir(`${procRoot}/self/map_files`);
  const range = typeof ranges === 'number' ? undefined : ranges[0];
  const stat = range === undefined ? -1 : io.stat(`${procRoot}/self/map_files/${range}`, 'follow');
  if (typeof stat !== 'number') {
    if (libc) return { name, state: 'yes', found: 'sizes and content of objects without a name' };
    return { name, state: 'partly', found: 'sizes of objects without a name', lost: 'content needs native calls' };
  }
  return {
    name,
    state: 'no',
    found: host.uid === 0 ? 'refused to this root (CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN)' : 'root only',
    lost: 'allocated bytes of anonymous memory, content of attached segments',
    advice: host.uid === 0 ? undefined : IS_ROOT_ADVICE,
  };
}

function devShm({ limits, gaps }: Snapshot): Capability {
  // Ours comes first; those of other mount namespaces are called by a process that sees them.
  const mount = limits.mounts.find(({ path }) => !/^\/proc\/\d+\/root\//.test(path));
  if (mount) return { name: '/dev/shm', state: 'yes', found: `${mount.path} on device ${mount.device}` };
  const onDisk = gaps.find(
    ({ source, detail }) => source === 'dev-shm' && detail?.startsWith('/dev/shm lies '),
  )?.detail;
  return {
    name: '/dev/shm',
    state: 'no',
    found: onDisk ?? 'there is none here',
    lost: onDisk
      ? 'memory: what shm_open(3) makes is written to disk'
      : 'POSIX shared memory and named semaphores: shm_open(3) fails on this machine',
    advice: 'mount a tmpfs there: mount -t tmpfs -o mode=1777 tmpfs /dev/shm',
  };
}
