// The one interface of everything that reports events live.
import type { Observation } from '../model/event/observation.ts';

/** Where a source puts what it sees. */
export interface Sink {
  readonly see: (observation: Observation) => void;
  /** Called after a batch, so that what belongs together is settled together. */
  readonly done: () => void;
}

export interface LiveSource {
  /** `perf`, `fanotify`, `exact`, `poll`, `inotify`, `connector`. */
  readonly name: string;
  /** What it sees and what it cannot, one sentence each, for the start of a watch and for `doctor`. */
  readonly describe: () => { readonly sees: string; readonly misses: string };
  /** Starts it: undefined, or in words why it is not available here. */
  readonly start: (sink: Sink) => string | undefined;
  /** Tells at once what there is to tell; absent: it tells all by itself. */
  readonly drain?: () => void;
  /** Ends it and gives everything back; nothing is reported afterwards. */
  readonly stop: () => void;
}
