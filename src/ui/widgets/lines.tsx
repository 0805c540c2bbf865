// A rectangle of ready lines in Ink's layout. Ink places one marker character; the canvas draws the lines behind it, and
// Ink need not run at all when only lines change (its cost follows cells, not changes: docs/decisions/0007).
import { Box, Text } from 'ink';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { Canvas } from '../terminal/canvas.ts';

/** The canvas that lines are drawn on. */
export const CanvasContext = createContext<Canvas | undefined>(undefined);

export interface LinesProps {
  /** Styled text, none wider than `width`; missing lines are blank. */
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  /** Higher layers cover lower ones; default 0. */
  readonly layer?: number;
}

export function Lines({ lines, width, height, layer = 0 }: LinesProps) {
  const canvas = useContext(CanvasContext);
  const [slot] = useState(() => canvas?.allocate() ?? 0);
  // A passive effect: it does not make Ink draw its frame again, which a layout effect would.
  useEffect(
    () => canvas?.setRegion(slot, { lines, width, height, layer }),
    [canvas, slot, lines, width, height, layer],
  );
  useEffect(() => () => canvas?.removeRegion(slot), [canvas, slot]);
  // The same element as long as it has the same size: a new one, even if it is equal, makes Ink draw its frame again.
  return useMemo(
    () => (
      <Box width={width} height={height} flexShrink={0}>
        <Text>{Canvas.marker(slot)}</Text>
      </Box>
    ),
    [slot, width, height],
  );
}
