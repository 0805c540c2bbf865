// The detail pane or screen: a window onto the lines about the selected row.
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { kitOf, paintWith } from './pen.ts';
import { drawingOf } from './screens.ts';

/** `height` lines; scrolled no further than the last line. */
export function drawDetail(state: State, width: number, height: number): string[] {
  const kit = kitOf(state);
  const lines = drawingOf(state.screen).detail?.(kit, state, width - 2) ?? [];
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
