// One tick: look at the machine, judge what was found → Snapshot. Reads, never changes anything, never overlaps itself.

import { assembleLoose } from '../model/assemble/assemble-loose.ts';
import { assembleUnlisted } from '../model/assemble/assemble-segment.ts';
import type { Assembly } from '../model/assemble/assembly.ts';
import { type Kept, keepMost, sumLeftOut } from '../model/assemble/ceiling.ts';
import { assembleNames } from '../model/assemble/crowd-of-names.ts';
import { SegmentKeeper } from '../model/assemble/segment-keeper.ts';
import type { ShmEvent } from '../model/event/event.ts';
import { MakerBook, MakerStore } from '../model/judge/maker.ts';
import type { NeverList } from '../model/judge/never-touch.ts';
import type { SoftwareRow } from '../model/judge/software.ts';
import { SOFTWARE_TABLE } from '../model/judge/software-table.ts';
import { VerdictBook } from '../model/judge/verdict-book.ts';
import type { StoodIn } from '../model/judge/verdict-case.ts';
import { findLife, latestLife } from '../model/life/find-life.ts';
import type { KnownLife } from '../model/life/life.ts';
import type { NamespaceFacts } from '../model/namespace-facts.ts';
import { type Container, KINDS, type ShmObject } from '../model/object.ts';
import { once } from '../model/once.ts';
import type { OtherLimit } from '../model/other-limits.ts';
import type { Placement } from '../model/placement.ts';
import type { ProcessShare } from '../model/process-share.ts';
import type { Residents } from '../model/residents.ts';
import type { Limits, Snapshot } from '../model/snapshot.ts';
import { readClock } from '../source/clock.ts';
import { statThroughHolder } from '../source/loose-stat.ts';
import { judgeNames } from '../source/name-findings.ts';
import { askListener } from '../source/socket.ts';
import { readSysvLimits } from '../source/sysv.ts';
import { DiskBook } from '../territory/places/disk-book.ts';
import { MountedElsewhere } from '../territory/places/mounted-elsewhere.ts';
import { Reach } from '../territory/places/reach.ts';
import { readStanding, whoStandsIn } from '../territory/places/stands-in.ts';
import type { Seen } from './account.ts';
import { limitsBeside } from './limits-beside.ts';
import { hostOf, type Machine, openMachine } from './machine.ts';
import { listNamespaces } from './namespace-list.ts';
import { openProcessBook, type ProcessBook } from './process-book.ts';
import { lookTwice } from './second-look.ts';
import { look, readTablesAgain, type Sighting } from './sighting.ts';
import type { OpenWitness, WitnessSight } from './witnessed.ts';

export interface SamplerOptions {
  /** Another root for /proc (a host's, or a captured tree); default `/proc`. */
  readonly procRoot?: string;
  /** Another root for /dev/shm; default `/dev/shm`. */
  readonly shmRoot?: string;
  /** Shared mappings of ordinary files too. */
  readonly includeFiles?: boolean;
  /** Grace time of the verdict in seconds; default 60, 0 for none. */
  readonly minAgeSec?: number;
  /** Units and jobs of all holders; default: of those in containers only, which saves reading a file for each of the others. */
  readonly units?: boolean;
  /** All IPC namespaces with who lives in them and their limits; default: not told. */
  readonly namespaces?: boolean;
  /** Semaphores, queues, huge pages and control groups of holders among the limits; default: not told. */
  readonly ceilings?: boolean;
  /** Resident and swapped bytes of segments; default true. */
  readonly rss?: boolean;
  /** The time that ages are counted to, milliseconds since the epoch; default now. */
  readonly nowMs?: () => number;
  /** What software is known by; default the built-in table. */
  readonly table?: readonly SoftwareRow[];
  /** What a person wants to keep; default nothing. */
  readonly never?: NeverList;
  /** Who reads what a witness saw (`witnessIn`, witnessed.ts); absent: nobody is asked. */
  readonly witness?: OpenWitness;
  /** Most objects that are handed on; what is beyond is judged and counted (`leftOut`). Default: all. */
  readonly mostObjects?: number;
  /** Gives a container its name where that is known; default: names are not asked for. Of this machine only. */
  readonly nameContainer?: (container: Container) => Container;
  /** Told how many segments there are, before objects are made of them. */
  readonly onSegments?: (count: number) => void;
}

