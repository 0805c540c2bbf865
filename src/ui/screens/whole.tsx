// Screens that are one block of lines: events, ceilings, help, setup, content.
import { drawCeilings } from '../draw/ceiling-list.ts';
import { drawContent } from '../draw/content.ts';
import { drawEvents } from '../draw/event-table.ts';
import { drawHelp } from '../draw/help.ts';
import { drawSetup } from '../draw/setup.ts';
import { drawThroughput } from '../draw/throughput.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { Lines } from '../widgets/lines.tsx';

const DRAW = {
  events: drawEvents,
  throughput: drawThroughput,
  ceilings: drawCeilings,
  content: drawContent,
  help: drawHelp,
  setup: drawSetup,
} as const;

export function WholeScreen({ state, which }: { readonly state: State; readonly which: keyof typeof DRAW }) {
  const { height } = layoutScreen(state).body;
  return <Lines lines={DRAW[which](state)} width={state.columns} height={height} />;
}
