// One event of the log, with what was known of its object when it came.
import type { ShmEvent } from '../../probe/model/event/event.ts';
import type { ShmObject } from '../../probe/model/object.ts';

export interface EventEntry {
  /** Unique in the log; by the order in which they came. */
  readonly id: string;
  readonly event: ShmEvent;
  /** Absent where no sample had shown it. */
  readonly object?: ShmObject;
}
