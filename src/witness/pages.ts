// What goes to the store and when: changes each second, a sign of life in between, and once more whatever a full disk refused.
import type { Watch } from '../probe/model/life/life.ts';
import type { Ledger } from './model/ledger.ts';
import type { WitnessStore } from './store.ts';

/** Whoever reads takes a witness for halted after MOST_SILENCE_MS (model/life/life.ts). */
const BEAT_MS = 3000;
/** A store that failed is tried again after so long. */
const AGAIN_MS = 5000;

export class Pages {
  readonly #store: WitnessStore;
  readonly #ledger: Ledger;
  readonly #watch: () => Watch;
  readonly #say: (text: string) => void;
  #nextMs = 0;
  #problem: string | undefined;
  #isAll = false;

  constructor(store: WitnessStore, ledger: Ledger, watch: () => Watch, say: (text: string) => void) {
    this.#store = store;
    this.#ledger = ledger;
    this.#watch = watch;
    this.#say = say;
  }

  /** Everything that is kept goes with the next batch. */
  writeAll(): void {
    this.#isAll = true;
  }

  /** `nowMs` infinite: whatever the time. */
  write(nowMs: number): void {
    const isDue = nowMs >= this.#nextMs || this.#nextMs - nowMs > 2 * AGAIN_MS;
    if (!isDue && (this.#problem !== undefined || !(this.#ledger.hasChanges || this.#isAll))) return;
    const batch = this.#ledger.batch(this.#isAll);
    const problem = this.#store.write({ ...batch, watch: this.#watch() });
    this.#nextMs = (Number.isFinite(nowMs) ? nowMs : 0) + (problem === undefined ? BEAT_MS : AGAIN_MS);
    if (problem === undefined) this.#isAll = false;
    else this.#ledger.again(batch);
    if (problem === this.#problem) return;
    // Nothing is lost while this process lives. Whoever reads meanwhile finds no sign of life, and so no proof.
    if (problem !== undefined) this.#say(`cannot write: ${problem}. It goes on in memory and tries again.`);
    else this.#say('writes again');
    this.#problem = problem;
  }
}
