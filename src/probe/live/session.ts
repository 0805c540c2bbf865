// A running watch: sources → merging → events. Sources start first, then the present state is taken, so nothing falls between.
import { type Machine, openMachine } from '../look/machine.ts';
import { EventMerge } from '../merge/event-merge.ts';
import type { KnownObjects } from '../merge/known-objects.ts';
import type { ShmEvent } from '../model/event/event.ts';
import type { LiveRequest, LiveSession, ShareRings } from '../model/event/live-session.ts';
import { fileId } from '../model/identity.ts';
import { type DeviceNumber, deviceNumber } from '../model/join/mapping-record.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { readNamespace } from '../source/namespace-link.ts';
import { openSurroundings } from './around.ts';
import { type ChoiceOptions, startSources } from './choose.ts';
import { MergingSink } from './merging-sink.ts';
import { SegmentMarks } from './segment-marks.ts';
import { shmMount } from './shm-mount.ts';
import { SourceTap } from './source-tap.ts';
import { startTextSession } from './text-session.ts';

export interface SessionOptions extends LiveRequest {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  readonly sample: () => Snapshot;
}

const OWNER_CHECK_MS = 1000;

/** Starts everything that can be had; in words why there can be no watch at all. */
export function startSession(options: SessionOptions, onEvent: (event: ShmEvent) => void): LiveSession | string {
  const machine = openMachine(options.procRoot, options.shmRoot);
  const { ownLibc: libc, kernel, io, procRoot, shmRoot, withoutNative } = machine;
  if (!libc) {
    if (withoutNative === undefined) return `${procRoot} is not the /proc of this machine`;
    if (options.isExact) return `--exact needs native calls (${withoutNative})`;
    return startTextSession(withoutNative, options, onEvent);
  }
  const ownNamespace = readNamespace(io, procRoot, 'self', 'ipc') ?? '0';
  const kernelDevices = new Set<DeviceNumber>([kernel.kernelShm, ...(kernel.hugetlb ?? [])]);
  const mounts = new Set<DeviceNumber>();
  const devices = new Set<DeviceNumber>(kernelDevices);
  const privateDevices = new Set<DeviceNumber>();
  const root = shmMount(machine);
  if (root) mounts.add(root.device);
  const around = openSurroundings(machine, libc, ownNamespace, mounts);
  const sink = new MergingSink(kernelDevices);
  const chosen = startSources(
    {
      libc,
      io,
      ipcNamespace: ownNamespace,
      shmRoot,
      isExact: options.isExact,
      pace: options.pace ?? 'quick',
      isInRounds: options.isInRounds ?? false,
      devices,
      privateDevices,
      commChanged: (pid, comm) => merging.named(pid, comm),
      fanotify: fanotifyOptions(machine, root, () => merging.knownObjects),
    },
    sink,
  );
  const { perf, fanotify, inotify, exact, hasExits } = chosen;
  const marks = new SegmentMarks(machine, fanotify, around);
  const first = options.sample();
  for (const { device } of first.limits.mounts) mounts.add(parseDevice(device));
  const share: ShareRings = (ids, take) => perf?.share(ids, take) ?? [];
  const tap = new SourceTap({ has: chosen.has, drain: chosen.drain, share, devices, privateDevices });
  tap.watchDevices(mounts);
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
  sink.open({ merge: merging, marks, perf, mounts, tell: tap.tell });
  merging.seed(first, performance.timeOrigin + performance.now());
  inotify?.skipOwn();
  marks.seed(first);
  const owners = hasExits ? undefined : setInterval(() => merging.checkOwners(Date.now()), OWNER_CHECK_MS);
  return {
    sources: chosen.notes,
    setPace: chosen.setPace,
    first,
    sampleNow: () => {
      const snapshot = options.sample();
      inotify?.skipOwn();
      return snapshot;
    },
    holdersOf: (id) => (perf ? merging.holdersOf(id) : undefined),
    segment: (shmid) => merging.segmentNow(shmid),
    tap,
    stop: () => {
      sink.stop();
      clearInterval(owners);
      chosen.stop();
    },
  };
}

/** What is told of files in /dev/shm, where that is a tmpfs of its own. */
function fanotifyOptions(
  { io, shmRoot, ownTools }: Machine,
  root: ReturnType<typeof shmMount>,
  known: () => KnownObjects,
): ChoiceOptions['fanotify'] {
  return {
    ownTools,
    shmRoot: root ? shmRoot : undefined,
    device: root?.device,
    rootInode: root?.inode,
    directoryName: (inode) => root && known().get(fileId('posix', root.device, inode))?.rawName,
    sizeOf: (name) => {
      const stat = io.stat(shmRoot + name, 'nofollow');
      return typeof stat === 'number' ? undefined : stat.sizeBytes;
    },
  };
}

function parseDevice(text: string): DeviceNumber {
  const [major = 0, minor = 0] = text.split(':').map(Number);
  return deviceNumber(major, minor);
}
