// One sample's look-ups of processes by pid: each is read once, however many objects name it.
import { errorCode } from '../../fault/thrown.ts';
import { ESRCH } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { pidfdOpen } from '../../native/process.ts';
import type { ByteString } from '../model/bytes.ts';
import type { PidAnswer } from '../model/judge/maker.ts';
import type { PidStat } from '../parse/pid-stat.ts';
import { ProcessReader } from '../territory/patience/process-reader.ts';
import type { Io } from './io.ts';
import type { MentionPlace } from './mentions.ts';
import { readNamespace } from './namespace-link.ts';
import type { Namespaces } from './namespaces.ts';
import { type PidNames, readExecutableName } from './pid-names.ts';
import { isStat, type NoStat, readPidStat } from './pid-stat.ts';
import type { ProcKind } from './proc-kind.ts';
import { freshNotes, type NotesOf } from './process-notes.ts';
import { type ProcessFacts, readOwner, readProcessFacts, type WhosePlaces } from './processes.ts';

/** PROC_PID_INIT_INO (include/linux/proc_ns.h): the pid namespace in which everything is visible. */
export const INITIAL_PID_NAMESPACE = '4026531836';

export interface RunningCommand {
  readonly pid: number;
  readonly comm: ByteString;
}

/** A `PidAnswer` (maker.ts) that tells all of /proc/PID/stat. */
type BookAnswer = PidStat | Extract<PidAnswer, string>;
/** Names of which a process is remembered to have them or not; generations of names come and go. */
const MOST_MENTIONS = 5000;
/** From a process up to the first one. */
const MOST_STEPS = 64;

interface Process extends PidNames, RunningCommand {
  readonly executable?: ByteString;
}

export class PidBook {
  readonly #io: Io;
  readonly #reader: ProcessReader;
  readonly #procRoot: string;
  readonly #kind: ProcKind;
  readonly #libc: Libc | undefined;
  readonly #pids: readonly number[];
  readonly #namespaces: Namespaces;
  readonly #notesOf: NotesOf;
  readonly #places: WhosePlaces;
  readonly #answers = new Map<number, BookAnswer>();
  readonly #facts = new Map<number, ProcessFacts | undefined>();
  #processes: readonly Process[] | undefined;
  #users: Map<number, number[]> | undefined;
  #nested: Map<number, RunningCommand[]> | undefined;

  constructor(
    io: Io,
    procRoot: string,
    kind: ProcKind,
    libc: Libc | undefined,
    pids: readonly number[],
    namespaces: Namespaces,
    notesOf: NotesOf = freshNotes(),
    reader: ProcessReader = new ProcessReader(io, libc, procRoot, kind === 'own'),
    places: WhosePlaces = { placeOf: () => ({}), of: 'contained' },
  ) {
    this.#places = places;
    this.#reader = reader;
    this.#io = io;
    this.#procRoot = procRoot;
    this.#kind = kind;
    this.#libc = libc;
    this.#pids = pids;
    this.#namespaces = namespaces;
    this.#notesOf = notesOf;
  }

  /** Who has this pid of the segment table now. The table's pids are those of our own pid namespace. */
  answer(pid: number): BookAnswer {
    let answer = this.#answers.get(pid);
    if (answer === undefined) {
      const seen = this.#kind === 'foreign' ? 'gone' : this.#stat(pid);
      answer = seen === 'gone' ? this.#unseen(pid) : seen === 'unreadable' ? 'hidden' : seen;
      this.#answers.set(pid, answer);
    }
    return answer;
  }

