// The table of objects, with details beside it on a wide terminal and instead of it on a narrow one.
import { Box } from 'ink';
import { useMemo } from 'react';
import { drawObjectTable } from '../draw/object-table.ts';
import { drawProcessTable } from '../draw/process-table.ts';
import { useDashboardState } from '../hooks/use-state.ts';
import { layoutScreen } from '../state/screen-layout.ts';
import { Lines } from '../widgets/lines.tsx';
import { DetailScreen, SidePane } from './detail.tsx';

export function TableScreen() {
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
          <TableLines />
          {hasSide && <SidePane />}
        </Box>
      ),
    [columns, height, isDetail, hasSide],
  );
}

function TableLines() {
  const state = useDashboardState();
  const { width, height } = layoutScreen(state).body;
  const lines = state.screen === 'processes' ? drawProcessTable(state) : drawObjectTable(state);
  return <Lines lines={lines} width={width} height={height} />;
}
