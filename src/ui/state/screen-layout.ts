// Which part of the screen gets how many lines and columns: arithmetic on the size of the terminal only.
import type { Pane } from './pane.ts';
import { screenOf } from './screens.ts';
import type { State } from './state.ts';

export interface ScreenLayout {
  /** Lines of meters below the title. */
  readonly meterLines: number;
  /** The table (its header line included), or the whole body. */
  readonly body: Pane;
  /** Details beside the table; absent where the terminal is too narrow: they are a screen of their own then. */
  readonly side?: Pane;
  readonly hasKeyBar: boolean;
  readonly hasStatus: boolean;
}

/** From this width on details stand beside the table. */
const SIDE_BY_SIDE = 130;
const WIDEST_SIDE = 96;

export function layoutScreen(
  state: Pick<State, 'columns' | 'rows' | 'settings' | 'detail' | 'screen' | 'data'>,
): ScreenLayout {
  const { columns, rows } = state;
  const hasKeyBar = rows >= 6;
  const hasStatus = rows >= 4;
  const { metersFrom = 0 } = screenOf(state.screen);
  const hasMeters = state.settings.isHeaderShown && rows >= metersFrom;
  const meterLines = hasMeters ? countMeterLines(columns, rows, state) : 0;
  const height = Math.max(1, rows - 1 - meterLines - (hasKeyBar ? 1 : 0) - (hasStatus ? 1 : 0));
  if (!state.detail || columns < SIDE_BY_SIDE || !screenOf(state.screen).hasDetail) {
    return { meterLines, body: { width: columns, height }, hasKeyBar, hasStatus };
  }
  const width = Math.min(WIDEST_SIDE, Math.floor(columns * 0.45));
  return { meterLines, body: { width: columns - width - 1, height }, side: { width, height }, hasKeyBar, hasStatus };
}

/** Meters stand in two columns where there is room: each line of the right half says something that the left does not. */
function countMeterLines(columns: number, rows: number, state: Pick<State, 'data'>): number {
  if (rows < 12) return 0;
  if (rows < 20) return 2;
  const mounts = state.data.head?.limits.mounts.length ?? 1;
  const most = rows >= 40 ? 6 : 4;
  const blank = rows >= 30 || columns < 60 ? 1 : 0;
  return Math.min(most, Math.max(4, 3 + mounts)) + blank;
}

/** Rows of the list that fit below its titles. */
export function listHeight(state: Pick<State, 'columns' | 'rows' | 'settings' | 'detail' | 'screen' | 'data'>): number {
  const { body } = layoutScreen(state);
  const { titleLines, rowLines } = screenOf(state.screen);
  return Math.max(1, Math.floor((body.height - titleLines) / rowLines));
}
