// Live events for the dashboard: a watch inside the observing thread, its events gathered into messages that a screen can take.
import { startSession } from '../live/session.ts';
import type { ShmEvent } from '../model/event/event.ts';
import { thinOut } from '../model/event/event-crowd.ts';
import type { LiveSession, StartBeside } from '../model/event/live-session.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { FromWorker } from './worker-protocol.ts';

/** A screen is drawn at most that often. */
const QUICK_MS = 40;
const MOST_A_MESSAGE = 1000;
/** More than these are not kept until the next message, whose `lost` event counts them. */
const MOST_WAITING = 20_000;
/** The first ticks come before it. */
const BESIDE_AFTER_MS = 500;

export interface LiveFeedOptions {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  readonly sample: () => Snapshot;
  /** Called with each event as it comes. */
  readonly note: (event: ShmEvent) => void;
  /** Absent: nothing is recorded. */
  readonly beside?: StartBeside;
  readonly send: (message: FromWorker) => void;
  /** The dashboard takes no more messages now: events wait, and are thinned out. */
  readonly isBehind: () => boolean;
}

export class LiveFeed {
  readonly #options: LiveFeedOptions;
  #session: LiveSession | undefined;
  #waiting: ShmEvent[] = [];
  #isWatched = false;
  #timer: NodeJS.Timeout | undefined;
  #beside: ReturnType<StartBeside> | undefined;
  #besideTimer: NodeJS.Timeout | undefined;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** Starts the watch; the snapshot that it began with. Where there can be no watch that is told, and only sampled. */
  start(): Snapshot {
    const { procRoot, shmRoot, sample, send } = this.#options;
    const pace = this.#isWatched ? 'quick' : 'calm';
    const request = { procRoot, shmRoot, sample, isExact: false, pace, isInRounds: true } as const;
    const session = startSession(request, (event) => this.#take(event));
    if (typeof session === 'string') {
      send({ type: 'live', sources: [], problem: session });
      return sample();
    }
    this.#session = session;
    this.#besideTimer = setTimeout(() => {
      this.#beside = this.#options.beside?.(session.tap);
    }, BESIDE_AFTER_MS);
    send({ type: 'live', sources: session.sources() });
    return session.first;
  }

  /** A sample whose own traces are not told as events. */
  sample(): Snapshot {
    return this.#session ? this.#session.sampleNow() : this.#options.sample();
  }

  /** Does somebody look at the events? Then they come at once, and shorter attaches are seen. */
  watch(isWatched: boolean): void {
    if (isWatched === this.#isWatched) return;
    this.#isWatched = isWatched;
    const session = this.#session;
    if (!session) return;
    session.setPace(isWatched ? 'quick' : 'calm');
    this.#options.send({ type: 'live', sources: session.sources() });
    if (isWatched) this.#flush();
  }

  /** What was seen is written down; the sources go with the thread. */
  end(): void {
    clearTimeout(this.#besideTimer);
    this.#beside?.stop();
    this.#beside = undefined;
  }

  /** What has come since it was last told: it travels with a tick, so that what nobody looks at costs no message of its own. */
  takeEvents(): readonly ShmEvent[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = thinOut(this.#waiting, MOST_A_MESSAGE);
    this.#waiting = [];
    return events;
  }

  #flush(): void {
    if (this.#options.isBehind()) {
      this.#timer = setTimeout(() => this.#flush(), QUICK_MS);
      return;
    }
    const events = this.takeEvents();
    if (events.length > 0) this.#options.send({ type: 'events', events });
  }

  #take(event: ShmEvent): void {
    this.#options.note(event);
    this.#waiting.push(event);
    if (this.#waiting.length > MOST_WAITING) this.#waiting = [...thinOut(this.#waiting, MOST_A_MESSAGE)];
    if (this.#isWatched) this.#timer ??= setTimeout(() => this.#flush(), QUICK_MS);
  }
}
