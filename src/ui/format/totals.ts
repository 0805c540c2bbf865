// How much there is: counts and bytes of objects by verdict, and the line that says so.
import type { LeftOut } from '../../probe/model/ceiling.ts';
import { costBytes, type ShmObject, type VerdictState } from '../../probe/model/object.ts';
import { spellBytes } from './bytes.ts';
import type { Token } from './colour.ts';
import { glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';

export interface Totals {
  readonly objects: number;
  readonly sizeBytes: number;
  /** Memory and swap, where known. */
  readonly costBytes: number;
  readonly byVerdict: Readonly<Record<VerdictState, { readonly objects: number; readonly costBytes: number }>>;
}

export function sumTotals(objects: readonly ShmObject[]): Totals {
  const none = () => ({ objects: 0, costBytes: 0 });
  const byVerdict = { 'in-use': none(), abandoned: none(), unheld: none(), unknown: none() };
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
      unheld: sum('unheld'),
      unknown: sum('unknown'),
    },
  };
}

/** A sentence without its end. */
export function leftOutText({ objects, costBytes }: LeftOut): string {
  const what = `${countOf(objects, 'more object')} (${spellBytes(costBytes, { bytes: 'iec' })} of memory and swap)`;
  return `${what} ${objects === 1 ? 'is' : 'are'} not listed: narrow it down with a filter, or use --json`;
}

/** `3 objects`, `1 object`; the plural is given where it is not the word with an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const ORDER: readonly VerdictState[] = ['abandoned', 'unheld', 'unknown', 'in-use'];

/** `9 of 40 objects: 1.4G of memory and swap, 2.2G in length`; `all` is how many there were before a filter. */
export function formatTotals(totals: Totals, all: number, style: Style): string {
  const count = totals.objects === all ? countOf(all, 'object') : `${totals.objects} of ${countOf(all, 'object')}`;
  return `${count}: ${spellBytes(totals.costBytes, style)} of memory and swap, ${spellBytes(totals.sizeBytes, style)} in length`;
}

/** `✗ 3 abandoned (12.4M to gain)` and so on for every state that occurs, the most urgent first. */
export function formatVerdictCounts(totals: Totals, style: Style): { readonly text: string; readonly token: Token }[] {
  return ORDER.flatMap((state) => {
    const { objects, costBytes } = totals.byVerdict[state];
    if (objects === 0) return [];
    const gain = state === 'abandoned' ? ` (${spellBytes(costBytes, style)} to gain)` : '';
    return [{ text: `${glyphsFor(style).verdict[state]} ${objects} ${state}${gain}`, token: state }];
  });
}
