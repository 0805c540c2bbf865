// The detail pane or screen: a window onto the lines about the selected object or process.
import { withFreshEvidence } from '../state/fresh-evidence.ts';
import { memoLast } from '../state/memo.ts';
import { historyOf } from '../state/reduce-events.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { selectedObject, selectedProcess } from '../state/select.ts';
import { type State, shownData, shownMarks } from '../state/state.ts';
import { detailLines } from './detail-lines.ts';
import { type Kit, kitOf, paintWith } from './pen.ts';
import { processDetailLines } from './process-detail-lines.ts';

/** `height` lines; scrolled no further than the last line. */
export function drawDetail(state: State, width: number, height: number): string[] {
  const kit = kitOf(state);
  const lines = allLines(kit, state, width - 2);
  const top = Math.max(0, Math.min(state.detail?.top ?? 0, lines.length - height));
  const shown = lines.slice(top, top + height).map((line) => ` ${line}`);
  if (lines.length > top + height && shown.length > 1) {
    shown[shown.length - 1] = paintWith(
      kit,
      'faint',
      ` ${kit.boxes.down} ${lines.length - top - height + 1} more lines${layoutScreen(state).side && !state.detail?.isFocused ? ': Enter, then arrows' : ''}`,
    );
  }
  return shown;
}

function allLines(kit: Kit, state: State, width: number): readonly string[] {
  if (state.screen === 'processes') {
    const row = selectedProcess(state);
    return row ? processDetailLines(kit, row, state.share, width) : [paintWith(kit, 'faint', 'Nothing is selected.')];
  }
  const selected = selectedObject(state);
  const data = shownData(state);
  if (!selected || !data.head) return [paintWith(kit, 'faint', 'Nothing is selected.')];
  const object = withFreshEvidence(selected, kit.style.nowSec);
  const snapshot = { ...data.head, objects: data.objects };
  const happenings = ofObject(shownMarks(state).happenings, object.id);
  const residents = state.residents?.id === object.id ? state.residents : undefined;
  const isGone = !data.byId.has(object.id);
  return detailLines(
    kit,
    { object, snapshot, happenings, history: historyOf(state, object), residents, isGone },
    width,
  );
}

const ofObject = memoLast((happenings: State['marks']['happenings'], id: string) =>
  happenings.filter((happening) => happening.id === id).slice(-12),
);
