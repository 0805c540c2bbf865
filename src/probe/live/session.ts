// A running watch: sources → merging → events. Sources start first, then the present state is taken, so nothing falls between.
import { statfsSync } from 'node:fs';
import { type Machine, openMachine } from '../look/machine.ts';
import { EventMerge } from '../merge/event-merge.ts';
import type { ShmEvent } from '../model/event/event.ts';
import type { LiveRequest, LiveSession } from '../model/event/live-session.ts';
import type { Observation } from '../model/event/observation.ts';
import { fileId } from '../model/identity.ts';
import { type DeviceNumber, deviceNumber } from '../model/join/mapping-record.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { openSurroundings } from './around.ts';
import { type ChosenSources, startSources } from './choose.ts';
import { SegmentMarks } from './segment-marks.ts';

export interface SessionOptions extends LiveRequest {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  readonly sample: () => Snapshot;
}

const TMPFS_MAGIC = 0x01021994;
/** What does not add up is settled this long after the last sign of life. */
const SETTLE_MS = 25;
const OWNER_CHECK_MS = 1000;

/** Starts everything that can be had; in words why there can be no watch at all. */
export function startSession(options: SessionOptions, onEvent: (event: ShmEvent) => void): LiveSession | string {
  const machine = openMachine(options.procRoot, options.shmRoot);
  const { ownLibc: libc, kernel, io, procRoot, shmRoot, withoutNative } = machine;
  if (!libc) return withoutNative ?? `${procRoot} is not the /proc of this machine`;
  const ownNamespace = readNamespace(io, procRoot, 'self', 'ipc') ?? '0';
  const kernelDevices = new Set<DeviceNumber>([kernel.kernelShm, ...(kernel.hugetlb ?? [])]);
  const mounts = new Set<DeviceNumber>();
  const devices = new Set<DeviceNumber>(kernelDevices);
  const root = shmMount(machine);
  if (root) mounts.add(root.device);
  const around = openSurroundings(machine, libc, ownNamespace, mounts);
  let timer: NodeJS.Timeout | undefined;
  let chosen: ChosenSources | undefined;
  const merge = (): EventMerge => merging;
  const see = (seen: Observation) => {
    // Before anything else: who attaches for the first time may be gone again in a moment.
    // The table may be ahead of the rings.
    if (seen.kind === 'row') chosen?.perf?.drain();
    if (seen.kind === 'map' && kernelDevices.has(seen.device)) marks.see(seen);
    merge().apply(seen);
  };
  const settle = () => {
    timer = undefined;
    chosen?.perf?.drain();
    const nowMs = performance.timeOrigin + performance.now();
    if (merge().settle(nowMs)) timer = setTimeout(settle, SETTLE_MS);
  };
  const sink = {
    see,
    done: () => {
      if (merge().isUnsettled) timer ??= setTimeout(settle, SETTLE_MS);
    },
  };
  chosen = startSources(
    {
      libc,
      io,
      ipcNamespace: ownNamespace,
      shmRoot,
      isExact: options.isExact,
      pace: options.pace ?? 'quick',
      isInRounds: options.isInRounds ?? false,
      devices,
      privateDevices: mounts,
      commChanged: (pid, comm) => merge().named(pid, comm),
      fanotify: {
        ownTools: machine.ownTools,
        shmRoot: root ? shmRoot : undefined,
        device: root?.device,
        rootInode: root?.inode,
        directoryName: (inode) => root && merge().knownObjects.get(fileId('posix', root.device, inode))?.rawName,
        sizeOf: (name) => {
          const stat = io.stat(shmRoot + name, 'nofollow');
          return typeof stat === 'number' ? undefined : stat.sizeBytes;
        },
      },
    },
    sink,
  );
  const { perf, fanotify, inotify, exact, hasExits } = chosen;
  const marks = new SegmentMarks(machine, fanotify, around);
  const first = options.sample();
  for (const { device } of first.limits.mounts) mounts.add(parseDevice(device));
  for (const device of mounts) devices.add(device);
  const merging = new EventMerge({
    devices: { kernelShm: kernel.kernelShm, hugetlb: kernel.hugetlb, mounts, mountRoots: new Set() },
    ownNamespace,
    hasMaps: perf !== undefined,
    hasExits,
    isExact: exact !== undefined,
    around,
    emit: (event) => {
      if (event.event === 'destroyed') marks.forget(event);
      onEvent(event);
    },
  });
  merging.seed(first, performance.timeOrigin + performance.now());
  inotify?.skipOwn();
  marks.seed(first);
  const owners = hasExits ? undefined : setInterval(() => merging.checkOwners(Date.now()), OWNER_CHECK_MS);
  const running = chosen;
  return {
    sources: running.notes,
    setPace: running.setPace,
    first,
    sampleNow: () => {
      const snapshot = options.sample();
      inotify?.skipOwn();
      return snapshot;
    },
    holdersOf: (id) => (perf ? merging.holdersOf(id) : undefined),
    segment: (shmid) => merging.segmentNow(shmid),
    stop: () => {
      clearTimeout(timer);
      clearInterval(owners);
      running.stop();
    },
  };
}

/** Device and root of /dev/shm, where it is a tmpfs of its own. */
function shmMount({ io, shmRoot }: Machine): { readonly device: DeviceNumber; readonly inode: number } | undefined {
  try {
    if (statfsSync(shmRoot).type !== TMPFS_MAGIC) return undefined;
  } catch {
    return undefined; // ENOENT: there is none
  }
  const stat = io.stat(shmRoot, 'follow');
  const above = io.stat(`${shmRoot}/..`, 'follow');
  if (typeof stat === 'number' || typeof above === 'number' || stat.device === above.device) return undefined;
  return stat;
}

function parseDevice(text: string): DeviceNumber {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  return deviceNumber(major, minor);
}
