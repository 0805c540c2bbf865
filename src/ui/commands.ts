// What the dashboard hands out of itself: removal and the load generator are done elsewhere, with what is selected here.
import type { LoadChoices } from '../load/model/options.ts';
import type { RemovalOrder, RunningRemoval } from '../remove/model/order.ts';
import type { RemovalRights } from '../remove/model/rights.ts';
import type { LoadNews } from './state/load.ts';
import type { Message } from './state/state.ts';

/** What a command may do with the dashboard. */
export interface CommandHost {
  readonly say: (text: string, kind: Message['kind']) => void;
  /** Samples now instead of at the next tick. */
  readonly refresh: () => void;
}

/** One load at a time. */
export interface LoadCommands {
  /** Starts one; `tell` is called until it has ended. */
  readonly start: (choices: LoadChoices, tell: (news: LoadNews) => void) => void;
  /** Starts the tour, in the place of a load; `tell` is called with each scene until it has ended. */
  readonly tour: (tell: (news: LoadNews) => void) => void;
  /** Ends it; nothing where none runs. */
  readonly stop: () => void;
  /** Finds out whether these choices could run here, and tells. */
  readonly check: (choices: LoadChoices, tell: (news: LoadNews) => void) => void;
  /** Ends it and resolves when its processes are gone: before the program ends. Takes two seconds at most. */
  readonly close: () => Promise<void>;
}

/** Absent: the program cannot do it, and its keys are not bound. */
export interface DashboardCommands {
  /** Carries out what was confirmed here; whoever removes looks at each object again. */
  readonly remove?: (order: RemovalOrder) => RunningRemoval;
  /** What the kernel lets it remove; absent: found out when it is tried. */
  readonly rights?: RemovalRights;
  readonly load?: LoadCommands;
}
