// What a removal would give back, in a few words, with the limit that it eases most.
import type { Relief } from '../../remove/model/relief.ts';
import { spellBytes } from './bytes.ts';
import { shortCeiling } from './ceiling-words.ts';
import { formatShare } from './load-numbers.ts';
import { countOf } from './totals.ts';

/**
 * `frees 53.0M: /dev/shm 92 → 59 %`, `frees 15 names: /dev/shm inodes 95 → 20 %`; where the limit with the id `about` is what is spoken
 * of: `frees 53.0M → 59 %`. Undefined where nothing would go.
 */
export function reliefText({ goes, freedBytes, eased }: Relief, unicode: boolean, about?: string): string | undefined {
  if (goes === 0) return undefined;
  const freed = `frees ${freedBytes > 0 ? spellBytes(freedBytes, { bytes: 'iec' }) : countOf(goes, 'name')}`;
  if (!eased) return freed;
  const arrow = unicode ? '→' : '->';
  const [before, after] = [formatShare(eased.before), formatShare(eased.after)];
  if (before === after) return freed;
  if (eased.ceiling.id === about) return `${freed} ${arrow} ${after}`;
  return `${freed}: ${shortCeiling(eased.ceiling)} ${before.replace(/ %$/, '')} ${arrow} ${after}`;
}
