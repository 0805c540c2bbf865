// One round: what every source has told since the last, written down in the order in which it happened.
import { FAN } from '../native/fanotify.ts';
import type { Observation } from '../probe/model/event/observation.ts';
import { type DeviceNumber, deviceText } from '../probe/model/join/mapping-record.ts';
import { birthNs } from '../probe/model/life/birth.ts';
import type { Io } from '../probe/source/io.ts';
import { readNamespace } from '../probe/source/namespace-link.ts';
import type { OwnTools } from '../probe/source/own-tools.ts';
import { isStat, readPidStat } from '../probe/source/pid-stat.ts';
import type { Ledger } from './model/ledger.ts';
import type { Ended, FileTold, Look } from './model/seen.ts';
import { Movers } from './movers.ts';
import type { FileEvent } from './source/file-events.ts';
import type { Looker } from './source/looker.ts';
import type { KinSeen, Sources } from './sources.ts';

/** Buffers of 64 KiB, some thousand events each: a round ends though there is more. */
const MOST_READS = 8;
const MOST_ENDS = 20_000;
/** Beyond it what is held back is written down, whatever the order. */
const MOST_HELD = 100_000;

export interface RoundsOptions {
  readonly io: Io;
  readonly procRoot: string;
  readonly shmRoot: string;
  readonly ledger: Ledger;
  readonly looker: Looker;
  readonly sources: Sources;
  readonly ownTools: OwnTools;
  /** Of the kernel's own mounts, on which segments are, those of huge pages too. */
  readonly segmentDevices: ReadonlySet<DeviceNumber>;
  /** IPC namespaces that are known. */
  readonly namespaces: () => readonly string[];
  readonly ownNamespace: () => string;
  /** Something was lost: in words, and whether it was of names (which must be listed anew) or of processes. */
  readonly lost: (why: string, isOfFiles: boolean) => void;
  /** Who is in which session or control group is not known any more. */
  readonly lostKin: () => void;
}

