// One tick: sources → parse → join → Snapshot. Reads, never changes anything, never overlaps itself.
import { statfsSync } from 'node:fs';
import { hostname, release, userInfo } from 'node:os';
import { isLibc, type Libc, loadLibc } from '../native/libc.ts';
import { pageSizeBytes } from '../native/process.ts';
import { type Assembly, assembleLoose, assembleName, assembleSegment, assembleUnlisted } from './model/assemble.ts';
import { GapList } from './model/gap.ts';
import { type Joined, join } from './model/join.ts';
import { type Clock, MakerBook, steppedSeconds } from './model/maker.ts';
import type { ShmDevices } from './model/mapping-record.ts';
import { KINDS, type ShmObject } from './model/object.ts';
import type { Limits, Snapshot } from './model/snapshot.ts';
import type { SoftwareRow } from './model/software.ts';
import { SOFTWARE_TABLE } from './model/software-table.ts';
import type { SysvRow } from './model/sysv-row.ts';
import { VerdictBook } from './model/verdict.ts';
import { findKernelMounts, type KernelMounts } from './source/devices.ts';
import { type HolderScan, HolderScanner } from './source/holders.ts';
import { type Io, listPids } from './source/io.ts';
import { nativeIo } from './source/io-native.ts';
import { nodeIo } from './source/io-node.ts';
import { statThroughHolder } from './source/loose-stat.ts';
import { findAboutNames } from './source/name-findings.ts';
import { type Namespaces, othersThan, readNamespaces } from './source/namespaces.ts';
import { PidBook } from './source/pid-book.ts';
import { readNamespace } from './source/processes.ts';
import { SegmentTableReader, type SegmentTables } from './source/segment-tables.ts';
import { readShmForest, type ShmForest } from './source/shm-trees.ts';
import { readSysvLimits } from './source/sysv.ts';
import { namesFrom } from './source/users.ts';

export interface SamplerOptions {
  /** Another root for /proc (a host's, or a captured tree); default `/proc`. */
  readonly procRoot?: string;
  /** Another root for /dev/shm; default `/dev/shm`. */
  readonly shmRoot?: string;
  /** Shared mappings of ordinary files too. */
  readonly includeFiles?: boolean;
  /** Grace time of the verdict in seconds; default 60, 0 for none. */
  readonly minAgeSec?: number;
  /** Resident and swapped bytes of segments; default true. */
  readonly rss?: boolean;
  /** The time that ages are counted to, milliseconds since the epoch; default now. */
  readonly nowMs?: () => number;
  readonly table?: readonly SoftwareRow[];
}

