// Names of containers, as their engine gives them: what is known at once, and what is not known is asked for in the background.
// Whoever may start a container chose its name, and whoever may make a control group its id: names are shown and filtered by, and prove
// nothing.
import type { Container } from '../model/object.ts';
import { askDocker } from './ask-docker.ts';

/** A container may be given another name (docker-rename(1)). */
const AGAIN_MS = 30_000;
/** Ids that nobody knew are asked for at once; whoever makes up ids has them asked for less and less often. */
const SHORTEST_PAUSE_MS = 2000;
const MOST_WANTED = 1000;

export interface ContainerNamesOptions {
  readonly ask?: typeof askDocker;
  /** A clock that only goes forward. */
  readonly nowMs?: () => number;
}

export class ContainerNames {
  readonly #ask: typeof askDocker;
  readonly #nowMs: () => number;
  #names: ReadonlyMap<string, string> = new Map();
  /** Not known, and seen since the last question began. */
  #wanted = new Set<string>();
  /** The last answer did not have them. */
  #missed: ReadonlySet<string> = new Set();
  #isAsking = false;
  #askedMs = Number.NEGATIVE_INFINITY;
  #pauseMs = SHORTEST_PAUSE_MS;

  constructor({ ask = askDocker, nowMs = () => performance.now() }: ContainerNamesOptions = {}) {
    this.#ask = ask;
    this.#nowMs = nowMs;
  }

  /** With its name, where that is known by now. Never waits; costs a look into a map. */
  readonly nameContainer = (container: Container): Container => {
    const { id, name, runtime } = container;
    if (runtime !== 'docker' || name !== undefined) return container;
    const known = this.#names.get(id);
    const isNew = known === undefined && !this.#missed.has(id);
    if (known === undefined && this.#wanted.size < MOST_WANTED) this.#wanted.add(id);
    if (!this.#isAsking && this.#nowMs() - this.#askedMs >= (isNew ? this.#pauseMs : AGAIN_MS)) this.#askNow();
    return known === undefined ? container : { id, name: known, runtime };
  };

  #askNow(): void {
    this.#isAsking = true;
    this.#askedMs = this.#nowMs();
    const asked = this.#wanted;
    this.#wanted = new Set();
    this.#ask((names) => {
      // A daemon that is silent now has said before what these are called.
      if (names) this.#names = names;
      this.#missed = new Set([...asked].filter((id) => !this.#names.has(id)));
      const isInVain = names === undefined || (asked.size > 0 && this.#missed.size === asked.size);
      this.#pauseMs = isInVain ? Math.min(this.#pauseMs * 2, AGAIN_MS) : SHORTEST_PAUSE_MS;
      this.#isAsking = false;
    });
  }
}
