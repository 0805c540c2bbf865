// What a removal would give back, in a few words, with the limit that it eases most.
import type { Relief } from '../../remove/model/relief.ts';
import { spellBytes } from './bytes.ts';
import { shortCeiling } from './ceiling-words.ts';
import { formatShare } from './load-numbers.ts';

/** `frees 53.0M: /dev/shm 92 → 59 %`; undefined where nothing would go. */
export function reliefText({ goes, freedBytes, eased }: Relief, unicode: boolean): string | undefined {
  if (goes === 0) return undefined;
  const freed = `frees ${spellBytes(freedBytes, { bytes: 'iec' })}`;
  if (!eased) return freed;
  const [before, after] = [formatShare(eased.before), formatShare(eased.after)];
  if (before === after) return freed;
  return `${freed}: ${shortCeiling(eased.ceiling)} ${before.replace(/ %$/, '')} ${unicode ? '→' : '->'} ${after}`;
}
