// What the removing thread and the one that started it say to each other: plain data, structured-cloneable.
import type { Plan } from './model/plan.ts';
import type { Outcome } from './model/report.ts';

export interface ThreadSettings {
  readonly procRoot?: string;
  readonly shmRoot?: string;
  readonly minAgeSec?: number;
  /** What the journal names as the part of the program that asked. */
  readonly by: string;
  /** One Int32 that is 1 once the removal is to end: the thread works synchronously and reads no messages meanwhile. */
  readonly stop: SharedArrayBuffer;
}

/** Plans come in pieces, so that cloning many never holds up the thread that sends them. */
export interface PlansPiece {
  readonly plans: readonly Plan[];
  readonly isLast: boolean;
}

export type FromThread =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  /** Outcomes with the index of their plan, in the order in which they were done. */
  | { readonly type: 'outcomes'; readonly outcomes: readonly (readonly [at: number, outcome: Outcome])[] }
  | { readonly type: 'done'; readonly notes: readonly string[]; readonly journal?: string };

/** Plans or outcomes a message: a few milliseconds of work for whoever sends or receives it. */
export const A_MESSAGE = 500;
