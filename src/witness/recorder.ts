// The recorder: asks its sources in rounds, keeps what they told in a store, and says what they could not tell.
import type { Libc } from '../native/libc.ts';
import type { LiveTap } from '../probe/model/event/live-session.ts';
import { GapList } from '../probe/model/gap.ts';
import type { DeviceNumber } from '../probe/model/join/mapping-record.ts';
import type { Actor, Watch, WatchGap } from '../probe/model/life/life.ts';
import { findKernelMounts } from '../probe/source/devices.ts';
import type { Io } from '../probe/source/io.ts';
import { OwnTools } from '../probe/source/own-tools.ts';
import { isStat, readPidStat } from '../probe/source/pid-stat.ts';
import { SegmentTableReader } from '../probe/source/segment-tables.ts';
import { Census } from './census.ts';
import { type ClockReading, clockGap } from './model/clock-watch.ts';
import { GapBook } from './model/gap-book.ts';
import { Ledger } from './model/ledger.ts';
import type { Person } from './model/person.ts';
import { Pages } from './pages.ts';
import { Places, type Survey } from './places.ts';
import { Rounds } from './rounds.ts';
import { Looker } from './source/looker.ts';
import { SegmentWatch } from './source/segment-watch.ts';
import { Surveyor } from './source/territory.ts';
import { Sources } from './sources.ts';
import type { WitnessStore } from './store.ts';

export interface RecorderOptions {
  readonly libc: Libc;
  readonly io: Io;
  readonly procRoot: string;
  readonly shmRoot: string;
  readonly bootId: string;
  readonly store: WitnessStore;
  readonly clock: () => ClockReading;
  /** System call tracepoints too: who removes a segment. */
  readonly isExact?: boolean;
  /** Of a watch that runs in this thread, whose sources are used. */
  readonly tap?: LiveTap;
  /** In words, when something changes that people should know. */
  readonly say: (text: string) => void;
}

