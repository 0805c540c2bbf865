// A ring that grows, as parent and workers see it: the words of its table, and how much it grew.

import { BLOCK_WORDS, GROWTH, type Growth } from './model/growth.ts';
import { BACKINGS } from './model/options.ts';
import { distance, RING } from './model/ring.ts';
import type { LoadPlan } from './plan.ts';
import { type RingView, wordAt } from './ring-view.ts';

/** The index of a word of segment n in the table. */
export const blockWord = (n: number, word: number): number => wordAt(GROWTH.blocks) + n * BLOCK_WORDS + word;

const ratesOf = ({ words }: RingView) => new Float64Array(words.buffer, words.byteOffset + GROWTH.readerRate, 1);

/** Parent, before the workers start. */
export function writeGrowth(view: RingView, plan: LoadPlan): void {
  view.words[wordAt(GROWTH.mostBlocks)] = plan.mostBlocks;
  view.words[wordAt(GROWTH.backing)] = BACKINGS.indexOf(plan.backing);
  ratesOf(view)[0] = plan.readerRate ?? 0;
}

/** What the parent wrote. */
export function readGrowthSetup(view: RingView) {
  return {
    mostBlocks: view.words[wordAt(GROWTH.mostBlocks)],
    backing: BACKINGS[view.words[wordAt(GROWTH.backing)]],
    readerRate: ratesOf(view)[0],
  };
}

/** How much all rings grew; undefined where they cannot. */
export function readGrowth(views: readonly RingView[], plan: LoadPlan): Growth | undefined {
  if (plan.mostBlocks === 0) return undefined;
  const { slots, strideBytes } = plan.geometry;
  const sum = (value: (view: RingView) => number) => views.reduce((total, view) => total + value(view), 0);
  const segments = sum(({ words }) => 1 + Atomics.load(words, wordAt(GROWTH.added)));
  return {
    segments,
    bytes: segments * slots * strideBytes,
    mostBytes: plan.mostBlocks * slots * strideBytes * views.length,
    behind: sum(({ words }) => {
      const tail = Atomics.load(words, wordAt(RING.tail));
      return Math.max(0, distance(Atomics.load(words, wordAt(RING.head)), tail));
    }),
    waits: sum(({ words }) => Atomics.load(words, wordAt(GROWTH.waits))),
  };
}
