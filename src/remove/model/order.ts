// A removal that is carried out while other things go on: what is ordered, and the handle on what runs. PURE types.
import type { Plan } from './plan.ts';
import type { Report } from './report.ts';

export interface RemovalOrder {
  readonly plans: readonly Plan[];
  /** Grace time with which the plans were listed, seconds; absent: the default. */
  readonly minAgeSec?: number;
  /** A few times a second while it lasts; `total` counts what there is to do. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface RunningRemoval {
  /** Never rejects: what could not be done is refused in the report. */
  readonly report: Promise<Report>;
  /** Ends it after the object that it is at; what is left is refused as interrupted. */
  readonly stop: () => void;
}
