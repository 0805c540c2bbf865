// What is being removed, and how far that has come: counted down, asked about, typed, worked at, or told. One at a time.
import type { Plan } from '../../remove/model/plan.ts';
import type { Report } from '../../remove/model/report.ts';
import type { LineEdit } from './line-edit.ts';

/** How long one key gives the user to think better of it. */
export const COUNTDOWN_MS = 3000;

/** One object that is proven abandoned goes when nothing is left; it belongs to the object, whatever happens to its row. */
export interface Countdown {
  readonly kind: 'countdown';
  readonly plan: Plan;
  readonly leftMs: number;
  /** The clock that `leftMs` was counted to; absent until the first. */
  readonly atMs?: number;
}

/** What a dialog is about, as it was when the key was pressed. */
export interface Question {
  readonly about: 'one' | 'tagged' | 'abandoned';
  /** Never empty. Those that would be touched first; the others are shown with their reason. */
  readonly plans: readonly Plan[];
  /** How many of them would be touched. */
  readonly goes: number;
  /** One object in use: the plan that removes it under its holders, for which its id must be typed. */
  readonly forced?: Plan;
  /** abandoned: those that the filter hides, and those that go only one by one. */
  readonly hidden: number;
  /** abandoned: those that are not in the list, since it would be too long; they stay. */
  readonly unlisted: number;
  readonly apart: number;
  /** abandoned: those in namespaces that are neither ours nor named by the filter. */
  readonly elsewhere: number;
  /** abandoned: those of other users, which the kernel would not let us remove. */
  readonly foreign: number;
}

export interface Dialog {
  readonly kind: 'dialog';
  readonly question: Question;
  /** Which button is marked; Cancel until the user moves. */
  readonly isRemoveMarked: boolean;
  readonly top: number;
}

/** The second confirmation, for what somebody holds. */
export interface Typed {
  readonly kind: 'typed';
  readonly question: Question;
  readonly plan: Plan;
  readonly line: LineEdit;
  readonly top: number;
  /** What is wrong with what was confirmed last. */
  readonly problem?: 'other' | 'too-fast';
  /** When the last text came, milliseconds since the epoch. */
  readonly typedAtMs?: number;
}

export interface Working {
  readonly kind: 'working';
  /** The same array as long as it is the same removal: whoever carries it out starts when it sees another. */
  readonly plans: readonly Plan[];
  readonly done: number;
  readonly isStopping: boolean;
}

/** More to tell than one line takes. */
export interface Told {
  readonly kind: 'told';
  readonly report: Report;
  readonly top: number;
}

export type RemovalState = Countdown | Dialog | Typed | Working | Told;

/** What is drawn as a box over the table. */
export type RemovalBox = Dialog | Typed | Told;

export const isBox = (removal: RemovalState | undefined): removal is RemovalBox =>
  removal?.kind === 'dialog' || removal?.kind === 'typed' || removal?.kind === 'told';
