// The processes of a crew, two a pair: started together, and the first that ends too early stops them all.
import type { ChildProcess } from 'node:child_process';
import { errorMessage } from '../fault/thrown.ts';
import { errnoName } from '../native/errno.ts';
import type { Libc } from '../native/libc.ts';
import type { CrewRings } from './crew-rings.ts';
import { closeEnds, openEnds, type WorkerEnds } from './ends.ts';
import type { Keeper } from './keep/keeper.ts';
import type { WorkerInfo } from './model/meter.ts';
import { type LoadProblem, problem } from './model/problem.ts';
import { CONTROL } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';
import type { Segment } from './segment.ts';
import { startWorker, watchWorker } from './spawn-worker.ts';
import type { SyncDescriptors } from './sync/sync.ts';

/** On a machine that is far too busy it takes seconds until a worker has its turn; one that is stuck is rare. */
const STOP_MS = 15_000;
const BACKLOG = 4;

export interface WorkersOptions {
  readonly libc: Libc;
  readonly plan: LoadPlan;
  readonly segment: Segment;
  readonly rings: CrewRings;
  /** The eventfds of all rings, where the mode has any. */
  readonly descriptors: readonly SyncDescriptors[];
  /** Who keeps semaphore sets and message queues, where there are any. */
  readonly keeper: Keeper | undefined;
  /** Where worker n of the plan is to run; undefined where it likes. */
  readonly cpuOf: (worker: number) => number | undefined;
}

export class CrewWorkers {
  readonly infos: WorkerInfo[] = [];
  readonly #options: WorkersOptions;
  readonly #children: ChildProcess[] = [];
  #accident: LoadProblem | undefined;
  #isStopping = false;
  #isKilling = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /** What went wrong with a worker that ended too early, or could not be started; undefined so long as none did. */
  get accident(): LoadProblem | undefined {
    return this.#accident;
  }

  start(): void {
    const { libc, plan, keeper } = this.#options;
    const { producers, consumers } = plan.many ?? { producers: plan.pairs, consumers: plan.pairs };
    for (let pair = 0; pair < Math.max(producers, consumers); pair++) {
      const ends = openEnds(libc, plan, pair, keeper);
      if (typeof ends === 'number') {
        this.#fail(`Cannot open ${plan.transport}: ${errnoName(ends)}.`);
        break;
      }
      if (pair < producers) this.#startOne('producer', pair, ends.producer);
      if (pair < consumers) this.#startOne('consumer', pair, ends.consumer);
      // Ours are copies: each end must be held by its worker alone, so that the other sees when it is gone.
      closeEnds(libc, ends);
    }
  }

  /** Asks them to end and resolves when all are gone; kills who does not come in fifteen seconds. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#options.rings.tell(CONTROL.stop);
    // What an unbounded buffer holds is read to its end.
    const patienceMs = this.#options.plan.mostBlocks > 0 ? STOP_MS * BACKLOG : STOP_MS;
    const timer = setTimeout(() => {
      this.#accident ??= problem('failed', `The workers did not end within ${patienceMs / 1000} s and were killed.`);
      for (const child of this.#children) child.kill('SIGKILL');
    }, patienceMs);
    await Promise.all(this.#children.map(gone));
    clearTimeout(timer);
  }

  /** Resolves when all are gone. */
  async kill(): Promise<void> {
    this.#isKilling = true;
    for (const child of this.#children) if (!isGone(child)) child.kill('SIGKILL');
    await Promise.all(this.#children.map(gone));
  }

  #startOne(role: 'producer' | 'consumer', pair: number, ends: WorkerEnds): void {
    const { plan, segment, descriptors, rings, cpuOf } = this.#options;
    const cpu = cpuOf(pair * 2 + (role === 'producer' ? 0 : 1));
    try {
      const child = startWorker(plan, segment, role, pair, ends, descriptors);
      this.#children.push(child);
      this.infos.push({ role, pair, pid: child.pid ?? 0, ...(cpu === undefined ? {} : { cpu }) });
      watchWorker(child, role, (message, isAsTold) => {
        // Also when it was told to stop: what a worker that failed had still to read is not lost, but not known.
        if (!this.#isStopping || !isAsTold) this.#fail(message);
      });
      child.once('exit', () => rings.tellGone(role, pair));
    } catch (cause) {
      this.#fail(`Cannot start the ${role}: ${errorMessage(cause)}.`);
    }
  }

  #fail(message: string): void {
    if (this.#isKilling) return;
    this.#accident ??= problem('failed', message);
    this.#options.rings.tell(CONTROL.stop);
    // Who waits in a queue for somebody who is gone looks at nothing else.
    this.#options.keeper?.abandon();
  }
}

const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;

const gone = (child: ChildProcess) =>
  isGone(child) ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