export const DEFAULT_MIN_AGE_SEC = 60;
/** More segments than these changing during one scan are not scanned again: the next tick will see them. */
const MOST_RESCANS = 200;

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #procRoot: string;
  readonly #libc: Libc | undefined;
  readonly #io: Io;
  readonly #kernel: KernelMounts;
  readonly #scanner: HolderScanner;
  readonly #tables: SegmentTableReader;
  readonly #names: ReturnType<typeof namesFrom>;
  /** False for the /proc of another pid namespace, or a captured tree: its pids mean nothing to our kernel calls. */
  readonly #isOwnProc: boolean;
  readonly #pageBytes: number;

  constructor(options: SamplerOptions = {}) {
    this.#options = options;
    this.#procRoot = options.procRoot ?? '/proc';
    const loaded = loadLibc();
    this.#libc = isLibc(loaded) ? loaded : undefined;
    this.#io = this.#libc ? nativeIo(this.#libc) : nodeIo();
    this.#isOwnProc = this.#io.readLink(`${this.#procRoot}/self`) === String(process.pid);
    this.#kernel = findKernelMounts(this.#io, this.#libc);
    this.#scanner = new HolderScanner(this.#io, this.#libc, this.#procRoot);
    this.#tables = new SegmentTableReader(this.#io, this.#ownLibc, this.#procRoot);
    this.#names = namesFrom(this.#io);
    this.#pageBytes = this.#libc ? pageSizeBytes(this.#libc) : 4096;
  }

  sample(): Snapshot {
    const gaps = new GapList();
    const takenAtMs = (this.#options.nowMs ?? Date.now)();
    const pids = this.#readPids(gaps);
    const namespaces = readNamespaces(this.#io, this.#procRoot, pids);
    const ownNamespace = namespaces.ownIpc ?? '0';
    const forest = this.#readForest(namespaces, gaps);
    try {
      const scan = this.#scan(pids, forest, gaps);
      const tables = this.#tables.read(
        { ownNamespace, others: othersThan(namespaces.ownIpc, namespaces.ipcOf), rss: this.#options.rss ?? true },
        gaps,
      );
      const joined = this.#join(scan, tables, forest, namespaces);
      const rescanned = this.#rescanChanged(joined, scan, forest, Math.floor(takenAtMs / 1000), gaps);
      const settled = rescanned ? this.#join(rescanned, tables, forest, namespaces) : joined;
      if (forest.namelessInodes > unlinkedFound(settled)) {
        const count = forest.namelessInodes - unlinkedFound(settled);
        gaps.add('tmpfs-inodes', 'permission', {
          count,
          detail: 'objects without a name that no visible process holds',
        });
      }
      const objects = this.#assemble(settled, scan, ownNamespace, takenAtMs, pids, forest, namespaces);
      return this.#snapshot(takenAtMs, ownNamespace, scan, forest, tables, objects, gaps);
    } finally {
      forest.close();
    }
  }

  /** libc where its calls speak of the same processes as `procRoot`. */
  get #ownLibc(): Libc | undefined {
    return this.#isOwnProc ? this.#libc : undefined;
  }

  #readPids(gaps: GapList): number[] {
    const pids = listPids(this.#io, this.#procRoot);
    if (typeof pids !== 'number') return pids;
    gaps.add('proc', 'io', { detail: `${this.#procRoot} could not be read` });
    return [];
  }

  #readForest({ ownMount, mountOf }: Namespaces, gaps: GapList): ShmForest {
    return readShmForest({
      io: this.#io,
      libc: this.#ownLibc,
      procRoot: this.#procRoot,
      shmRoot: this.#options.shmRoot ?? '/dev/shm',
      otherPids: othersThan(ownMount, mountOf).values(),
      gaps,
    });
  }

  #scan(pids: readonly number[], forest: ShmForest, gaps: GapList): HolderScan {
    const { kernelShm, hugetlb } = this.#kernel;
    return this.#scanner.scan(
      pids,
      {
        privateDevices: forest.mayHoldFiles ? forest.devices : new Set(),
        fdDevices: new Set([kernelShm, ...hugetlb, ...forest.devices]),
      },
      gaps,
    );
  }

  #join(
    scan: HolderScan,
    { rows, openNamespaces }: SegmentTables,
    forest: ShmForest,
    { ipcOf, ownIpc }: Namespaces,
  ): Joined {
    const { kernelShm, hugetlb } = this.#kernel;
    const devices: ShmDevices = { kernelShm, hugetlb, mounts: forest.dedicated, mountRoots: forest.roots };
    return join({
      sysv: rows,
      openNamespaces,
      entries: forest.entries,
      mappings: scan.mappings,
      fds: scan.fds,
      devices,
      namespaceOf: (pid) => ipcOf.get(pid) ?? ownIpc ?? '0',
      includeFiles: this.#options.includeFiles ?? false,
    });
  }

  /**
   * Somebody attached or detached while we looked: the sum of the mappings found is not the kernel's nattch and the
   * segment's times are fresh. Reads again the processes concerned. Undefined when nothing changed.
   */
  #rescanChanged(
    joined: Joined,
    scan: HolderScan,
    forest: ShmForest,
    startedSec: number,
    gaps: GapList,
  ): HolderScan | undefined {
    const changed = joined.segments.filter((row) => {
      if (row.nattch === 0 && !joined.attaches.has(row)) return false;
      const isFresh = Math.max(row.atimeSec, row.dtimeSec) >= startedSec - 1;
      return isFresh && row.nattch !== (joined.attaches.get(row)?.mappingsFound ?? 0);
    });
    if (changed.length === 0 || changed.length > MOST_RESCANS) return undefined;
    const pids = new Set(
      changed.flatMap((row) => [row.cpid, row.lpid, ...(joined.attaches.get(row)?.holds.keys() ?? [])]),
    );
    pids.delete(0);
    const again = this.#scan([...pids], forest, gaps);
    return {
      ...scan,
      mappings: [...scan.mappings.filter(({ pid }) => !pids.has(pid)), ...again.mappings],
      fds: [...scan.fds.filter(({ pid }) => !pids.has(pid)), ...again.fds],
    };
  }

  #assemble(
    { segments, attaches, unlisted, names, loose }: Joined,
    scan: HolderScan,
    ownNamespace: string,
    takenAtMs: number,
    pids: readonly number[],
    forest: ShmForest,
    namespaces: Namespaces,
  ): ShmObject[] {
    const book = new PidBook(this.#io, this.#procRoot, this.#ownLibc, pids, namespaces);
    const clock = this.#readClock(book, segments, forest);
    const table = this.#options.table ?? SOFTWARE_TABLE;
    const assembly: Assembly = {
      nowSec: Math.floor(takenAtMs / 1000),
      minAgeSec: this.#options.minAgeSec ?? DEFAULT_MIN_AGE_SEC,
      ownNamespace,
      pageBytes: this.#pageBytes,
      hugePageSizes: this.#kernel.hugePageSizes,
      makers: new MakerBook((pid) => book.answer(pid), clock),
      verdicts: new VerdictBook(),
      table,
      userName: this.#names.user,
      groupName: this.#names.group,
      facts: (pid) => book.facts(pid),
      notInspected: scan.processes - scan.inspected,
    };
    const objects = segments.map((row) => assembleSegment(row, attaches.get(row), assembly));
    for (const attach of unlisted) objects.push(assembleUnlisted(attach, assembly));
    const findings = findAboutNames(names, table, this.#libc, book, clock);
    const others = names.map((draft, at) => assembleName(draft, findings[at], assembly));
    for (const draft of loose) {
      others.push(assembleLoose(draft, statThroughHolder(this.#io, this.#procRoot, draft), assembly));
    }
    others.sort(byKindAndName);
    for (const object of others) objects.push(object);
    return objects;
  }

  /** What boot time is worth: what was made since boot but carries an earlier time shows that the clock was set since. */
  #readClock(book: PidBook, segments: readonly SysvRow[], forest: ShmForest): Clock | undefined {
    const bootSec = book.bootSec();
    if (bootSec === undefined) return undefined;
    let oldest = bootSec;
    for (const { ctimeSec } of segments) if (ctimeSec < oldest) oldest = ctimeSec;
    const made = this.#isOwnProc ? [forest.btimeSec, deviceNodesSec(this.#io)] : [];
    return { bootSec, steppedSec: steppedSeconds(bootSec, [oldest, ...made]) };
  }

  #snapshot(
    takenAtMs: number,
    ownNamespace: string,
    scan: HolderScan,
    forest: ShmForest,
    tables: SegmentTables,
    objects: readonly ShmObject[],
    gaps: GapList,
  ): Snapshot {
    const all = gaps.list();
    const isOfProcesses = (source: string) => source === 'maps' || source === 'fd';
    const { username, uid } = currentUser();
    return {
      takenAtMs,
      host: {
        hostname: hostname(),
        kernel: release(),
        ipcNamespace: ownNamespace === '0' ? undefined : ownNamespace,
        pidNamespace: readNamespace(this.#io, this.#procRoot, 'self', 'pid'),
        user: this.#names.user(uid) ?? username,
        uid,
      },
      visibility: {
        processes: scan.processes,
        inspected: scan.inspected,
        complete: scan.processes === scan.inspected && all.length === 0,
        gaps: all.filter(({ source }) => isOfProcesses(source)),
      },
      limits: this.#limits(ownNamespace, tables, forest),
      objects,
      gaps: all.filter(({ source }) => !isOfProcesses(source)),
    };
  }

  #limits(ownNamespace: string, { rows }: SegmentTables, { mounts }: ShmForest): Limits {
    let segments = 0;
    let pages = 0;
    for (const { ipcNamespace, sizeBytes } of rows) {
      if (ipcNamespace !== ownNamespace) continue;
      segments++;
      pages += Math.ceil(sizeBytes / this.#pageBytes);
    }
    return {
      ...readSysvLimits(this.#io, this.#procRoot, this.#ownLibc),
      segments,
      pages,
      pageSizeBytes: this.#pageBytes,
      mounts,
    };
  }
}

const unlinkedFound = ({ loose }: Joined) => loose.filter(({ kind }) => kind === 'unlinked').length;

const TMPFS_MAGIC = 0x01021994;

/** When the kernel made its device nodes, seconds since the epoch; undefined where /dev lies on a disk. */
function deviceNodesSec(io: Io): number | undefined {
  try {
    if (statfsSync('/dev').type !== TMPFS_MAGIC) return undefined;
  } catch {
    return undefined; // ENOENT, EACCES: no /dev to ask
  }
  const device = io.stat('/dev/null', 'follow');
  return typeof device === 'number' ? undefined : device.ctimeSec;
}

function byKindAndName(a: ShmObject, b: ShmObject): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.rawName < b.rawName ? -1 : a.rawName > b.rawName ? 1 : 0);
}

/** The user that runs this program; a uid without a passwd entry has its number as name. */
function currentUser(): { username: string; uid: number } {
  const uid = process.geteuid?.() ?? 0;
  try {
    return { username: userInfo().username, uid };
  } catch {
    // ENOENT (uv_os_get_passwd): no entry for this uid
    return { username: String(uid), uid };
  }
}
