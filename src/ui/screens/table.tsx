// The table of objects, with details beside it on a wide terminal and instead of it on a narrow one.
import { Box } from 'ink';
import { drawObjectTable } from '../draw/object-table.ts';
import { drawProcessTable } from '../draw/process-table.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import type { State } from '../state/state.ts';
import { Lines } from '../widgets/lines.tsx';
import { DetailScreen, SidePane } from './detail.tsx';

export function TableScreen({ state }: { readonly state: State }) {
  const { body, side } = layoutScreen(state);
  if (state.detail && !side) return <DetailScreen state={state} />;
  const lines = state.screen === 'processes' ? drawProcessTable(state) : drawObjectTable(state);
  return (
    <Box width={state.columns} height={body.height}>
      <Lines lines={lines} width={body.width} height={body.height} />
      {side && <SidePane state={state} pane={side} />}
    </Box>
  );
}
