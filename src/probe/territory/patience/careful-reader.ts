// Reading other processes through one that may hang: who does not answer costs that one, which is replaced, and is left alone for
// a while. Only so much time of a look is lost in waiting, whoever waits.

import { readFileSync } from 'node:fs';
import type { Libc } from '../../../native/libc.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import type { Io } from '../../source/io.ts';
import { isStat, readPidStat } from '../../source/pid-stat.ts';
import { trustNobody } from './patience.ts';
import type { Answers, Question, QuestionOf } from './question.ts';
import { ReaderProcess } from './reader-process.ts';

/** Who has not answered by then, does not answer: a fork of a process with 50 GB takes about as long. */
const FIRST_PATIENCE_MS = 600;
/** Of the first process of somebody else, once one has not answered: what a look may lose is for all of them. */
const LATER_PATIENCE_MS = 300;
/** Of another process of somebody whose process did not answer. */
const NEXT_PATIENCE_MS = 150;
/** More of one user's processes are not tried in a look, once so many of them did not answer. */
const MOST_SILENT_OF_USER = 3;
/** All that a look may lose in waiting and starting anew. */
const MOST_LOST_MS = 1200;
const START_MS = 3000;
/** Who did not answer is asked again after this time. */
const AGAIN_MS = 30_000;
/** Killed, and still not dead: more are not started beside so many of them. */
const MOST_UNDEAD = 2;

interface Silent {
  readonly startTicks: number | undefined;
  readonly untilMs: number;
}

export class CarefulReader {
  readonly #io: Io;
  readonly #libc: Libc;
  readonly #procRoot: string;
  readonly #isOwnProc: boolean;
  readonly #silent = new Map<number, Silent>();
  readonly #silentOfUser = new Map<number, number>();
  readonly #killed: number[] = [];
  #process: ReaderProcess | undefined;
  #lostMs = 0;

  constructor(io: Io, libc: Libc, procRoot: string, isOwnProc: boolean) {
    this.#io = io;
    this.#libc = libc;
    this.#procRoot = procRoot;
    this.#isOwnProc = isOwnProc;
  }

  /** A new look may lose time again. */
  startLook(keptExcess: number): void {
    this.#lostMs = 0;
    this.#silentOfUser.clear();
    const nowMs = monotonicMs();
    for (const [pid, { untilMs }] of this.#silent) if (untilMs < nowMs) this.#silent.delete(pid);
    this.#process?.ask<'look'>({ ask: 'look', keptExcess }, START_MS);
  }

  /** Those first that nobody else can have written: root's and our own. What a stranger's process costs, they have been read. */
  inOrder(pids: readonly number[]): readonly number[] {
    const own = process.geteuid?.() ?? 0;
    const isOurs = (pid: number) => {
      const uid = this.#uidOf(pid);
      return uid === 0 || uid === own;
    };
    const ours = new Set(pids.filter(isOurs));
    return [...ours, ...pids.filter((pid) => !ours.has(pid))];
  }

  /** `no-answer`: it was not asked, or did not answer in time. */
  ask<Ask extends Question['ask']>(pid: number, question: QuestionOf<Ask>): Answers[Ask] | 'no-answer' {
    if (this.#isSilent(pid)) return 'no-answer';
    const uid = this.#uidOf(pid);
    const silentOfUser = uid === undefined ? 0 : (this.#silentOfUser.get(uid) ?? 0);
    if (silentOfUser >= MOST_SILENT_OF_USER || this.#lostMs >= MOST_LOST_MS) return 'no-answer';
    const reader = this.#running();
    if (!reader) return 'no-answer';
    const startedMs = monotonicMs();
    const answer = reader.ask<Ask>(question, this.#patienceMs(silentOfUser));
    if (answer !== 'no-answer') return answer;
    trustNobody();
    this.#lostMs += monotonicMs() - startedMs;
    this.#killed.push(reader.pid);
    this.#process = undefined;
    if (uid !== undefined) this.#silentOfUser.set(uid, silentOfUser + 1);
    this.#silent.set(pid, { startTicks: this.#startOf(pid), untilMs: monotonicMs() + AGAIN_MS });
    return 'no-answer';
  }

  #patienceMs(silentOfUser: number): number {
    if (silentOfUser > 0) return NEXT_PATIENCE_MS;
    return this.#silentOfUser.size > 0 ? LATER_PATIENCE_MS : FIRST_PATIENCE_MS;
  }

  close(): void {
    this.#process?.end();
    this.#process = undefined;
  }

  #running(): ReaderProcess | undefined {
    if (this.#process) return this.#process;
    if (this.#killed.filter(isAlive).length >= MOST_UNDEAD) return undefined;
    const startedMs = monotonicMs();
    this.#process = ReaderProcess.start(this.#libc, this.#procRoot, this.#isOwnProc, START_MS);
    // The first start is no loss: it had to be.
    if (this.#killed.length > 0 || !this.#process) this.#lostMs += monotonicMs() - startedMs;
    return this.#process;
  }

  #isSilent(pid: number): boolean {
    const silent = this.#silent.get(pid);
    return silent !== undefined && silent.startTicks === this.#startOf(pid);
  }

  /** Does not need its memory. */
  #startOf(pid: number): number | undefined {
    const stat = readPidStat(this.#io, this.#procRoot, pid);
    return isStat(stat) ? stat.startTicks : undefined;
  }

  #uidOf(pid: number): number | undefined {
    const stat = this.#io.stat(`${this.#procRoot}/${pid}`, 'follow');
    return typeof stat === 'number' ? undefined : stat.uid;
  }
}

/** Killed it may be, but not dead: in a wait that even SIGKILL does not end. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false; // ENOENT, ESRCH
  }
}
