// Is the process that made an object, or last used it, still the one behind that pid? The answer decides "abandoned".
import type { ByteString } from '../bytes.ts';
import type { Maker } from '../object.ts';

/** What is known of the process that has the pid now. */
export interface PidOccupant {
  readonly comm: ByteString;
  /** As in proc_pid_stat(5). */
  readonly state: string;
  readonly threads: number;
  /** Clock ticks since boot. */
  readonly startTicks: number;
  /** A thread of the kernel's own: it has never made nor used such an object. */
  readonly isKernelThread?: boolean;
}

/** `hidden`: the kernel says that the process exists, but /proc does not show it (hidepid). */
export type PidAnswer = PidOccupant | 'none' | 'hidden';

export interface Clock {
  /** Seconds since the epoch, by the clock as it is set now; a fraction where that is known. */
  readonly bootSec: number;
  /**
   * Only a process that started by more than this later than a time stamp was not there then, seconds: the stamps have whole
   * seconds, and the clock may have been set since boot by as much as its witness could not tell (clock.ts).
   */
  readonly slackSec: number;
}

const TICKS_PER_SECOND = 100; // USER_HZ is 100 on every architecture that Linux runs Node on

/**
 * Judges the process behind `pid`, which must have existed at `referenceSec` (the object's time stamp, seconds since the
 * epoch). A process that started later cannot be it: the pid was reused. A zombie leader with other threads is alive: its
 * threads hold its memory. `pid` 0 means that it lives outside our pid namespace. Without a clock nothing follows from times.
 */
export function judgeMaker(pid: number, answer: PidAnswer, referenceSec: number, clock: Clock | undefined): Maker {
  if (pid <= 0) return { state: 'invisible' };
  if (answer === 'none') return { pid, state: 'dead' };
  if (answer === 'hidden') return { pid, state: 'invisible' };
  if (hasEnded(answer)) return { pid, state: 'zombie' };
  if (answer.isKernelThread) return { pid, state: 'reused', comm: answer.comm };
  const startSec = clock && clock.bootSec + answer.startTicks / TICKS_PER_SECOND;
  if (clock && startSec !== undefined && referenceSec > 0 && startSec > referenceSec + clock.slackSec) {
    return { pid, state: 'reused', comm: answer.comm };
  }
  return { pid, state: 'alive', comm: answer.comm };
}

/** A zombie without other threads will do nothing any more; with them, they hold its memory. */
export const hasEnded = ({ state, threads }: Pick<PidOccupant, 'state' | 'threads'>): boolean =>
  state === 'X' || (state === 'Z' && threads <= 1);

/** True when the maker can never come back to the object: dead, zombie, or its pid belongs to somebody else. */
export function isGone({ state }: Maker): boolean {
  return state === 'dead' || state === 'zombie' || state === 'reused';
}

/** Makers that are equal are the same object, from tick to tick: objects can be compared, and kept, by their makers. */
export class MakerStore {
  readonly #byKey = new Map<string, Maker>();

  intern(maker: Maker): Maker {
    const key = `${maker.pid} ${maker.state} ${maker.comm}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    // Pids come and go: a long-running program must not keep them all.
    if (this.#byKey.size >= MOST_MAKERS) this.#byKey.clear();
    this.#byKey.set(key, maker);
    return maker;
  }
}

const MOST_MAKERS = 10_000;

/** Judges many makers alike: 30,000 segments of one dead process share one answer. One book serves one tick. */
export class MakerBook {
  readonly #answer: (pid: number) => PidAnswer;
  readonly #clock: () => Clock | undefined;
  readonly #store: MakerStore;
  readonly #settled = new Map<number, Maker>();

  /** `clock` is asked only where a process is there whose start time matters. */
  constructor(
    answer: (pid: number) => PidAnswer,
    clock: () => Clock | undefined,
    store: MakerStore = new MakerStore(),
  ) {
    this.#answer = answer;
    this.#clock = clock;
    this.#store = store;
  }

  /** As `judgeMaker`; the same object for the same outcome. */
  judge(pid: number, referenceSec: number): Maker {
    // Once dead, always dead; only a living process must be compared with each object's time.
    const settled = this.#settled.get(pid);
    if (settled) return settled;
    const answer = pid > 0 ? this.#answer(pid) : 'none';
    const clock = typeof answer === 'string' ? undefined : this.#clock();
    const maker = this.#store.intern(judgeMaker(pid, answer, referenceSec, clock));
    if (maker.state !== 'alive' && maker.state !== 'reused') this.#settled.set(pid, maker);
    return maker;
  }
}
