// The box of a removal, over everything.
import { Box } from 'ink';
import { drawRemovalBox } from '../draw/removal-box.ts';
import { useDashboardState } from '../hooks/use-state.ts';
import { isBox } from '../state/removal.ts';
import { Lines } from './lines.tsx';

export function RemovalWindow() {
  const state = useDashboardState();
  if (!isBox(state.removal)) return undefined;
  const { x, y, width, height, lines } = drawRemovalBox(state, state.removal);
  return (
    <Box position="absolute" marginTop={y} marginLeft={x}>
      <Lines lines={lines} width={width} height={height} layer={2} />
    </Box>
  );
}
