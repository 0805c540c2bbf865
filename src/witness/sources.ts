// Starts what can be had of the kernel, or listens to what runs beside already, and says what it is and what is missing.
import type { Libc } from '../native/libc.ts';
import type { PollHandle } from '../native/poll.ts';
import { ExactSource } from '../probe/live/exact.ts';
import { InotifySource } from '../probe/live/inotify.ts';
import { PerfSource } from '../probe/live/perf.ts';
import { ProcConnectorSource } from '../probe/live/proc-connector.ts';
import type { LiveSource } from '../probe/live/source.ts';
import type { LiveTap } from '../probe/model/event/live-session.ts';
import type { Observation } from '../probe/model/event/observation.ts';
import type { DeviceNumber } from '../probe/model/join/mapping-record.ts';
import type { Watch } from '../probe/model/life/life.ts';
import type { Io } from '../probe/source/io.ts';
import { FileEvents } from './source/file-events.ts';
import { GroupMoves } from './source/group-moves.ts';
import { OomKills } from './source/oom-kills.ts';
import { SetsidEvents } from './source/setsid-events.ts';
import { TaskEnds } from './source/task-ends.ts';

export interface SourcesOptions {
  readonly libc: Libc;
  readonly io: Io;
  readonly shmRoot: string;
  /** System call tracepoints too. */
  readonly isExact: boolean;
  readonly devices: ReadonlySet<DeviceNumber>;
  readonly see: (observation: Observation) => void;
  /** Of a watch that runs in this thread: its sources are used, and only what is missing is started. */
  readonly tap?: LiveTap;
  /** The kernel told of what `/proc` would have, had the process lived. */
  readonly seeKin: (kin: KinSeen) => void;
}

/** A process began a session of its own, or came into another control group. */
export interface KinSeen {
  readonly kind: 'setsid' | 'moved';
  readonly pid: number;
  readonly atMs: number;
}

type Note = Watch['sources'][number];

const never = (): PollHandle => ({ start: () => {}, stop: () => {}, close: () => {} });

export class Sources {
  readonly notes: Note[] = [];
  readonly hasForks: boolean;
  /** Who attaches a segment, and who maps a file. */
  readonly hasAttaches: boolean;
  /** Names of our own /dev/shm, without who. */
  readonly hasNames: boolean;
  readonly ends: TaskEnds | undefined;
  readonly files: FileEvents | undefined;
  readonly oom: OomKills | undefined;
  readonly #setsids: SetsidEvents | undefined;
  readonly #seeKin: SourcesOptions['seeKin'];
  readonly #see: SourcesOptions['see'];
  /** Sessions and control groups follow from those of the parent, whenever nobody could look. */
  readonly tellsKin: boolean;
  readonly #running: { readonly stop: () => void }[] = [];
  readonly #tap: LiveTap | undefined;
  readonly #stopListening: (() => void) | undefined;
  /** Those that are read in rounds, and never waited for. */
  readonly #own: LiveSource[] = [];

  constructor({ libc, io, shmRoot, isExact, devices, see, seeKin, tap }: SourcesOptions) {
    this.#tap = tap;
    this.#seeKin = seeKin;
    this.#see = see;
    const sink = { see, done: () => {} };
    const live = <Source extends LiveSource>(source: Source, gives: string): Source | undefined => {
      const started = this.#start(source.name, source, source.start(sink), gives);
      if (started?.drain) this.#own.push(started);
      return started;
    };
    const isShared = (name: string, gives: string) => {
      if (!tap?.has(name)) return false;
      this.notes.push({ name, isActive: true, text: gives });
      return true;
    };
    const attaches = 'forks, and who attaches or maps';
    const forks = 'forks and ends, with exit code or signal';
    const names = 'names in /dev/shm, not who';
    const removals = 'who removes a segment';
    const perf = isShared('perf', attaches)
      ? undefined
      : live(new PerfSource(libc, { wake: never, devices, privateDevices: devices, commChanged: () => {} }), attaches);
    this.hasAttaches = perf !== undefined || tap?.has('perf') === true;
    if (!isShared('exact', removals) && isExact && perf) live(new ExactSource(libc, perf), removals);
    const setsids = new SetsidEvents(libc);
    // What inherits from whom, only perf tells: the connector names the parent, which need not be who forked.
    const share = perf?.share.bind(perf) ?? (tap?.has('perf') ? tap.share : undefined);
    this.#setsids =
      share && this.#start('setsid', setsids, setsids.start(), 'sessions of those who live for a millisecond');
    const moves = share && new GroupMoves(libc, share, (pid, atMs) => seeKin({ kind: 'moved', pid, atMs }));
    const isMoved = moves && this.#start('groups', moves, moves.start(), 'their control groups');
    this.tellsKin = this.#setsids !== undefined && isMoved !== undefined;
    const ends = new TaskEnds(libc);
    this.ends = this.#start('taskstats', ends, ends.start(), 'every end, with exit code or signal');
    const hasConnector =
      (!this.hasAttaches || !this.ends) &&
      (isShared('connector', forks) || live(new ProcConnectorSource(libc, never), forks) !== undefined);
    this.hasForks = this.hasAttaches || hasConnector;
    const files = new FileEvents(libc);
    this.files = this.#start('fanotify', files, files.start(), 'who makes, opens, resizes, renames and removes a name');
    this.hasNames =
      !this.files &&
      (isShared('inotify', names) || live(new InotifySource(libc, never, io, shmRoot), names) !== undefined);
    // What the rings have of before is no news: the census comes after it.
    tap?.drain();
    this.#stopListening = tap?.listen((seen) => {
      if (this.#isOurs(seen)) see(seen);
    });
    const oom = new OomKills();
    this.oom = this.#start('kmsg', oom, oom.start(), 'whom the kernel killed for want of memory');
    this.notes.push({
      name: 'table',
      isActive: true,
      text: 'the segments of every IPC namespace that can be entered, each second',
    });
  }

  /** Sources that have no call of their own hand on what they have. */
  look(): void {
    this.#tap?.drain();
    for (const source of this.#own) source.drain?.();
    // After the forks: whoever began a session before he forked has been told of by now.
    this.#setsids?.drain(
      (pid, atMs) => this.#seeKin({ kind: 'setsid', pid, atMs }),
      () => this.#see({ kind: 'lost', source: 'connector', atMs: Date.now(), count: 1, detail: 'sessions' }),
    );
  }

  stop(): void {
    this.#stopListening?.();
    for (const source of this.#running.splice(0).reverse()) source.stop();
  }

  /** A watch is told more than is recorded; what it loses of that is no gap here. */
  #isOurs({ kind, source }: Observation): boolean {
    if (kind === 'file') return source === 'inotify' && this.hasNames;
    if (kind === 'lost') return source === 'perf' || source === 'connector' || (source === 'inotify' && this.hasNames);
    return kind === 'fork' || kind === 'exit' || kind === 'map' || kind === 'mark';
  }

  #start<Source extends { readonly stop: () => void }>(
    name: string,
    source: Source,
    refused: string | undefined,
    gives: string,
  ): Source | undefined {
    this.notes.push({
      name,
      isActive: refused === undefined,
      text: refused === undefined ? gives : `${refused}; missing: ${gives}`,
    });
    if (refused !== undefined) return undefined;
    this.#running.push(source);
    return source;
  }
}
