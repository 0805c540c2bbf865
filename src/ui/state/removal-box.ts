// Where the box of a removal stands and how much of it is to be seen: arithmetic on the size of the terminal.
import type { RemovalBox } from './removal.ts';
import { type BoxContent, boxContent } from './removal-lines.ts';
import type { State } from './state.ts';

export interface BoxPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Lines of the content that fit. */
  readonly bodyHeight: number;
  /** Lines below them: buttons, or what is typed. */
  readonly footerHeight: number;
  readonly content: BoxContent;
}

const WIDEST = 100;
/** A terminal smaller than this has room for nothing else. */
const LEAST = { columns: 60, rows: 16 } as const;
/** Border and a blank at either side. */
export const FRAME = 4;
/** The same around a title, and one line that joins it to the border. */
export const TITLE_FRAME = 5;

export function layoutBox(state: Pick<State, 'columns' | 'rows' | 'unicode'>, removal: RemovalBox): BoxPlace {
  const { columns, rows, unicode } = state;
  const isWhole = columns < LEAST.columns || rows < LEAST.rows;
  const width = isWhole ? columns : Math.min(WIDEST, columns - 6);
  const content = boxContent(removal, Math.max(8, width - FRAME), unicode);
  const footerHeight = isWhole && removal.kind !== 'typed' ? 1 : 2;
  const height = isWhole ? rows : Math.min(rows - 4, content.count + 2 + footerHeight);
  return {
    x: isWhole ? 0 : Math.floor((columns - width) / 2),
    y: isWhole ? 0 : Math.max(1, Math.floor((rows - height) / 2)),
    width,
    height,
    bodyHeight: Math.max(0, height - 2 - footerHeight),
    footerHeight,
    content,
  };
}