export class Rounds {
  readonly #options: RoundsOptions;
  readonly #sources: Sources;
  readonly #movers: Movers;
  #files: FileTold[] = [];
  #looks = new Map<number, Look | undefined>();
  #seen: (Observation | KinSeen)[] = [];
  #mustSort = false;
  #ends: Ended[] = [];
  /** Told in the last round, and not yet by perf. */
  #late: Ended[] = [];
  /** Main threads that have ended, where nobody tells of whole processes. */
  #mayHaveEnded = new Map<number, Ended>();
  #isMore = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#sources = options.sources;
    this.#movers = new Movers({ ...options, tree: options.ledger.tree, unknown: options.lostKin });
  }

  /** Handed to the sources. */
  readonly see = (seen: Observation): void => {
    this.#seen.push(seen);
  };

  readonly seeKin = (kin: KinSeen): void => {
    this.#seen.push(kin);
    this.#mustSort = true;
  };

  /** Looks at who did something while he may still live; what he did is written down by the next round. */
  readFiles(): void {
    const { files } = this.#sources;
    if (!files) return;
    this.#options.ownTools.refresh();
    const atMs = Date.now();
    this.#isMore = files.drain(
      MOST_READS,
      (event) => this.#file(event, atMs),
      () => this.#options.lost('overflow', true),
    );
  }

  /** How many things were told. */
  run(): number {
    const sources = this.#sources;
    const { ledger } = this.#options;
    // Forks and ends first, but written down last: whoever has ended by now has done what is read next.
    sources.look();
    const atMs = Date.now();
    sources.ends?.drain(
      atMs,
      MOST_ENDS,
      (end) => this.#ends.push(this.#withOom(end)),
      () => this.#options.lost('overflow', false),
    );
    this.readFiles();
    const count = this.#seen.length + this.#files.length + this.#ends.length;
    ledger.tree.nextRound();
    for (const told of this.#files) this.#apply(told);
    this.#files = [];
    this.#looks.clear();
    if (!this.#isMore || this.#seen.length + this.#ends.length > MOST_HELD) this.#applyHeld();
    sources.files?.closeDoors();
    return count;
  }

  #file({ mask, pid, rawName, facts }: FileEvent, atMs: number): void {
    const who = pid > 0 ? pid : undefined;
    const tell = (what: FileTold['what']) => this.#files.push({ atMs, what, file: facts, pid: who, rawName });
    // What a dashboard makes and removes is told; its looks are no use, and its own database may lie in such a place.
    const isOwn = pid === process.pid;
    const isDirectory = (mask & FAN.ONDIR) !== 0;
    if (mask & FAN.CREATE) tell('made');
    if (mask & FAN.MOVED_TO) tell('renamed');
    if (mask & FAN.OPEN && !isDirectory && !isOwn && !this.#options.ownTools.isOurs(pid, atMs)) tell('opened');
    if (mask & FAN.MODIFY && !isDirectory && !isOwn) tell('resized');
    if (mask & FAN.DELETE) tell('removed');
    if (who !== undefined) this.#look(who);
  }

  #look(pid: number): void {
    const { ledger, looker } = this.#options;
    if (this.#looks.has(pid) || ledger.tree.find(pid)?.look) return;
    this.#looks.set(pid, looker.look(pid));
  }

  #apply(told: FileTold): void {
    const { ledger } = this.#options;
    if (told.pid !== undefined) this.#introduce(told.pid, this.#looks.get(told.pid));
    ledger.file(told);
  }

  /** Notes what a process is, and its parent, before either has gone. */
  #introduce(pid: number, look: Look | undefined): void {
    const { tree } = this.#options.ledger;
    const person = tree.toucher(pid);
    if (!look || person.look) return;
    person.look = look;
    if (look.parent <= 0) return;
    const parent = tree.person(look.parent);
    parent.look ??= this.#options.looker.look(look.parent);
    if (person.parent) return;
    person.moveBelow(parent);
    person.above = parent;
  }

  #withOom(end: Ended): Ended {
    const wasKilled = end.status !== undefined && (end.status & 0x7f) === 9;
    return wasKilled && this.#sources.oom?.was(end.pid) ? { ...end, isOom: true } : end;
  }

  /** An end that came while the rings were read may have been told before the forks that it made: it waits for one more round. */
  #applyHeld(): void {
    const { tree } = this.#options.ledger;
    if (this.#mustSort) this.#seen.sort((a, b) => a.atMs - b.atMs);
    this.#mustSort = false;
    const ends = new Map<number, Ended[]>();
    for (const end of [...this.#late, ...this.#ends]) {
      const list = ends.get(end.pid);
      if (list) list.push(end);
      else ends.set(end.pid, [end]);
    }
    const last = new Map<number, number>();
    for (const [at, seen] of this.#seen.entries()) if (seen.kind === 'exit') last.set(seen.pid, at);
    const done = new Set<Ended>();
    for (const [at, seen] of this.#seen.entries()) {
      const [end] = seen.kind === 'exit' && last.get(seen.pid) === at ? (ends.get(seen.pid)?.splice(0, 1) ?? []) : [];
      if (end) {
        tree.ended({ ...end, atMs: seen.atMs });
        done.add(end);
      } else this.#observe(seen);
    }
    for (const end of this.#late) if (!done.has(end)) tree.ended(end);
    this.#late = this.#ends.filter((end) => !done.has(end));
    this.#seen = [];
    this.#ends = [];
    this.#movers.settle();
    if (this.#mayHaveEnded.size > 0) this.#confirmEnds();
  }

  #observe(seen: Observation | KinSeen): void {
    const { ledger, segmentDevices, namespaces, lost } = this.#options;
    switch (seen.kind) {
      case 'fork':
        ledger.tree.fork(seen.parent, seen.pid, seen.atMs);
        return;
      case 'setsid':
        ledger.tree.ownSession(seen.pid);
        return;
      case 'moved':
        this.#movers.moved(seen.pid);
        return;
      case 'exit':
        if (!this.#sources.ends && seen.tid === seen.pid) {
          const before = this.#mayHaveEnded.get(seen.pid);
          this.#mayHaveEnded.set(seen.pid, { pid: seen.pid, atMs: seen.atMs, status: seen.status ?? before?.status });
        }
        return;
      case 'map': {
        const { pid, inode, atMs, device, name, start, end } = seen;
        if (pid === process.pid) return;
        if (segmentDevices.has(device)) {
          // A memfd may be called so too, but not with eight digits alone: its name begins with `/memfd:`.
          const key = /^\/SYSV([0-9a-f]{8})/.exec(name)?.[1];
          if (key === undefined) return;
          this.#look(pid);
          this.#introduce(pid, this.#looks.get(pid));
          const told = { pid, shmid: inode, atMs, key: Number.parseInt(key, 16), sizeBytes: end - start };
          ledger.attach(told, this.#namespaceOf(pid), namespaces());
          return;
        }
        const file = { device: deviceText(device), inode };
        if (ledger.hasFile(file)) ledger.file({ atMs, what: 'attached', file, pid });
        return;
      }
      case 'mark':
        ledger.marked(this.#options.ownNamespace(), seen.shmid, seen.atMs, seen.pid);
        return;
      case 'file':
        this.#named(seen);
        return;
      case 'lost':
        lost('overflow', seen.source === 'inotify' || seen.source === 'fanotify');
        return;
      default:
        return;
    }
  }

  /** Where it is now; while there is but one namespace nobody need be asked. */
  #namespaceOf(pid: number): string | undefined {
    const { io, procRoot, namespaces } = this.#options;
    return namespaces().length < 2 ? undefined : readNamespace(io, procRoot, pid, 'ipc');
  }

  /** inotify: a name, and not who. */
  #named({ what, atMs, device, inode, name, sizeBytes }: Extract<Observation, { kind: 'file' }>): void {
    const { io, shmRoot, ledger } = this.#options;
    const deed = DEEDS[what];
    if (!deed || name === undefined) return;
    const stat = deed === 'opened' ? -1 : io.stat(shmRoot + name, 'nofollow');
    const isSame = typeof stat !== 'number' && stat.inode === inode && stat.device === device;
    const facts = isSame
      ? { birthNs: birthNs(stat), links: stat.links, uid: stat.uid, sizeBytes: stat.sizeBytes }
      : { sizeBytes };
    ledger.file({ atMs, what: deed, file: { device: deviceText(device), inode, ...facts }, rawName: name });
  }

  /** A process without its main thread may live on; a zombie does not. */
  #confirmEnds(): void {
    const { io, procRoot, ledger } = this.#options;
    for (const [pid, end] of this.#mayHaveEnded) {
      const stat = readPidStat(io, procRoot, pid);
      const isThere = isStat(stat)
        ? (stat.state !== 'Z' && stat.state !== 'X') || stat.threads > 1
        : stat === 'unreadable';
      if (isThere && Date.now() - end.atMs < STILL_THERE_MS) continue;
      this.#mayHaveEnded.delete(pid);
      if (!isThere) ledger.tree.ended(this.#withOom(end));
    }
  }
}

const STILL_THERE_MS = 5000;

const DEEDS: Readonly<Partial<Record<string, FileTold['what']>>> = {
  created: 'made',
  renamed: 'renamed',
  opened: 'opened',
  modified: 'resized',
  unlinked: 'removed',
};
