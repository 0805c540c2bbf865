// THE table of what screens draw: their body, and the details of the selected row where they show any.
import type { ScreenId } from '../state/screen-id.ts';
import type { State } from '../state/state.ts';
import { drawCeilingDetail } from './ceiling-detail.ts';
import { drawCeilings } from './ceiling-list.ts';
import { drawEventDetail } from './event-detail.ts';
import { drawEvents } from './event-table.ts';
import { drawObjectDetail } from './object-detail.ts';
import { drawObjectTable } from './object-table.ts';
import { drawOwnerTable } from './owner-table.ts';
import type { Kit } from './pen.ts';
import { drawProcessDetail } from './process-detail-lines.ts';
import { drawProcessTable } from './process-table.ts';
import { drawThroughput } from './throughput.ts';

export interface Drawing {
  /** Lines of the body, from the top; none wider than it. */
  readonly body: (state: State) => readonly string[];
  /** All lines about the selected row; absent: the screen has no details. */
  readonly detail?: (kit: Kit, state: State, width: number) => readonly string[];
}

const DRAWINGS = {
  objects: { body: drawObjectTable, detail: drawObjectDetail },
  processes: { body: drawProcessTable, detail: drawProcessDetail },
  events: { body: drawEvents, detail: drawEventDetail },
  throughput: { body: drawThroughput },
  where: { body: drawOwnerTable },
  ceilings: { body: drawCeilings, detail: drawCeilingDetail },
} satisfies Record<ScreenId, Drawing>;

export const drawingOf = (id: ScreenId): Drawing => DRAWINGS[id];
