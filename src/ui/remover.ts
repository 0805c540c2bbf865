// Carries out what was confirmed: the observing thread stands still, the command removes, and then all is looked at anew.
import { errorMessage } from '../fault/thrown.ts';
import type { RunningRemoval } from '../remove/model/order.ts';
import type { Plan } from '../remove/model/plan.ts';
import { refuse } from '../remove/model/refusal.ts';
import { type Report, sumUp } from '../remove/model/report.ts';
import type { DashboardCommands } from './commands.ts';
import type { RemovalEffects } from './hooks/use-removal.ts';
import { spellReport } from './state/removal-message.ts';

export interface RemoverWorld {
  readonly remove: NonNullable<DashboardCommands['remove']>;
  readonly minAgeSec: number | undefined;
  /** Resolves when nobody else opens anything any more. */
  readonly hold: () => Promise<void>;
  readonly release: () => void;
  readonly clock: () => void;
  readonly onProgress: (done: number) => void;
  readonly onDone: (report: Report) => void;
}

export class Remover implements RemovalEffects {
  readonly #world: RemoverWorld;
  #running: RunningRemoval | undefined;
  #ended: Promise<Report> | undefined;
  #isStopped = false;
  #isClosed = false;

  constructor(world: RemoverWorld) {
    this.#world = world;
  }

  readonly start = (plans: readonly Plan[]): void => {
    if (this.#isClosed || this.#ended) return;
    this.#isStopped = false;
    this.#ended = this.#carryOut(plans).finally(() => {
      this.#ended = undefined;
    });
  };

  readonly stop = (): void => {
    this.#isStopped = true;
    this.#running?.stop();
  };

  readonly clock = (): void => this.#world.clock();

  /**
   * Lets nothing more begin, stops what is at work, and waits for its end. What became of it, safe to print; undefined when
   * nothing was at work.
   */
  async close(mostMs: number): Promise<string | undefined> {
    this.#isClosed = true;
    if (!this.#ended) return undefined;
    this.stop();
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), mostMs);
    const report = await Promise.race([this.#ended, late.promise]);
    clearTimeout(timer);
    return report ? spellReport(report) : 'The removal does not end; shmtop rm --history says how far it came.';
  }

  async #carryOut(plans: readonly Plan[]): Promise<Report> {
    const { hold, release, onDone } = this.#world;
    await hold();
    const report = await this.#reportOn(plans);
    this.#running = undefined;
    release();
    onDone(report);
    return report;
  }

  async #reportOn(plans: readonly Plan[]): Promise<Report> {
    const { remove, minAgeSec, onProgress } = this.#world;
    try {
      this.#running = remove({ plans, minAgeSec, onProgress });
      if (this.#isStopped) this.#running.stop();
      return await this.#running.report;
    } catch (cause) {
      // No thread could be started: the installation is damaged, or there is no memory for one.
      const outcome = refuse('failed', `could not be removed (${errorMessage(cause)})`);
      return sumUp(
        plans.map((plan) => ({ plan, outcome })),
        [],
        undefined,
      );
    }
  }
}
