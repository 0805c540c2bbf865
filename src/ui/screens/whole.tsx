// What stands in place of the screen for a while, one block of lines: help, setup, content.
import { drawContent } from '../draw/content.ts';
import { drawHelp } from '../draw/help.ts';
import { drawSetup } from '../draw/setup.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { Lines } from '../widgets/lines.tsx';

const DRAW = {
  content: drawContent,
  help: drawHelp,
  setup: drawSetup,
} as const;

export function WholeScreen({ state, which }: { readonly state: State; readonly which: keyof typeof DRAW }) {
  const { height } = layoutScreen(state).body;
  return <Lines lines={DRAW[which](state)} width={state.columns} height={height} />;
}
