// Removes many names of one mount: takes a few aside, waits for those who were just opening them, then unlinks.
import { ENOENT, errnoName } from '../native/errno.ts';
import * as file from '../native/file.ts';
import type { Libc } from '../native/libc.ts';
import { Aside } from './aside.ts';
import type { Plan } from './model/plan.ts';
import { refuse } from './model/refusal.ts';
import type { Outcome } from './model/report.ts';
import { Looker, openMountRoot, type RootIdentity } from './mount-root.ts';
import { NameRemover, type Taken } from './name.ts';
import type { Save } from './save.ts';
import type { OnStep } from './step.ts';

/** So many are aside at a time; each has up to two descriptors open. */
const AT_A_TIME = 64;
/**
 * Who had found the name before it was taken aside reaches the lease within this time, unless it is kept from running:
 * opening a file takes the kernel about a microsecond.
 */
const SETTLE_MS = 2;

export interface NameRunOptions {
  readonly libc: Libc;
  readonly asideName: string;
  /** Of the place that all of them are in. */
  readonly root: RootIdentity;
  readonly shmRoot: string;
  readonly onStep: OnStep | undefined;
  readonly save: Save | undefined;
}

interface ToDo {
  readonly plan: Plan;
  readonly seq: number;
}

export class NameRun {
  readonly #libc: Libc;
  readonly #rootFd: number;
  readonly #aside: Aside;
  readonly #remover: NameRemover;
  readonly #atATime: number;

  constructor({ libc, asideName, root, shmRoot, onStep, save }: NameRunOptions) {
    this.#libc = libc;
    const look = new Looker(libc);
    this.#rootFd = openMountRoot(libc, look, root, shmRoot);
    this.#aside = new Aside(libc, this.#rootFd, asideName);
    // Saving may take long and be interrupted: nothing else lies aside meanwhile.
    this.#atATime = save === undefined ? AT_A_TIME : 1;
    this.#remover = new NameRemover({ libc, look, rootFd: this.#rootFd, aside: this.#aside, onStep, save });
  }

  /** `veto` may give an outcome instead of removing; `end` gets every outcome. */
  remove(
    all: readonly ToDo[],
    veto: (plan: Plan) => Outcome | undefined,
    end: (seq: number, plan: Plan, outcome: Outcome) => void,
  ): void {
    let waiting: (ToDo & { taken: Taken })[] = [];
    const finish = () => {
      if (waiting.some(({ taken }) => taken.leaseFd !== undefined)) settle();
      for (const { taken, plan, seq } of waiting) end(seq, plan, this.#remover.finish(taken));
      waiting = [];
    };
    for (const { plan, seq } of all) {
      // A directory is looked into only after what was in it has gone.
      if (plan.object.type === 'directory' && waiting.length > 0) finish();
      const taken = veto(plan) ?? this.#take(plan, seq);
      if ('place' in taken) waiting.push({ plan, seq, taken });
      else end(seq, plan, taken);
      if (waiting.length >= this.#atATime) finish();
    }
    finish();
  }

  /** Removes the private directory; sentences about what had to stay in it. */
  close(): string[] {
    const failed = this.#aside.close();
    if (this.#rootFd >= 0) file.close(this.#libc, this.#rootFd);
    return failed < 0 && failed !== -ENOENT ? [`a directory .shmtop-… had to stay (${errnoName(failed)})`] : [];
  }

  #take(plan: Plan, seq: number): Taken | Outcome {
    if (this.#rootFd >= 0) return this.#remover.take(plan, seq);
    return refuse('not-seen', `lies on a mount that cannot be reached from here (${errnoName(this.#rootFd)})`);
  }
}

function settle(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
}
