// When a reader that found nothing may end: asked in the order in which nothing that was sent can be left behind.
import { CONTROL, PHASE, RING } from '../model/ring.ts';
import { type RingView, wordAt } from '../ring-view.ts';
import type { Beat } from './beat.ts';

type Words = Pick<RingView, 'words'>;

/** Has the producer of this ring sent all that it will ever send? */
export function isProducerGone({ words }: Words): boolean {
  return Atomics.load(words, wordAt(RING.producerPhase)) >= PHASE.done;
}

/** The same of who answers. */
export function isConsumerGone({ words }: Words): boolean {
  return Atomics.load(words, wordAt(RING.consumerPhase)) >= PHASE.done;
}

/** Has the consumer taken all that was sent so far? */
export function isRead({ words }: Words): boolean {
  return Atomics.load(words, wordAt(RING.tail)) === Atomics.load(words, wordAt(RING.head));
}

/**
 * A reader may end when nobody sends any more and nothing is left; or when its parent or its time is gone. That it was told to stop is no
 * reason: then it reads what still comes. A process may stand still between any two of these looks, for as long as others take to fill the
 * ring, end and tell it to stop; so the sender is asked before the ring, and the control word after the beat.
 */
export function mayEnd(view: Words, beat: Beat, isSenderGone: () => boolean, isEmpty: () => boolean): boolean {
  if (isSenderGone() && isEmpty()) return true;
  return !beat.now() && Atomics.load(view.words, wordAt(RING.control)) !== CONTROL.stop;
}
