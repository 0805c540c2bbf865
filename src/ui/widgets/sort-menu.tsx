// The menu of columns to sort by, in a box over the table.
import { Box } from 'ink';
import { drawSortMenu } from '../draw/setup.ts';
import { useDashboardState } from '../hooks/use-state.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { Lines } from './lines.tsx';

export function SortMenu() {
  const state = useDashboardState();
  const { meterLines } = layoutScreen(state);
  const { lines, width, height } = drawSortMenu(state);
  return (
    <Box position="absolute" marginTop={1 + meterLines} marginLeft={Math.max(0, Math.min(4, state.columns - width))}>
      <Lines lines={lines} width={width} height={height} layer={1} />
    </Box>
  );
}
