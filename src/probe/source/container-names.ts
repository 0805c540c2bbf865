// Names of containers, as their engine gives them: what is known at once, and what is not known is asked for in the background.
// Whoever may start a container chose its name, and whoever may make a control group its id: names are shown and filtered by, and prove
// nothing.
import type { Container } from '../model/object.ts';
import type { ContainerFacts } from '../parse/container-record.ts';
import { askDocker } from './ask-docker.ts';
import { isRecorded, withFacts } from './container-records.ts';

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
  #facts: ReadonlyMap<string, ContainerFacts> = new Map();
  /** Seen since the last question began, by id. */
  #wanted = new Map<string, Container>();
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
    if (!isRecorded(container)) return container;
    const { id } = container;
    const known = this.#facts.get(id);
    const isNew = known === undefined && !this.#missed.has(id);
    // What is known goes first: whoever makes up ids keeps nobody from being asked for again.
    if (known !== undefined || this.#wanted.size < MOST_WANTED) this.#wanted.set(id, container);
    if (!this.#isAsking && this.#nowMs() - this.#askedMs >= (isNew ? this.#pauseMs : AGAIN_MS)) this.#askNow();
    return withFacts(container, known);
  };

  #askNow(): void {
    this.#isAsking = true;
    this.#askedMs = this.#nowMs();
    const asked = this.#wanted;
    this.#wanted = new Map();
    this.#ask(
      (answer) => {
        const ids = [...asked.keys()];
        // Who is silent now has said before what these are called.
        const kept = ids.flatMap((id) => this.#entryOf(id));
        if (answer) this.#facts = new Map([...kept, ...answer]);
        this.#missed = new Set(ids.filter((id) => !this.#facts.has(id)));
        const isInVain = answer === undefined || (ids.length > 0 && this.#missed.size === ids.length);
        this.#pauseMs = isInVain ? Math.min(this.#pauseMs * 2, AGAIN_MS) : SHORTEST_PAUSE_MS;
        this.#isAsking = false;
      },
      [...asked.values()],
    );
  }

  #entryOf(id: string): readonly (readonly [string, ContainerFacts])[] {
    const known = this.#facts.get(id);
    return known === undefined ? [] : [[id, known]];
  }
}
