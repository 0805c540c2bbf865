// What the lease oracle has said, so that it is asked as seldom as is right: asking opens the file, which others can see and feel.

import type { Libc } from '../../native/libc.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import { fileId } from '../model/identity.ts';
import { itemAt } from '../model/item-at.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { LeaseAnswer } from '../model/judge/verdict-case.ts';
import { LeaseAsker } from './lease.ts';

export interface LeaseQuestion {
  readonly entry: ShmEntry;
  /** An answer of at most this age will do, as long as nothing about the file has changed since. */
  readonly keptMs: number;
}

interface Answered {
  readonly answer: LeaseAnswer;
  /** As it was then. */
  readonly entry: ShmEntry;
  readonly askedMs: number;
}

/** Another shmtop that asks in the same moment makes a file busy for some microseconds: that is waited out. */
const AGAIN = 3;
const PAUSE_MS = 1;

export class LeaseBook {
  readonly #libc: Libc | undefined;
  readonly #uid: number;
  readonly #asksForAll: () => boolean;
  readonly #beforeAsking: () => void;
  #known = new Map<string, Answered>();

  /**
   * The kernel tells the owner of a file (`uid`), and who may ask for all: files of others are not opened for a refusal.
   * `beforeAsking` is called before anything is opened.
   */
  constructor(libc: Libc | undefined, uid: number, asksForAll: () => boolean, beforeAsking: () => void) {
    this.#libc = libc;
    this.#uid = uid;
    this.#asksForAll = asksForAll;
    this.#beforeAsking = beforeAsking;
  }

  /** Can anything be asked at all? If not, asking disturbs nobody. */
  get canAsk(): boolean {
    return this.#libc !== undefined;
  }

  /** May the files of all users be asked about? Then others are disturbed by it. */
  get asksForAll(): boolean {
    return this.#asksForAll();
  }

  /** The answers, in the order of the questions, of one look; what is not asked about in a look is forgotten. */
  ask(questions: readonly LeaseQuestion[], nowMs = monotonicMs()): LeaseAnswer[] {
    const asker = this.#libc && new LeaseAsker(this.#libc);
    try {
      return this.#answers(questions, nowMs, asker);
    } finally {
      asker?.close();
    }
  }

  #answers(questions: readonly LeaseQuestion[], nowMs: number, asker: LeaseAsker | undefined): LeaseAnswer[] {
    const before = this.#known;
    const round = new Map<string, Answered>();
    const doubtful: number[] = [];
    let hasAsked = false;
    const answers = questions.map(({ entry, keptMs }, at): LeaseAnswer => {
      const key = keyOf(entry);
      const known = before.get(key);
      if (known && isSame(known.entry, entry) && nowMs - known.askedMs < keptMs) {
        // With the entry of now: that of then is not kept in memory.
        round.set(key, { answer: known.answer, entry, askedMs: known.askedMs });
        return known.answer;
      }
      const answer = this.#ask(entry, asker, !hasAsked);
      hasAsked = true;
      round.set(key, { answer, entry, askedMs: nowMs });
      if (answer === 'busy' && known?.answer !== 'busy') doubtful.push(at);
      return answer;
    });
    if (doubtful.length > 0) this.#askAgain(questions, doubtful, answers, round, asker);
    this.#known = round;
    return answers;
  }

  /** Somebody was seen to open the file (its id, as in a snapshot): what was known of it is void. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** There is no lock between two shmtops: who could take it could stop us, and what is asked twice needs none. `answers`: in place. */
  #askAgain(
    questions: readonly LeaseQuestion[],
    doubtful: readonly number[],
    answers: LeaseAnswer[],
    round: Map<string, Answered>,
    asker: LeaseAsker | undefined,
  ): void {
    let left = doubtful;
    for (let times = 0; times < AGAIN && left.length > 0; times++) {
      sleep(PAUSE_MS * (1 + Math.random()));
      left = left.filter((at) => {
        const { entry } = itemAt(questions, at);
        const answer = this.#ask(entry, asker, false);
        if (answer === 'busy') return true;
        answers[at] = answer;
        round.set(keyOf(entry), { answer, entry, askedMs: monotonicMs() });
        return false;
      });
    }
  }

  #ask(entry: ShmEntry, asker: LeaseAsker | undefined, isFirst: boolean): LeaseAnswer {
    if (!asker) return 'unavailable';
    if (entry.uid !== this.#uid && !this.#asksForAll()) return 'denied';
    if (isFirst) this.#beforeAsking();
    return asker.ask(entry);
  }
}

const keyOf = ({ device, inode }: ShmEntry) => fileId('posix', device, inode);

/** Nothing has changed of what does when somebody writes to the file, reads it, maps it, names it or makes another in its place. */
const isSame = (a: ShmEntry, b: ShmEntry): boolean =>
  a.atimeSec === b.atimeSec &&
  a.mtimeSec === b.mtimeSec &&
  a.ctimeSec === b.ctimeSec &&
  a.btimeSec === b.btimeSec &&
  a.links === b.links &&
  a.sizeBytes === b.sizeBytes &&
  a.allocatedBytes === b.allocatedBytes &&
  a.uid === b.uid &&
  a.mode === b.mode;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
