// How evenly the messages of a shared ring went to those who share it, in words.
import type { Fairness } from '../../load/model/many.ts';
import { formatShare } from './load-numbers.ts';

const MOST_SHOWN = 8;

/** `producers 34 % 33 % 33 % (index 1.00), consumers 51 % 49 % (index 1.00); 1.00 is even, 1/n is one of n` */
export function spellFairness({ producers, consumers, producerIndex, consumerIndex }: Fairness): readonly string[] {
  const indices = `producers ${producerIndex.toFixed(2)}, consumers ${consumerIndex.toFixed(2)}`;
  return [
    `producers ${shares(producers)} (index ${producerIndex.toFixed(2)}), consumers ${shares(consumers)} (index ${consumerIndex.toFixed(2)}); 1.00 is even, 1/n is one of n`,
    `index of ${indices}; 1.00 is even`,
    indices,
  ];
}

function shares(counts: readonly number[]): string {
  const sum = counts.reduce((total, count) => total + count, 0);
  const texts = counts.slice(0, MOST_SHOWN).map((count) => formatShare(sum > 0 ? count / sum : 0));
  return `${texts.join(' ')}${counts.length > MOST_SHOWN ? ' …' : ''}`;
}
