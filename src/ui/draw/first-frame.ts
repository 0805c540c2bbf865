// The screen before React is loaded: made by the same drawing functions, so that it is there 100 ms sooner.
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { drawHeader } from './header.ts';
import { drawKeyBar } from './key-bar.ts';
import { drawingOf } from './screens.ts';
import { drawStatus } from './status-line.ts';

/** All lines of the screen, from top to bottom. */
export function drawFirstFrame(state: State): string[] {
  const { body, hasStatus, hasKeyBar } = layoutScreen(state);
  const lines = drawingOf(state.screen).body(state);
  return [
    ...drawHeader(state),
    ...Array.from({ length: body.height }, (_, at) => lines[at] ?? ''),
    ...(hasStatus ? [drawStatus(state)] : []),
    ...(hasKeyBar ? [drawKeyBar(state)] : []),
  ];
}
