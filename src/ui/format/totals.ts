// How much there is, in words: counts, and the lines that say what `sumTotals` found.
import type { LeftOut } from '../../probe/model/assemble/ceiling.ts';
import type { VerdictState } from '../../probe/model/object.ts';
import type { Totals } from '../../probe/model/totals.ts';
import { spellBytes } from './bytes.ts';
import type { Token } from './colour.ts';
import { glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';

/** A sentence without its end. */
export function leftOutText({ objects, costBytes }: LeftOut): string {
  const what = `${countOf(objects, 'more object')} (${spellBytes(costBytes, { bytes: 'iec' })} of memory and swap)`;
  return `${what} ${objects === 1 ? 'is' : 'are'} not listed: narrow it down with a filter, or use --json`;
}

/** `3 objects`, `1 object`; the plural is given where it is not the word with an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

const ORDER: readonly VerdictState[] = ['abandoned', 'orphaned', 'unheld', 'unknown', 'in-use'];

/** `9 of 40 objects: 1.4G of memory and swap, 2.2G in length`; `all` is how many there were before a filter. */
export function formatTotals(totals: Totals, all: number, style: Style): string {
  const count = totals.objects === all ? countOf(all, 'object') : `${totals.objects} of ${countOf(all, 'object')}`;
  return `${count}: ${spellBytes(totals.costBytes, style)} of memory and swap, ${spellBytes(totals.sizeBytes, style)} in length`;
}

/** `✗ 3 abandoned (12.4M to gain)` and so on for every state that occurs (without a gain where there is none), the most urgent first. */
export function formatVerdictCounts(totals: Totals, style: Style): { readonly text: string; readonly token: Token }[] {
  return ORDER.flatMap((state) => {
    const { objects, costBytes } = totals.byVerdict[state];
    if (objects === 0) return [];
    const gain = state === 'abandoned' && costBytes > 0 ? ` (${spellBytes(costBytes, style)} to gain)` : '';
    return [{ text: `${glyphsFor(style).verdict[state]} ${objects} ${state}${gain}`, token: state }];
  });
}
