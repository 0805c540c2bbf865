// The Throughput screen: choices and figures of the load generator, side by side where the terminal is wide.
import { layoutLoad } from '../state/load-layout.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { joinPieces, type Kit, kitOf, paintWith } from './pen.ts';
import { drawFigures } from './throughput-figures.ts';
import { drawForm, drawStrip } from './throughput-form.ts';
import { drawIntroduction } from './throughput-introduction.ts';
import { drawScene } from './throughput-tour.ts';

export function drawThroughput(state: State): string[] {
  const kit = kitOf(state);
  const { body } = layoutScreen(state);
  const { width, height } = body;
  const { form, figures, stripLines } = layoutLoad(state, body);
  const left = form ? drawForm(kit, state, form) : [];
  if (!figures) return left;
  const right = rightOf(kit, state, figures.width, figures.height);
  if (!form) {
    const filled = Array.from({ length: figures.height }, (_, at) => right[at] ?? ' '.repeat(width));
    return [...filled, ...drawStrip(kit, state, width, stripLines)];
  }
  const edge = paintWith(kit, 'border', kit.boxes.vertical);
  const blank = ' '.repeat(form.width);
  return Array.from({ length: height }, (_, at) => `${left[at] ?? blank} ${edge} ${right[at] ?? ''}`);
}

function rightOf(kit: Kit, state: State, width: number, height: number): string[] {
  const { meter, phase, scene } = state.load;
  if (scene) return drawScene(kit, state, scene, width, height);
  if (meter) return drawFigures(kit, meter, { width, height });
  if (phase === 'idle') return drawIntroduction(kit, width, height);
  return [joinPieces(kit, [[' Starting', 'accent']], width)];
}
