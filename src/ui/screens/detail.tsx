// Details of what is selected: a screen, or a pane with a line at its left.
import { drawDetail } from '../draw/detail.ts';
import { kitOf, paintWith } from '../draw/pen.ts';
import { useDashboardState } from '../hooks/use-state.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { Lines } from '../widgets/lines.tsx';

export function DetailScreen() {
  const state = useDashboardState();
  const { body } = layoutScreen(state);
  return <Lines lines={drawDetail(state, body.width, body.height)} width={body.width} height={body.height} />;
}

export function SidePane() {
  const state = useDashboardState();
  const pane = layoutScreen(state).side;
  if (!pane) return undefined;
  const kit = kitOf(state);
  const edge = paintWith(kit, state.detail?.isFocused ? 'accent' : 'border', kit.boxes.vertical);
  const lines = drawDetail(state, pane.width, pane.height);
  const framed = Array.from({ length: pane.height }, (_, at) => edge + (lines[at] ?? ''));
  return <Lines lines={framed} width={pane.width + 1} height={pane.height} />;
}
