// The details of the selected event: all that is known of its object, though it may be gone.
import { objectOfSelectedEvent } from '../state/event-object.ts';
import type { State } from '../state/state.ts';
import { drawDetailOf } from './object-detail.ts';
import { cutTo, type Kit, paintWith } from './pen.ts';

/** All lines, none wider than `width`. */
export function drawEventDetail(kit: Kit, state: State, width: number): readonly string[] {
  const object = objectOfSelectedEvent(state);
  return object
    ? drawDetailOf(kit, state, object, width)
    : [paintWith(kit, 'faint', cutTo(kit, 'This event is about no object that is known.', width))];
}
