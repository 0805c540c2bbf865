// What the observing thread tells, as actions of the store; what comes before the screen is there waits.
import type { SamplerMessage } from '../../probe/thread/sampler-client.ts';
import type { Store } from '../store.ts';

export class SamplerNews {
  readonly #store: Store;
  #early: SamplerMessage[] | undefined = [];
  #lastTickMs = Date.now();

  constructor(store: Store) {
    this.#store = store;
  }

  readonly take = (message: SamplerMessage): void => {
    if (this.#early) this.#early.push(message);
    else this.#apply(message);
  };

  /** The screen is there. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) this.#apply(message);
  }

  /** What time it is, and how long ago the last tick came. */
  readonly tellTime = (): void => {
    this.#store.dispatch({ type: 'clock', nowMs: Date.now(), lastTickMs: this.#lastTickMs });
  };

  #apply(message: SamplerMessage): void {
    if (message.type === 'tick') {
      this.#lastTickMs = Date.now();
      this.#store.dispatch({ type: 'tick', tick: message });
    } else if (message.type === 'live') {
      const { sources, problem } = message;
      this.#store.dispatch({ type: 'live', live: { sources, problem } });
    } else if (message.type === 'replay') {
      const { type, ...position } = message;
      this.#store.dispatch({ type, position });
    } else this.#store.dispatch(message);
  }
}
