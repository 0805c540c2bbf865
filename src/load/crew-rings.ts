// The rings of a crew as the parent sees them: written once before the workers start, and the words by which both sides are told.
import { futexWake } from '../native/futex.ts';
import type { Libc } from '../native/libc.ts';
import { monotonicNs } from './clock.ts';
import { writeGrowth } from './growing.ts';
import { type LoadProblem, problem } from './model/problem.ts';
import { CONTROL, HEADER, PHASE, RING } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';
import { type RingView, viewRing, wordAt, writeHeader } from './ring-view.ts';
import type { Segment } from './segment.ts';

/** Less than workers wait for the start (worker/main.ts). One that failed is told at once. */
const READY_MS = 25_000;
const READY_MS_A_PAIR = 1_000;
const POLL_MS = 4;
/** Workers end by themselves so long after the time that was planned, whatever happens to us. */
const DEADLINE_MARGIN_SEC = 60;

export class CrewRings {
  readonly #libc: Libc;
  readonly #plan: LoadPlan;
  #views: readonly RingView[];

  constructor(libc: Libc, plan: LoadPlan, segment: Segment) {
    this.#libc = libc;
    this.#plan = plan;
    this.#views = Array.from({ length: plan.rings }, (_, i) =>
      viewRing(segment.memory(), segment.address, i, plan.geometry.ringBytes),
    );
  }

  /** Empty after `forget`. Do not keep them: the memory goes with the segment. */
  get views(): readonly RingView[] {
    return this.#views;
  }

  forget(): void {
    this.#views = [];
  }

  /** Before any worker starts. `cpuOf`: where worker n of the plan is to run; undefined where it likes. */
  writeHeaders(semaphoreSet: number, cpuOf: (worker: number) => number | undefined): void {
    const createdNs = monotonicNs();
    const seconds = this.#plan.durationSec + this.#plan.warmUpSec + DEADLINE_MARGIN_SEC;
    for (const [ring, view] of this.#views.entries()) {
      writeGrowth(view, this.#plan);
      const pair = this.#plan.job === 'duplex' ? 0 : ring;
      writeHeader(view, this.#plan, {
        pair: ring,
        seed: 0x5eed0001 + ring,
        creatorPid: process.pid,
        semaphoreSet,
        producerCpu: cpuOf(pair * 2),
        consumerCpu: cpuOf(pair * 2 + 1),
        createdNs,
        deadlineNs: createdNs + seconds * 1e9,
      });
    }
  }

  /** Tells all workers (one of CONTROL), and wakes who sleeps. */
  tell(control: number): void {
    for (const view of this.#views) {
      if (control === CONTROL.warmUp) view.header.setFloat64(HEADER.startNs, monotonicNs(), true);
      Atomics.store(view.words, wordAt(RING.control), control);
      futexWake(this.#libc, view.address + RING.control, 2);
    }
  }

  /** A worker that was killed could not say that no more comes from it: who waits for its last word would wait in vain. */
  tellGone(role: 'producer' | 'consumer', pair: number): void {
    const phase = wordAt(role === 'producer' ? RING.producerPhase : RING.consumerPhase);
    for (const { words } of this.#plan.job === 'duplex' ? this.#views : this.#views.slice(pair, pair + 1)) {
      if (Atomics.load(words, phase) < PHASE.done) Atomics.store(words, phase, PHASE.done);
    }
  }

  /** Resolves when every worker has told that it is ready, or with what stood in the way. */
  async ready(accident: () => LoadProblem | undefined): Promise<LoadProblem | undefined> {
    const untilNs = monotonicNs() + (READY_MS + this.#plan.rings * READY_MS_A_PAIR) * 1e6;
    const used = this.#plan.job === 'duplex' ? 1 : this.#plan.rings;
    while (!accident()) {
      const rings = this.#views.slice(0, used);
      if (rings.length === 0) return problem('failed', 'The load was stopped before it began.');
      if (rings.every((view, ring) => isReady(view, this.#plan, ring))) return undefined;
      if (monotonicNs() > untilNs)
        return problem('failed', 'The workers did not start in time; the machine may be too busy.');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return accident();
  }
}

/** Where many share a ring, there may be more of one side than of the other. */
function isReady({ words }: RingView, { many }: LoadPlan, ring: number): boolean {
  const is = (phase: number) => Atomics.load(words, wordAt(phase)) === PHASE.ready;
  const hasProducer = !many || ring < many.producers;
  const hasConsumer = !many || ring < many.consumers;
  return (!hasProducer || is(RING.producerPhase)) && (!hasConsumer || is(RING.consumerPhase));
}