  /** Of the pids asked for, those that were there when the look began and are dead or zombies now: perhaps only since then. */
  endedMeanwhile(): Set<number> {
    const ended = [...this.#answers].filter(([, answer]) => answer === 'none' || isZombie(answer)).map(([pid]) => pid);
    if (ended.length === 0) return new Set();
    const listed = new Set(this.#pids);
    return new Set(ended.filter((pid) => listed.has(pid)));
  }

  /** Everything about a holder; undefined once it is gone. */
  facts(pid: number): ProcessFacts | undefined {
    if (!this.#facts.has(pid)) {
      this.#facts.set(
        pid,
        readProcessFacts(this.#io, this.#procRoot, pid, this.#namespaces, this.#notesOf(pid), this.#places),
      );
    }
    return this.#facts.get(pid);
  }

  /**
   * Running processes of this user (by any of its user ids), or of anybody, whose command name, executable or first argument
   * matches; then those that have mapped a library whose path matches, each looked into only as it is asked for.
   */
  *running(command: RegExp, uid: number | undefined, library?: RegExp): Generator<RunningCommand> {
    const isOfUser = ({ uids, uid: effective }: Process) =>
      uid === undefined || (uids ? uids.includes(uid) : (effective ?? uid) === uid);
    const others: Process[] = [];
    for (const process of this.#all().filter(isOfUser)) {
      if (namesOf(process).some((name) => command.test(name))) yield process;
      else others.push(process);
    }
    if (library) for (const process of others) if (this.hasMapped(process.pid, library)) yield process;
  }

  /** Processes that have this pid in a nested pid namespace, under which a container's process would name a file. */
  withNestedPid(pid: number): readonly RunningCommand[] {
    if (!this.#nested) {
      this.#nested = new Map();
      for (const process of this.#all()) {
        for (const inner of new Set(process.nsPids?.slice(1))) {
          const known = this.#nested.get(inner);
          if (known) known.push(process);
          else this.#nested.set(inner, [process]);
        }
      }
    }
    return this.#nested.get(pid) ?? [];
  }

  /** Processes whose effective user this is, without those that have begun this one: they only look at things through it. */
  ofUser(uid: number): readonly number[] {
    if (!this.#users) {
      this.#users = new Map();
      const askers = this.#askers();
      for (const pid of this.#pids) {
        if (askers.has(pid)) continue;
        const notes = this.#notesOf(pid);
        notes.owner ??= readOwner(this.#io, this.#procRoot, pid);
        const owner = notes.owner.uid;
        if (owner === undefined) continue;
        const pids = this.#users.get(owner);
        if (pids) pids.push(pid);
        else this.#users.set(owner, [pid]);
      }
    }
    return this.#users.get(uid) ?? [];
  }

  /** Of these names (as `readMentions` wants them) the places in the command line or environment of a process. */
  mentions(pid: number, names: readonly ByteString[]): ReadonlyMap<ByteString, MentionPlace | undefined> {
    const notes = this.#notesOf(pid);
    const known = notes.mentions ?? new Map<ByteString, MentionPlace | undefined>();
    const asked = names.filter((name) => !known.has(name));
    if (asked.length === 0) return known;
    const found = this.#reader.mentions(pid, asked);
    // Of who does not answer nothing is said; he is a gap of the look already, and he may answer the next time.
    if (!found) return known;
    for (const name of asked) known.set(name, undefined);
    for (const { name, where } of found) known.set(name, where);
    if (known.size <= MOST_MENTIONS) notes.mentions = known;
    return known;
  }

  /** Ourselves, and whoever has begun us (a shell, sudo, watch): their command lines have names because we are asked for them. */
  #askers(): ReadonlySet<number> {
    const askers = new Set<number>([1]);
    if (this.#kind !== 'own') return askers;
    for (let pid = process.pid, steps = 0; pid > 1 && steps < MOST_STEPS; steps++) {
      askers.add(pid);
      const stat = this.#stat(pid);
      pid = isStat(stat) ? stat.ppid : 0;
    }
    return askers;
  }

  /** Whether /proc shows every process of the machine: not in a container, and no hidepid. A captured tree is taken as whole. */
  seesAllProcesses(): boolean {
    if (this.#kind === 'captured') return this.#pids.length > 0;
    const pidNamespace = readNamespace(this.#io, this.#procRoot, 'self', 'pid');
    return pidNamespace === INITIAL_PID_NAMESPACE && isStat(readPidStat(this.#io, this.#procRoot, 1));
  }

  /** Whether every process that /proc shows could be asked for its name. Reads all processes on first use. */
  knowsAllCommands(): boolean {
    return this.#all().every(({ isUnreadable }) => !isUnreadable);
  }

  /** Only the kernel's ESRCH says that a process is gone; what /proc does not show may be hidden. */
  #unseen(pid: number): BookAnswer {
    if (this.#kind === 'captured') return 'none';
    if (!this.#exists(pid)) return 'none';
    const isOwn = this.#kind === 'own';
    const stat = isOwn ? readPidStat(this.#io, this.#procRoot, pid) : 'gone';
    return isStat(stat) ? stat : 'hidden';
  }

  #exists(pid: number): boolean {
    if (this.#libc) {
      const fd = pidfdOpen(this.#libc, pid);
      if (fd >= 0) file.close(this.#libc, fd);
      if (fd >= 0 || fd === -ESRCH) return fd >= 0;
    }
    try {
      process.kill(pid, 0); // sends nothing (kill(2)): asks only whether it could
      return true;
    } catch (error) {
      // EPERM: there is one, of another user
      return errorCode(error) !== 'ESRCH';
    }
  }

  #stat(pid: number): PidStat | NoStat {
    const notes = this.#notesOf(pid);
    const stat = notes.stat ?? readPidStat(this.#io, this.#procRoot, pid);
    if (isStat(stat)) notes.stat = stat;
    return stat;
  }

  /** Whether it has mapped a file whose path matches; true where that cannot be told. */
  hasMapped(pid: number, library: RegExp): boolean {
    const notes = this.#notesOf(pid);
    notes.libraries ??= new Map();
    let isMapped = notes.libraries.get(library);
    if (isMapped === undefined) {
      isMapped = this.#reader.hasMapped(pid, library);
      notes.libraries.set(library, isMapped);
    }
    return isMapped;
  }

  #all(): readonly Process[] {
    this.#processes ??= this.#pids.map((pid) => this.#process(pid)).filter((process) => process !== undefined);
    return this.#processes;
  }

  #process(pid: number): Process | undefined {
    const notes = this.#notesOf(pid);
    const names = notes.names ?? this.#reader.names(pid);
    if (!names) return undefined;
    // What failed once may be told the next time.
    if (!names.isUnreadable) notes.names = names;
    const executable = readExecutableName(this.#io, this.#procRoot, pid);
    return typeof executable === 'number' ? { pid, ...names, isUnreadable: true } : { pid, ...names, executable };
  }
}

function namesOf({ comm, executable, argument }: Process): readonly ByteString[] {
  return [comm, executable, argument].filter((name) => name !== undefined);
}

const isZombie = (answer: BookAnswer) => typeof answer !== 'string' && answer.state === 'Z' && answer.threads <= 1;
