// The body of the screen that is shown, with details beside it on a wide terminal and instead of it on a narrow one.
import { Box } from 'ink';
import { useMemo } from 'react';
import { drawingOf } from '../draw/screens.ts';
import { useDashboardState } from '../hooks/use-state.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { Lines } from '../widgets/lines.tsx';
import { DetailScreen, SidePane } from './detail.tsx';

export function ScreenBody() {
  const state = useDashboardState();
  const { columns } = state;
  const { body, side } = layoutScreen(state);
  const { height } = body;
  const isDetail = state.detail !== undefined && !side;
  const hasSide = side !== undefined;
  return useMemo(
    () =>
      isDetail ? (
        <DetailScreen />
      ) : (
        <Box width={columns} height={height}>
          <BodyLines />
          {hasSide && <SidePane />}
        </Box>
      ),
    [columns, height, isDetail, hasSide],
  );
}

function BodyLines() {
  const state = useDashboardState();
  const { width, height } = layoutScreen(state).body;
  return <Lines lines={drawingOf(state.screen).body(state)} width={width} height={height} />;
}
