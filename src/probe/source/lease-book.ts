// What the lease oracle has said, so that it is asked as seldom as is right: asking opens the file, which others can see and feel.

import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { monotonicMs } from '../../native/monotonic.ts';
import { fileId } from '../model/identity.ts';
import type { ShmEntry } from '../model/join/shm-entry.ts';
import type { LeaseAnswer } from '../model/judge/verdict-case.ts';
import { askLease, LEASE_SCRATCH_BYTES } from './lease.ts';

export interface LeaseQuestion {
  readonly entry: ShmEntry;
  /** An answer of at most this age will do, as long as nothing about the file has changed since. */
  readonly keptMs: number;
}

interface Answered {
  readonly answer: LeaseAnswer;
  readonly stamp: string;
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
  #scratch: NativeMemory | undefined;
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
    const before = this.#known;
    const round = new Map<string, Answered>();
    const fresh: string[] = [];
    const doubtful = new Map<string, ShmEntry>();
    for (const { entry, keptMs } of questions) {
      const key = keyOf(entry);
      const stamp = stampOf(entry);
      const known = before.get(key);
      if (known?.stamp === stamp && nowMs - known.askedMs < keptMs) {
        round.set(key, known);
        continue;
      }
      const answer = this.#ask(entry, fresh.length === 0);
      fresh.push(key);
      round.set(key, { answer, stamp, askedMs: nowMs });
      if (answer === 'busy' && known?.answer !== 'busy') doubtful.set(key, entry);
    }
    this.#askAgain(doubtful, round);
    this.#known = round;
    return questions.map(({ entry }) => round.get(keyOf(entry))?.answer ?? 'unavailable');
  }

  /** Somebody was seen to open the file (its id, as in a snapshot): what was known of it is void. */
  forget(id: string): void {
    this.#known.delete(id);
  }

  /** There is no lock between two shmtops: who could take it could stop us, and what is asked twice needs none. */
  #askAgain(doubtful: Map<string, ShmEntry>, round: Map<string, Answered>): void {
    for (let times = 0; times < AGAIN && doubtful.size > 0; times++) {
      sleep(PAUSE_MS * (1 + Math.random()));
      for (const [key, entry] of doubtful) {
        const answer = this.#ask(entry, false);
        if (answer === 'busy') continue;
        doubtful.delete(key);
        round.set(key, { answer, stamp: stampOf(entry), askedMs: monotonicMs() });
      }
    }
  }

  #ask(entry: ShmEntry, isFirst: boolean): LeaseAnswer {
    if (!this.#libc) return 'unavailable';
    if (entry.uid !== this.#uid && !this.#asksForAll()) return 'denied';
    if (isFirst) this.#beforeAsking();
    this.#scratch ??= this.#libc.allocate(LEASE_SCRATCH_BYTES);
    return askLease(this.#libc, entry, this.#scratch);
  }
}

const keyOf = ({ device, inode }: ShmEntry) => fileId('posix', device, inode);

/** What changes when somebody writes to the file, reads it, maps it, names it or makes another in its place. */
const stampOf = ({ atimeSec, mtimeSec, ctimeSec, btimeSec, links, sizeBytes, allocatedBytes, uid, mode }: ShmEntry) =>
  `${atimeSec} ${mtimeSec} ${ctimeSec} ${btimeSec} ${links} ${sizeBytes} ${allocatedBytes} ${uid} ${mode}`;

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
