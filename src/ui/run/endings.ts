// What ends the dashboard: a key, a signal, a fault, a terminal that is gone; and what gives the terminal back before death.
import type { ReadStream, WriteStream } from 'node:tty';
import { dieOf, OTHER_DEADLY_SIGNALS } from '../../process/end.ts';

/** An exit code, or the signal to die of when the terminal has been given back. */
export type DashboardEnd = number | 'SIGTERM' | 'SIGHUP';

export interface Ended {
  readonly code: DashboardEnd;
  /** What was thrown; absent where nothing was. */
  readonly error?: unknown;
}

export class Endings {
  readonly #ending = Promise.withResolvers<Ended>();
  readonly #giveBack: () => void;
  /** What somebody listens to (a measuring script) does not kill. */
  readonly #deadly = OTHER_DEADLY_SIGNALS.filter((signal) => process.listenerCount(signal) === 0);

  /** `giveBack` leaves the terminal as it was: called before a signal that is meant to kill at once does so. */
  constructor(giveBack: () => void) {
    this.#giveBack = giveBack;
  }

  /** Resolves with the first end. */
  get ended(): Promise<Ended> {
    return this.#ending.promise;
  }

  end(code: DashboardEnd): void {
    this.#ending.resolve({ code });
  }

  readonly crash = (error: unknown): void => {
    this.#ending.resolve({ code: 1, error: error ?? new Error('unknown error') });
  };

  listen(stdin: ReadStream, stdout: WriteStream): void {
    process.on('SIGINT', this.#onSigint).on('SIGTERM', this.#onSigterm).on('SIGHUP', this.#onSighup);
    process.on('uncaughtException', this.crash).on('unhandledRejection', this.crash);
    for (const signal of this.#deadly) process.on(signal, this.#onDeadly);
    // EIO, EPIPE: the terminal is gone.
    stdout.on('error', this.#onSighup);
    stdin.on('error', this.#onSighup).on('end', this.#onSighup);
  }

  /** The terminal's own errors are still taken: what is written last may fail. */
  unlisten(): void {
    process.off('SIGINT', this.#onSigint).off('SIGTERM', this.#onSigterm).off('SIGHUP', this.#onSighup);
    for (const signal of this.#deadly) process.off(signal, this.#onDeadly);
    process.off('uncaughtException', this.crash).off('unhandledRejection', this.crash);
  }

  readonly #onSigint = () => this.end(130);
  readonly #onSigterm = () => this.end('SIGTERM');
  readonly #onSighup = () => this.end('SIGHUP');
  readonly #onDeadly = (signal: NodeJS.Signals) => {
    this.#giveBack();
    dieOf(signal);
  };
}
