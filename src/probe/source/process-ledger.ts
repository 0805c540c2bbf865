// Which processes there are, and what is known of each from the look before. What a process maps, has open, is called and may
// do changes only while it runs: as long as its CPU time stands still, what was read of it holds, and is not read again.
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { cpuTimeNs, processGroup, TIMESPEC_BYTES } from '../../native/process.ts';
import { once } from '../model/once.ts';
import type { Io } from './io.ts';
import { isStat, readPidStat } from './pid-stat.ts';
import type { NotesOf, ProcessNotes } from './process-notes.ts';

/**
 * Even so each process is read again once in so many seconds. That finds what changes without its running: the memory of one
 * that shares it with another process (clone(2) with CLONE_VM and without CLONE_THREAD), and whatever else a kernel may do.
 */
const READ_AGAIN_SEC = 30;
/** A CPU clock that moves in larger steps may not have counted a short run. */
const COARSE_STEP_NS = 100_000;
const NOT_TOLD = 1;

interface Entry {
  /** Of its directory in /proc. */
  readonly inode: number;
  /** Before anything else was read of it; -errno where that is not told. */
  readonly cpuNs: number;
  /** Which of its periods of READ_AGAIN_SEC it was read in. */
  readonly period: number;
  readonly notes: ProcessNotes;
}

export interface ProcessList {
  /** Those that may hold memory: without kernel threads and zombies, as far as these are known to be such. */
  readonly pids: readonly number[];
  /** A kernel thread, of those left out: all are in the namespaces that the machine started with. */
  readonly kernelThread?: number;
}

export class ProcessLedger {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #libc: Libc | undefined;
  readonly #time: NativeMemory | undefined;
  readonly #canTellRuns: () => boolean;
  #isFirst = true;
  #entries = new Map<number, Entry>();

  /** `libc` only where its calls speak of the processes below `procRoot`; without it everything is read anew each time. */
  constructor(io: Io, procRoot: string, libc: Libc | undefined) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#libc = libc;
    const time = libc?.allocate(TIMESPEC_BYTES);
    this.#time = time;
    this.#canTellRuns = once(() => libc !== undefined && time !== undefined && isFine(libc, time));
  }

  /** Begins a look: all processes, or -errno. `nowSec` is any clock that is not set back. */
  open(nowSec: number): ProcessList | number {
    const list = this.#io.readPids(this.#procRoot);
    if (typeof list === 'number') return list;
    const before = this.#entries;
    const entries = new Map<number, Entry>();
    const pids: number[] = [];
    let kernelThread: number | undefined;
    for (let at = 0; at < list.pids.length; at++) {
      const pid = list.pids[at];
      const inode = list.inodes[at] ?? NOT_TOLD;
      const cpuNs = this.#cpuNs(pid);
      const period = Math.floor((nowSec + pid) / READ_AGAIN_SEC);
      const old = before.get(pid);
      const entry =
        old !== undefined && old.inode === inode && old.cpuNs === cpuNs && old.period === period && isKept(old)
          ? old
          : { inode, cpuNs, period, notes: this.#begin(pid) };
      if (entry !== old && old?.inode === inode && inode > NOT_TOLD) entry.notes.threads = old.notes.threads;
      entries.set(pid, entry);
      if (!entry.notes.isEmpty) pids.push(pid);
      else if (entry.notes.stat?.isKernelThread) kernelThread ??= pid;
    }
    this.#entries = entries;
    this.#isFirst = false;
    return { pids, kernelThread };
  }

  /** What is known of a process; empty where it has run since, and not kept where it is none of the list. */
  readonly notes: NotesOf = (pid) => this.#entries.get(pid)?.notes ?? {};

  /** What these processes hold is to be read again in this look. */
  forgetHoldings(pids: Iterable<number>): void {
    for (const pid of pids) this.notes(pid).holdings = undefined;
  }

  /** Who looks once only need not know: after the first look everything is read once more. */
  #cpuNs(pid: number): number {
    if (this.#isFirst || !this.#libc || !this.#time || !this.#canTellRuns()) return -1;
    return cpuTimeNs(this.#libc, pid, this.#time);
  }

  /** Kernel threads are in no process group that we could see; that saves asking most others what they are. */
  #begin(pid: number): ProcessNotes {
    if (!this.#libc || processGroup(this.#libc, pid) !== 0) return {};
    const stat = readPidStat(this.#io, this.#procRoot, pid);
    return isStat(stat) && stat.isKernelThread ? { isEmpty: true, stat } : {};
  }
}

function isKept({ inode, cpuNs, notes }: Entry): boolean {
  return inode > NOT_TOLD && cpuNs >= 0 && (notes.isEmpty === true || notes.holdings?.requestKey !== undefined);
}

/** Whether the CPU clocks of this machine count every run: ours must move, and by less than a run takes. */
function isFine(libc: Libc, time: NativeMemory): boolean {
  for (let tries = 0; tries < STEPS_TRIED; tries++) {
    const startNs = cpuTimeNs(libc, process.pid, time);
    let nowNs = startNs;
    for (let reads = 0; nowNs === startNs && reads < READS_A_STEP; reads++) nowNs = cpuTimeNs(libc, process.pid, time);
    if (startNs >= 0 && nowNs > startNs && nowNs - startNs < COARSE_STEP_NS) return true;
  }
  return false;
}

/** Other threads of ours may make one step longer. */
const STEPS_TRIED = 3;
const READS_A_STEP = 100_000;
