// Starts what can be had of the kernel, and says what it is and what is missing.
import type { Libc } from '../native/libc.ts';
import type { PollHandle } from '../native/poll.ts';
import { ExactSource } from '../probe/live/exact.ts';
import { InotifySource } from '../probe/live/inotify.ts';
import { PerfSource } from '../probe/live/perf.ts';
import { ProcConnectorSource } from '../probe/live/proc-connector.ts';
import type { LiveSource } from '../probe/live/source.ts';
import type { Observation } from '../probe/model/event/observation.ts';
import type { DeviceNumber } from '../probe/model/join/mapping-record.ts';
import type { Watch } from '../probe/model/life/life.ts';
import type { Io } from '../probe/source/io.ts';
import { FileEvents } from './source/file-events.ts';
import { OomKills } from './source/oom-kills.ts';
import { TaskEnds } from './source/task-ends.ts';

export interface SourcesOptions {
  readonly libc: Libc;
  readonly io: Io;
  readonly shmRoot: string;
  /** System call tracepoints too. */
  readonly isExact: boolean;
  readonly devices: ReadonlySet<DeviceNumber>;
  readonly see: (observation: Observation) => void;
}

type Note = Watch['sources'][number];

export class Sources {
  readonly notes: Note[] = [];
  readonly perf: PerfSource | undefined;
  readonly exact: ExactSource | undefined;
  readonly connector: ProcConnectorSource | undefined;
  readonly ends: TaskEnds | undefined;
  readonly files: FileEvents | undefined;
  readonly inotify: InotifySource | undefined;
  readonly oom: OomKills | undefined;
  readonly #running: { readonly stop: () => void }[] = [];
  /** What is read in rounds is never waited for. */
  readonly #looks = new Set<() => void>();

  constructor({ libc, io, shmRoot, isExact, devices, see }: SourcesOptions) {
    const sink = { see, done: () => {} };
    const inRounds = (_: number, look: () => void): PollHandle => {
      this.#looks.add(look);
      return {
        start: () => this.#looks.add(look),
        stop: () => this.#looks.delete(look),
        close: () => this.#looks.delete(look),
      };
    };
    const never = (): PollHandle => ({ start: () => {}, stop: () => {}, close: () => {} });
    const live = <Source extends LiveSource>(source: Source, gives: string): Source | undefined =>
      this.#start(source.name, source, source.start(sink), gives);
    this.perf = live(
      new PerfSource(libc, { wake: never, devices, privateDevices: devices, commChanged: () => {} }),
      'forks, and who attaches or maps',
    );
    if (isExact && this.perf) this.exact = live(new ExactSource(libc, this.perf), 'who removes a segment');
    const ends = new TaskEnds(libc);
    this.ends = this.#start('taskstats', ends, ends.start(), 'every end, with exit code or signal');
    if (!this.perf || !this.ends)
      this.connector = live(new ProcConnectorSource(libc, inRounds), 'forks and ends, with exit code or signal');
    const files = new FileEvents(libc);
    this.files = this.#start('fanotify', files, files.start(), 'who makes, opens, resizes, renames and removes a name');
    if (!this.files) this.inotify = live(new InotifySource(libc, inRounds, io, shmRoot), 'names in /dev/shm, not who');
    const oom = new OomKills();
    this.oom = this.#start('kmsg', oom, oom.start(), 'whom the kernel killed for want of memory');
    this.notes.push({
      name: 'table',
      isActive: true,
      text: 'the segments of every IPC namespace that can be entered, each second',
    });
  }

  get hasForks(): boolean {
    return this.perf !== undefined || this.connector !== undefined;
  }

  /** Sources that have no call of their own hand on what they have. */
  look(): void {
    this.perf?.drain();
    for (const look of this.#looks) look();
  }

  stop(): void {
    for (const source of this.#running.splice(0).reverse()) source.stop();
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
