// Which sources a watch uses: the best that can be had, each with why, and with what it cannot see.
import type { Libc } from '../../native/libc.ts';
import type { Pace, SourceNote } from '../model/event/live-session.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import type { Io } from '../source/io.ts';
import { CalmPollSource } from './calm-poll.ts';
import { ExactSource } from './exact.ts';
import { type FanotifyOptions, FanotifySource } from './fanotify.ts';
import { InotifySource } from './inotify.ts';
import { PerfSource } from './perf.ts';
import { PollSource } from './poll.ts';
import { ProcConnectorSource } from './proc-connector.ts';
import type { LiveSource, Sink } from './source.ts';
import { wakeByKernel, wakeInRounds } from './wake.ts';

export interface ChoiceOptions {
  readonly libc: Libc;
  readonly io: Io;
  readonly ipcNamespace: string;
  readonly shmRoot: string;
  readonly isExact: boolean;
  readonly pace: Pace;
  /** See wake.ts. */
  readonly isInRounds: boolean;
  readonly devices: ReadonlySet<DeviceNumber>;
  readonly privateDevices: ReadonlySet<DeviceNumber>;
  readonly commChanged: (pid: number, comm: string) => void;
  readonly fanotify: Omit<FanotifyOptions, 'before' | 'wake'>;
}

export interface ChosenSources {
  /** Of the sources as they are now. */
  readonly notes: () => readonly SourceNote[];
  readonly setPace: (pace: Pace) => void;
  readonly perf?: PerfSource;
  readonly fanotify?: FanotifySource;
  readonly inotify?: InotifySource;
  readonly exact?: ExactSource;
  /** Whether this one runs. */
  readonly has: (source: string) => boolean;
  /** What the kernel has for them now is told before this returns. */
  readonly drain: () => void;
  /** True when exits of processes are told. */
  readonly hasExits: boolean;
  readonly stop: () => void;
}

export function startSources(options: ChoiceOptions, sink: Sink): ChosenSources {
  const { libc, io, ipcNamespace, shmRoot, devices, privateDevices, commChanged, isExact } = options;
  const { wake, setPace } = options.isInRounds ? wakeInRounds(options.pace) : wakeByKernel(libc);
  const notes: SourceNote[] = []; // of all but the poller, which changes
  const running: LiveSource[] = [];
  const start = <Source extends LiveSource>(source: Source): Source | undefined => {
    const refused = source.start(sink);
    if (refused !== undefined) {
      notes.push({ name: source.name, isActive: false, text: refused });
      return undefined;
    }
    running.push(source);
    notes.push(noteOf(source));
    return source;
  };
  const perf = start(new PerfSource(libc, { wake, devices, privateDevices, commChanged }));
  const exact = isExact && perf ? start(new ExactSource(libc, perf)) : undefined;
  if (isExact && !perf) notes.push({ name: 'exact', isActive: false, text: 'needs perf, which is not available' });
  const fanotify = start(new FanotifySource(libc, { ...options.fanotify, wake, before: () => perf?.drain() }));
  const inotify = fanotify?.watchesFiles ? undefined : start(new InotifySource(libc, wake, io, shmRoot));
  const connector = perf ? undefined : start(new ProcConnectorSource(libc, wake));
  let poller: LiveSource;
  const startPoller = (pace: Pace) => {
    poller =
      pace === 'calm' ? new CalmPollSource(libc, ipcNamespace) : new PollSource(ipcNamespace, perf ? 'check' : 'only');
    poller.start(sink);
  };
  startPoller(options.pace);
  let pace = options.pace;
  return {
    notes: () => [...notes, noteOf(poller)],
    setPace: (wanted) => {
      if (wanted === pace) return;
      pace = wanted;
      setPace(wanted);
      poller.stop();
      startPoller(wanted);
    },
    perf,
    fanotify,
    inotify,
    exact,
    has: (name) => running.some((source) => source.name === name),
    drain: () => {
      for (const source of running) source.drain?.();
    },
    hasExits: perf !== undefined || connector !== undefined,
    stop: () => {
      poller.stop();
      for (const source of running.splice(0).reverse()) source.stop();
    },
  };
}

function noteOf(source: LiveSource): SourceNote {
  const { sees, misses } = source.describe();
  return { name: source.name, isActive: true, text: sees, misses };
}
