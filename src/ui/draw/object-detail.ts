// The details of the selected object: what is known of it, gathered from the state.
import type { ShmObject } from '../../probe/model/object.ts';
import { isWatchable } from '../format/life-text.ts';
import { withFreshEvidence } from '../state/fresh-evidence.ts';
import { memoLast } from '../state/memo.ts';
import { forbiddenOf } from '../state/open-removal.ts';
import { historyOf } from '../state/reduce-events.ts';
import { selectedObject } from '../state/select.ts';
import { type State, shownData, shownMarks } from '../state/state.ts';
import { detailLines } from './detail-lines.ts';
import { type Kit, paintWith } from './pen.ts';

/** All lines, none wider than `width`. */
export function drawObjectDetail(kit: Kit, state: State, width: number): readonly string[] {
  const selected = selectedObject(state);
  return selected ? drawDetailOf(kit, state, selected, width) : [paintWith(kit, 'faint', 'Nothing is selected.')];
}

/** The same of any object, also of one that is gone. */
export function drawDetailOf(kit: Kit, state: State, selected: ShmObject, width: number): readonly string[] {
  const data = shownData(state);
  if (!data.head) return [paintWith(kit, 'faint', 'Reading…')];
  const object = withFreshEvidence(selected, kit.style.nowSec);
  const snapshot = { ...data.head, objects: data.objects };
  const happenings = ofObject(shownMarks(state).happenings, object.id);
  const residents = state.residents?.id === object.id ? state.residents : undefined;
  const known = state.life?.id === object.id && isWatchable(object) ? state.life : undefined;
  const isGone = !data.byId.has(object.id);
  const forbidden = forbiddenOf(state, object);
  return detailLines(
    kit,
    { object, snapshot, happenings, history: historyOf(state, object), residents, known, isGone, forbidden },
    width,
  );
}

const ofObject = memoLast((happenings: State['marks']['happenings'], id: string) =>
  happenings.filter((happening) => happening.id === id).slice(-12),
);