/** Names are listed and processes counted anew after a loss, but not more often than this. */
const LEAST_RELIST_MS = 5000;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #ledger: Ledger;
  readonly #sources: Sources;
  readonly #rounds: Rounds;
  readonly #places: Places;
  readonly #segments: SegmentWatch;
  readonly #census: Census;
  readonly #pages: Pages;
  readonly #looker: Looker;
  readonly #segmentDevices: ReadonlySet<DeviceNumber>;
  readonly #gaps: GapBook;
  readonly #sinceMs: number;
  #survey: Survey;
  #reading: ClockReading;
  #roundMs: number;
  #lost: { readonly why: string; readonly isOfFiles: boolean; readonly isOfProcesses: boolean } | undefined;
  #nextCensusMs = 0;
  #mustCount = false;
  #nextRelistMs = 0;
  #mustRelist = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    const { libc, io, procRoot, shmRoot, store, clock } = options;
    this.#reading = clock();
    this.#roundMs = this.#reading.nowMs;
    const { lives, watch } = store.load();
    this.#sinceMs = Math.round(watch?.sinceMs ?? this.#reading.nowMs);
    this.#gaps = new GapBook(watch?.gaps);
    if (watch) {
      this.#gaps.close('stopped', this.#now());
      this.#gaps.add({ fromMs: watch.seenMs, untilMs: this.#now(), why: 'stopped' });
    }
    const kernel = findKernelMounts(io, libc);
    const segmentDevices = new Set<DeviceNumber>([kernel.kernelShm, ...(kernel.hugetlb ?? [])]);
    this.#segmentDevices = segmentDevices;
    const devices = new Set(segmentDevices);
    let rounds: Rounds | undefined;
    this.#sources = new Sources({
      ...{ libc, io, shmRoot, devices, tap: options.tap },
      isExact: options.isExact ?? false,
      see: (seen) => rounds?.see(seen),
      seeKin: (kin) => rounds?.seeKin(kin),
    });
    const { hasForks, hasAttaches, hasNames, files } = this.#sources;
    this.#ledger = new Ledger({ forks: hasForks, attaches: hasAttaches });
    this.#looker = new Looker(io, procRoot);
    this.#segments = new SegmentWatch(new SegmentTableReader(io, libc, procRoot));
    // Who looks for a name in memory finds it here, too, and must know that nobody wants it.
    const ownTools = new OwnTools(io, true);
    ownTools.announce();
    rounds = new Rounds({
      ...{ io, procRoot, shmRoot, ledger: this.#ledger, looker: this.#looker, sources: this.#sources },
      ownTools,
      segmentDevices,
      namespaces: () => this.#segments.namespaces,
      ownNamespace: () => this.#survey.ownIpc,
      lostKin: () => {
        this.#mustCount = true;
        this.#ledger.tree.knowKin(undefined);
      },
      lost: (why, isOfFiles) => this.#noteLoss(why, isOfFiles),
    });
    this.#rounds = rounds;
    this.#census = new Census(io, procRoot, this.#ledger.tree, this.#looker, this.#sources.tellsKin);
    this.#census.seed();
    const find = (actor: Actor) => this.#find(actor);
    this.#ledger.load(lives, find, this.#now());
    const surveyor = new Surveyor(io, libc, procRoot, shmRoot);
    this.#places = new Places(libc, surveyor, this.#ledger, files, devices, hasNames);
    this.#survey = this.#places.look(true);
    this.#shareDevices();
    this.#places.dropUnwatched();
    this.#lookAtSegments();
    this.#ledger.dropUnseenSegments(this.#segments, this.#now());
    this.#pages = new Pages(store, this.#ledger, () => this.#watch(), options.say);
  }

  get sources(): Watch['sources'] {
    const { refused } = this.#survey;
    const places = refused.map((text) => ({ name: 'place', isActive: false, text }));
    return [...this.#sources.notes, ...places];
  }

  get hasWakes(): boolean {
    return this.#sources.files !== undefined;
  }

  /** Calls back when there may be events of files to look at: `glance` is for that. */
  wake(look: () => void): void {
    this.#sources.files?.wake(look);
  }

  pause(): void {
    this.#sources.files?.pause();
  }

  resume(): void {
    this.#sources.files?.resume();
  }

  /** Looks at who has just done something to a name, while he may still live. */
  glance(): void {
    this.#rounds.readFiles();
  }

  /** Several times a second: how many things were told. */
  round(): number {
    const count = this.#rounds.run();
    const lost = this.#lost;
    const nowMs = this.#now();
    if (lost) {
      this.#lost = undefined;
      this.#gap({ fromMs: this.#roundMs, untilMs: nowMs, why: lost.why });
      if (lost.isOfFiles) this.#relist(nowMs);
      if (lost.isOfProcesses) this.#forgetKin(nowMs);
    }
    this.#roundMs = nowMs;
    return count;
  }

  /** Each second: tables, places, the clock, and the store. */
  second(): void {
    const reading = this.#options.clock();
    const gap = clockGap(this.#reading, reading);
    this.#reading = reading;
    if (gap) {
      this.#gap(gap);
      // A machine that was brought back to an earlier state may find a later one on its disk.
      this.#pages.writeAll();
    }
    this.#survey = this.#places.now();
    this.#shareDevices();
    this.#lookAtSegments();
    if (this.#mustRelist) this.#relist(reading.nowMs);
    if (this.#mustCount) this.#forgetKin(reading.nowMs);
    this.#ledger.tidy(reading.nowMs);
    this.#census.check(reading.nowMs);
    this.#pages.write(reading.nowMs);
  }

  /** What was told until now is kept, and that nothing is from now on. */
  stop(): void {
    this.round();
    this.#gaps.add({ fromMs: this.#now(), why: 'stopped' });
    this.#pages.write(Number.POSITIVE_INFINITY);
    this.#sources.stop();
    this.#options.store.close();
  }

  /** As it stands: after a fault. */
  drop(): void {
    this.#sources.stop();
    this.#options.store.close();
  }

  #now(): number {
    return Math.round(this.#options.clock().nowMs);
  }

  #watch(): Watch {
    return {
      bootId: this.#options.bootId,
      sinceMs: this.#sinceMs,
      seenMs: this.#now(),
      isRunning: true,
      pid: process.pid,
      sources: this.sources,
      gaps: this.#gaps.list,
      ...(this.#ledger.leftOut > 0 ? { leftOut: this.#ledger.leftOut } : {}),
    };
  }

  #noteLoss(why: string, isOfFiles: boolean): void {
    this.#lost = {
      why,
      isOfFiles: isOfFiles || this.#lost?.isOfFiles === true,
      isOfProcesses: !isOfFiles || this.#lost?.isOfProcesses === true,
    };
  }

  #gap(gap: WatchGap): void {
    this.#gaps.add(gap);
    this.#ledger.unseen(gap.untilMs ?? gap.fromMs);
  }

  #relist(nowMs: number): void {
    if (nowMs < this.#nextRelistMs) {
      this.#mustRelist = true;
      return;
    }
    this.#mustRelist = false;
    this.#survey = this.#places.look(true);
    this.#shareDevices();
    this.#nextRelistMs = nowMs + LEAST_RELIST_MS;
  }

  /** A watch whose sources are used must be told of mappings there too. */
  #shareDevices(): void {
    const { tap } = this.#options;
    tap?.watchDevices([...this.#places.devices].filter((device) => !this.#segmentDevices.has(device)));
  }

  /** Forks, ends or sessions were lost: what was handed on since may be wrong. A new census tells. */
  #forgetKin(nowMs: number): void {
    this.#ledger.tree.knowKin(undefined);
    this.#mustCount = nowMs < this.#nextCensusMs;
    if (this.#mustCount) return;
    this.#census.seed();
    this.#nextCensusMs = nowMs + LEAST_RELIST_MS;
  }

  #lookAtSegments(): void {
    const { ownIpc, otherIpc } = this.#survey;
    const atMs = this.#now();
    this.#segments.look(ownIpc, otherIpc, new GapList(), atMs, (told, wasThere) => {
      const cpid = told.row?.cpid ?? 0;
      const isKnown = this.#ledger.hasSegment(told.ipcNamespace, told.shmid);
      const maker = wasThere || isKnown || cpid <= 0 ? undefined : this.#looker.look(cpid);
      this.#ledger.row({ ...told, maker }, wasThere);
    });
  }

  #find({ pid, startTicks }: Actor): Person | undefined {
    const { io, procRoot } = this.#options;
    const stat = readPidStat(io, procRoot, pid);
    if (!isStat(stat) || stat.startTicks !== startTicks) return undefined;
    const person = this.#ledger.tree.person(pid);
    person.look ??= this.#looker.look(pid);
    return person;
  }
}