export const DEFAULT_MIN_AGE_SEC = 60;

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #machine: Machine;
  readonly #makers = new MakerStore();
  readonly #segments = new SegmentKeeper();
  readonly #witness: WitnessSight | undefined;
  /** Ids of what was handed on the last time, where not all was: it is rather kept than what is alike. */
  #listed: ReadonlySet<string> = new Set();
  #seen: Seen | undefined;

  constructor(options: SamplerOptions = {}) {
    this.#options = options;
    this.#machine = openMachine(options.procRoot, options.shmRoot);
    const { procKind, io, libc } = this.#machine;
    // What was seen on this machine says nothing of another one.
    if (procKind === 'own') this.#witness = options.witness?.(io, libc);
  }

  /** Throws only if this thread could not come back from another IPC namespace. */
  sample(): Snapshot {
    const { includeFiles = false, rss = true, nowMs = Date.now } = this.#options;
    const sighting = look(this.#machine, { includeFiles, rss }, nowMs());
    const { pids, ownMounts } = sighting;
    this.#seen = { machine: this.#machine, pids, namespaces: sighting.namespaces, ownMounts };
    try {
      const book = openProcessBook(this.#machine, sighting, this.#options);
      const kept = this.#judge(sighting, book);
      const namespaces = this.#options.namespaces ? listNamespaces(this.#machine, sighting, book) : undefined;
      const others = this.#options.ceilings ? limitsBeside(this.#machine, kept.objects) : undefined;
      return snapshotOf(this.#machine, sighting, kept, { namespaces, others });
    } finally {
      sighting.forest.close();
    }
  }

  /** What can be said before the first sample. Handed over, so that who samples once loads nothing of it. */
  early<Told>(tell: (machine: Machine, takenAtMs: number) => Told): Told {
    const { nowMs = Date.now } = this.#options;
    return tell(this.#machine, nowMs());
  }

  /** What the last look found beside the snapshot, for `readAccount` (account.ts); undefined before the first. */
  get seen(): Seen | undefined {
    return this.#seen;
  }

  /** How much of each mapping of an object is in memory. */
  residents(object: ShmObject, pageBytes: number): Residents {
    return this.#machine.reader.residents(object, pageBytes);
  }

  /** What a witness has seen of one object, also when it is gone. */
  lifeOf(id: string, object: ShmObject | undefined): KnownLife {
    // It was seen while it had its name.
    const seenAs = id.replace(/^unlinked:/, 'posix:');
    const known = this.#witness?.lives(seenAs);
    if (known === undefined) return { id };
    if (typeof known === 'string') return { id, problem: known };
    const { watch, lives } = known;
    return { id, watch, life: object ? findLife(lives, object) : latestLife(lives, seenAs) };
  }

  /** Where the pages of an object are, and what each holder pays for it: some milliseconds for each holder, more for a large one. */
  placement(object: ShmObject): Placement {
    return this.#machine.reader.placement(object);
  }

  /** What a process pays for shared memory. */
  share(pid: number): ProcessShare {
    return this.#machine.reader.share(pid);
  }

  /** Takes note of a live event: what is known of who has a file is void when somebody was seen to open it. */
  note({ event, source, id }: Pick<ShmEvent, 'event' | 'source' | 'id'>): void {
    // Other sources do not tell who it was: it may be another shmtop that asked, and two would never stop asking.
    if (event === 'opened' && source === 'fanotify' && id !== undefined) this.#machine.leases.forget(id);
  }

  #judge(sighting: Sighting, { pids: book, facts, residents }: ProcessBook): Kept {
    const { includeFiles = false } = this.#options;
    const { io, procRoot, procKind, ownLibc, ledger, names, pageBytes, kernel, leases } = this.#machine;
    const { joined, scan, forest, pids, namespaces, ownNamespace, takenAtMs } = sighting;
    this.#options.onSegments?.(joined.segments.length);
    const oldestSec = () => joined.segments.reduce((oldest, { ctimeSec }) => Math.min(oldest, ctimeSec), Infinity);
    const clock = once(() => readClock(io, procRoot, procKind, oldestSec()));
    const table = this.#options.table ?? SOFTWARE_TABLE;
    const minAgeSec = this.#options.minAgeSec ?? DEFAULT_MIN_AGE_SEC;
    const assembly: Assembly = {
      nowSec: Math.floor(takenAtMs / 1000),
      minAgeSec,
      // Read after the processes: who came while they were looked at is known to it.
      witnessed: this.#witness?.weigh(
        { io, procRoot, pids, book, notesOf: ledger.notes },
        { nowMs: takenAtMs, minAgeSec },
      ),
      ownNamespace,
      pageBytes,
      hugePageSizes: kernel.hugePageSizes,
      inflatesHugeRss: this.#machine.inflatesHugeRss,
      makers: new MakerBook((pid) => book.answer(pid), clock, this.#makers),
      verdicts: new VerdictBook(),
      table,
      never: this.#options.never,
      userName: names.user,
      groupName: names.group,
      facts,
      residents,
      notInspected: scan.processes - scan.inspected,
      // The processes of one machine, or moment, say nothing of what another one has in /dev/shm.
      seesAllProcesses: book.seesAllProcesses() && (procKind === 'captured') !== forest.isOwnMounted,
    };
    const objects = this.#segments.assemble(joined, assembly);
    lookTwice(objects, book.endedMeanwhile(), () => readTablesAgain(this.#machine, sighting), assembly);
    for (const attach of joined.unlisted) objects.push(assembleUnlisted(attach, assembly));
    const { ownMounts, gaps } = sighting;
    const { devices } = forest;
    const readMounted = () =>
      new MountedElsewhere({ procRoot, ownMounts, namespaces, devices, gaps, libc: ownLibc, fds: scan.fds });
    const reach = new Reach({
      libc: ownLibc,
      procRoot,
      namespaces,
      fds: scan.fds,
      mappings: scan.mappings,
      threadsOf: (pid) => ledger.notes(pid).threads?.others.map(({ tid }) => tid) ?? [],
      nsfs: this.#machine.nsfs,
    });
    const standing = once(() => readStanding(ownLibc, procRoot, pids));
    const disks = new DiskBook(procRoot, devices);
    const judged = judgeNames(joined.names, {
      ...assembly,
      leases,
      pids: book,
      clock,
      cutDevices: forest.cut,
      readMounted,
      reach,
      askListener: (entry) => askListener(ownLibc, entry),
      askStoodIn: (entry) => stoodIn(whoStandsIn(standing(), entry), book),
    });
    const most = this.#options.mostObjects ?? Number.POSITIVE_INFINITY;
    const named = assembleNames(joined.names, judged, assembly, most, this.#listed);
    const others = [...named.objects];
    for (const draft of joined.loose) {
      const stat = statThroughHolder(this.#machine.reader, procRoot, draft);
      const object = assembleLoose(draft, stat, disks.of(draft), assembly);
      if (object.kind !== 'file' || object.onMemory !== undefined || includeFiles) others.push(object);
    }
    others.sort(byKindAndName);
    for (const object of others) objects.push(object);
    const kept = keepMost(objects, most, this.#listed);
    const leftOut = sumLeftOut(named.leftOut, kept.leftOut);
    this.#listed = new Set(leftOut ? kept.objects.map(({ id }) => id) : []);
    return { objects: kept.objects, leftOut };
  }
}

function stoodIn(who: ReturnType<typeof whoStandsIn>, book: ProcessBook['pids']): StoodIn {
  if (typeof who !== 'number') return who;
  const answer = book.answer(who);
  return { pid: who, comm: typeof answer === 'string' ? '' : answer.comm };
}

function snapshotOf(
  machine: Machine,
  sighting: Sighting,
  { objects, leftOut }: Kept,
  { namespaces, others }: { readonly namespaces?: readonly NamespaceFacts[]; readonly others?: readonly OtherLimit[] },
): Snapshot {
  const { scan, takenAtMs, gaps } = sighting;
  const all = gaps.list();
  const isOfProcesses = (source: string) => source === 'maps' || source === 'fd';
  return {
    takenAtMs,
    host: hostOf(machine, sighting.ownNamespace),
    visibility: {
      processes: scan.processes,
      inspected: scan.inspected,
      complete: scan.processes === scan.inspected && all.length === 0,
      gaps: all.filter(({ source }) => isOfProcesses(source)),
    },
    limits: { ...limitsOf(machine, sighting), ...(others ? { others } : {}) },
    objects,
    ...(namespaces ? { namespaces } : {}),
    ...(leftOut ? { leftOut } : {}),
    gaps: all.filter(({ source }) => !isOfProcesses(source)),
  };
}

function limitsOf({ io, procRoot, ownLibc, pageBytes }: Machine, sighting: Sighting): Limits {
  const { ownNamespace, tables, forest } = sighting;
  let segments = 0;
  let pages = 0;
  for (const { ipcNamespace, sizeBytes } of tables.rows) {
    if (ipcNamespace !== ownNamespace) continue;
    segments++;
    pages += Math.ceil(sizeBytes / pageBytes);
  }
  const ceilings = readSysvLimits(io, procRoot, ownLibc);
  return { ...ceilings, segments, pages, pageSizeBytes: pageBytes, mounts: forest.mounts };
}

function byKindAndName(a: ShmObject, b: ShmObject): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.rawName < b.rawName ? -1 : a.rawName > b.rawName ? 1 : 0);
}
