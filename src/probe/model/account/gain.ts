// What would come free, by how sure that is.
import type { ShmObject } from '../object.ts';
import { sumTotals } from '../totals.ts';

export interface Gain {
  /** Proven abandoned: objects, and bytes of memory and swap. */
  readonly proven: { readonly objects: number; readonly costBytes: number };
  /** Orphaned: perhaps. */
  readonly perhaps: { readonly objects: number; readonly costBytes: number };
  /** Unheld: nobody holds it, and something speaks for a return. */
  readonly wanted: { readonly objects: number; readonly costBytes: number };
  /** Unknown. */
  readonly unjudged: { readonly objects: number; readonly costBytes: number };
}

export function gainOf(objects: readonly ShmObject[]): Gain {
  const { abandoned, orphaned, unheld, unknown } = sumTotals(objects).byVerdict;
  return { proven: abandoned, perhaps: orphaned, wanted: unheld, unjudged: unknown };
}
