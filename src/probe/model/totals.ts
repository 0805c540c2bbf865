// How much there is: counts and bytes of objects, in all and by verdict.
import type { LeftOut } from './assemble/ceiling.ts';
import { costBytes, type ShmObject, type VerdictState } from './object.ts';

export interface Totals {
  readonly objects: number;
  readonly sizeBytes: number;
  /** Memory and swap, where known. */
  readonly costBytes: number;
  readonly byVerdict: Readonly<Record<VerdictState, { readonly objects: number; readonly costBytes: number }>>;
}

export function sumTotals(objects: readonly ShmObject[]): Totals {
  const none = () => ({ objects: 0, costBytes: 0 });
  const byVerdict = { 'in-use': none(), abandoned: none(), orphaned: none(), unheld: none(), unknown: none() };
  let sizeBytes = 0;
  let cost = 0;
  for (const object of objects) {
    const bytes = costBytes(object) ?? 0;
    sizeBytes += object.sizeBytes ?? 0;
    cost += bytes;
    byVerdict[object.verdict.state].objects++;
    byVerdict[object.verdict.state].costBytes += bytes;
  }
  return { objects: objects.length, sizeBytes, costBytes: cost, byVerdict };
}

/** With what was left out of the list. */
export function addLeftOut(totals: Totals, leftOut: LeftOut | undefined): Totals {
  if (!leftOut) return totals;
  const sum = (state: VerdictState) => ({
    objects: totals.byVerdict[state].objects + leftOut.byVerdict[state].objects,
    costBytes: totals.byVerdict[state].costBytes + leftOut.byVerdict[state].costBytes,
  });
  return {
    objects: totals.objects + leftOut.objects,
    sizeBytes: totals.sizeBytes + leftOut.sizeBytes,
    costBytes: totals.costBytes + leftOut.costBytes,
    byVerdict: {
      'in-use': sum('in-use'),
      abandoned: sum('abandoned'),
      orphaned: sum('orphaned'),
      unheld: sum('unheld'),
      unknown: sum('unknown'),
    },
  };
}
