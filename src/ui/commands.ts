// What the dashboard hands out of itself: removal and the load generator are done elsewhere, with what is selected here.
import type { RemovalOrder, RunningRemoval } from '../remove/model/order.ts';
import type { Message } from './state/state.ts';

/** What a command may do with the dashboard. */
export interface CommandHost {
  readonly say: (text: string, kind: Message['kind']) => void;
  /** Samples now instead of at the next tick. */
  readonly refresh: () => void;
}

/** Absent: the program cannot do it, and its keys are not bound. */
export interface DashboardCommands {
  /** Carries out what was confirmed here; whoever removes looks at each object again. */
  readonly remove?: (order: RemovalOrder) => RunningRemoval;
  readonly load?: (host: CommandHost) => void;
}
