// The library: `import { snapshot, watch, explain } from 'shmtop'` (docs/library.md). What it gives is what the program writes as JSON;
// its types are printed (scripts/types.mjs) from the JSON Schema. No React, no signal handlers, nothing shared between two calls but code.
import { jsonOfRemoval } from './cli/json.ts';
import { jsonOfObject, jsonOfSnapshot } from './cli/plain-json.ts';
import { jsonOfEvent } from './cli/watch-event.ts';
import { openEventTest } from './cli/watch-filter.ts';
import { parseObjectFilter } from './filter/object-filter.ts';
import { Sampler } from './probe/look/sampler.ts';
import type { ShmEvent } from './probe/model/event/event.ts';
import { removalEffect } from './probe/model/judge/removal-effect.ts';
import type { ShmObject } from './probe/model/object.ts';
import { becomeCareful } from './probe/territory/patience/patience.ts';

/** Where and how to look; scripts/types.mjs says it to others. */
export interface LookOptions {
  readonly filter?: readonly string[];
  readonly files?: boolean;
  readonly minAgeSec?: number;
  readonly procRoot?: string;
  readonly shmRoot?: string;
}

export interface WatchOptions extends LookOptions {
  readonly signal?: AbortSignal;
  readonly exact?: boolean;
}

/** Events that nobody has taken yet; more than these are counted and told as lost. */
const MOST_WAITING = 10_000;

// A read of another process that never answers must not take the whole program of somebody else with it.
becomeCareful('but-for-own');

export async function snapshot(options: LookOptions = {}) {
  const { filter: words = [] } = options;
  const parsed = parseObjectFilter(words);
  if ('problem' in parsed)
    throw new TypeError(`the filter word '${parsed.problem.word}' is not understood: ${parsed.problem.message}`);
  const found = samplerFor(options).sample();
  const nowSec = found.takenAtMs / 1000;
  const objects = found.objects.filter((object) => parsed.filter.matches(object, nowSec));
  return { ...jsonOfSnapshot({ ...found, objects: [] }), objects: objects.map(jsonOfShown) };
}

export async function* watch(options: WatchOptions = {}) {
  const { signal, exact = false, filter: words = [] } = options;
  signal?.throwIfAborted();
  const { startSession } = await import('./probe/live/session.ts');
  const waiting = new Waiting();
  const { procRoot, shmRoot } = options;
  const roots = { procRoot, shmRoot };
  const session = startSession({ ...roots, isExact: exact, sample: () => samplerFor(options).sample() }, (event) =>
    waiting.add(event),
  );
  if (typeof session === 'string') throw new Error(`cannot watch: ${session}`);
  const end = () => waiting.end();
  try {
    const test = openEventTest(words, session.first, session.segment);
    signal?.addEventListener('abort', end, { once: true });
    if (signal?.aborted) end();
    for (;;) {
      const event = await waiting.next();
      if (event === undefined) break;
      if (test.matches(event)) yield jsonOfEvent(event);
    }
  } finally {
    signal?.removeEventListener('abort', end);
    session.stop();
  }
  signal?.throwIfAborted();
}

/** What the words of the verdict and of the removal are, in sentences. */
export function explain(object: Explained): readonly string[] {
  const { id, verdict, removal } = object;
  const evidence = verdict.evidence.map(({ text }) => sentence(text));
  const effect = removal === undefined ? [] : [sentence(`removal: ${removal.text}`)];
  return [`${id} is ${verdict.state}.`, ...evidence, ...effect];
}

interface Explained {
  readonly id: string;
  readonly verdict: { readonly state: string; readonly evidence: readonly { readonly text: string }[] };
  readonly removal?: { readonly text: string };
}

const samplerFor = ({ procRoot, shmRoot, files = false, minAgeSec }: LookOptions) =>
  new Sampler({ procRoot, shmRoot, includeFiles: files, minAgeSec, units: true });

const jsonOfShown = (object: ShmObject) => ({ ...jsonOfObject(object), removal: jsonOfRemoval(removalEffect(object)) });

const sentence = (words: string) =>
  `${words.charAt(0).toUpperCase()}${words.slice(1)}${words.endsWith('.') ? '' : '.'}`;

/** Between sources that do not wait and a reader that may. */
class Waiting {
  #events: ShmEvent[] = [];
  #lost = 0;
  #isEnded = false;
  #wake: (() => void) | undefined;

  /** Once one was lost, so are all until the reader has what was waiting: the gap is told where it is. */
  add(event: ShmEvent): void {
    if (this.#lost === 0 && this.#events.length < MOST_WAITING) this.#events.push(event);
    else this.#lost += event.count;
    this.#wake?.();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** Undefined at the end: what was still waiting then is not told. */
  async next(): Promise<ShmEvent | undefined> {
    while (!this.#isEnded && this.#events.length === 0 && this.#lost === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isEnded) return undefined;
    const event = this.#events.shift();
    if (event) return event;
    const count = this.#lost;
    this.#lost = 0;
    return {
      atMs: Date.now(),
      event: 'lost',
      source: 'poll',
      count,
      detail: `${MOST_WAITING} events were waiting to be read`,
    };
  }
}
