// Screens that are one block of lines: ceilings, help, setup, content.
import { drawCeilings } from '../draw/ceiling-list.ts';
import { drawContent } from '../draw/content.ts';
import { drawHelp } from '../draw/help.ts';
import { drawSetup } from '../draw/setup.ts';
import { drawThroughput } from '../draw/throughput.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { Lines } from '../widgets/lines.tsx';

const DRAW = {
  ceilings: drawCeilings,
  content: drawContent,
  help: drawHelp,
  setup: drawSetup,
  throughput: drawThroughput,
} as const;

export function WholeScreen({ state, which }: { readonly state: State; readonly which: keyof typeof DRAW }) {
  const { height } = layoutScreen(state).body;
  return <Lines lines={DRAW[which](state)} width={state.columns} height={height} />;
}
