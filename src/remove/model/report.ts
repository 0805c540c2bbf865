// What became of each plan, and the sums. PURE data; the wording is that of cli and ui.
import type { Plan } from './plan.ts';
import type { Refusal } from './refusal.ts';

/** `nothing`: it was gone already, or goes by itself. */
export type Outcome =
  | {
      readonly kind: 'removed';
      /** `freed-later`: with its last holder. `name-only`: it has further names, or no memory of its own. */
      readonly how: 'freed-now' | 'freed-later' | 'name-only';
      /** Bytes of memory and swap that came back at once; 0 where none did. */
      readonly freedBytes: number;
      /** Where the content was saved to. */
      readonly savedAs?: string;
      /** Something that the user must hear: somebody attached in the instant of the removal. */
      readonly warning?: string;
    }
  | { readonly kind: 'nothing'; readonly reason: string }
  | Refusal;

export interface Result {
  readonly plan: Plan;
  readonly outcome: Outcome;
}

export interface Report {
  /** In the order in which they were done. */
  readonly results: readonly Result[];
  readonly removed: number;
  readonly refused: number;
  readonly nothing: number;
  readonly freedBytes: number;
  /** Sentences about the run as a whole: what a killed run had left aside was put back, … */
  readonly notes: readonly string[];
  /** Path of the journal; absent where nothing was to be done. */
  readonly journal?: string;
}

export function sumUp(results: readonly Result[], notes: readonly string[], journal: string | undefined): Report {
  const count = (kind: Outcome['kind']) => results.filter(({ outcome }) => outcome.kind === kind).length;
  const freedBytes = results.reduce(
    (sum, { outcome }) => sum + (outcome.kind === 'removed' ? outcome.freedBytes : 0),
    0,
  );
  const sums = { removed: count('removed'), refused: count('refused'), nothing: count('nothing'), freedBytes };
  return { results, ...sums, notes, journal };
}
