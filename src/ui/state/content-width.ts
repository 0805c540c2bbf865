// How wide the texts of a table are: columns without a usual width take what their content needs, and leave the rest to others.
import { itemAt } from '../../probe/model/item-at.ts';
import type { Column } from '../format/column.ts';
import { forLocale } from '../format/glyphs.ts';
import type { Style } from '../format/style.ts';
import { displayWidth } from '../format/width.ts';
import { memoLast } from './memo.ts';

/** The widest text of a column in columns of the terminal, by steps; undefined where it is not measured. */
export type WidthOf = (id: string) => number | undefined;

/** What a row shows in its cells, and how far its first cell is indented; undefined: it has none. */
type ItemOf<Row, Item> = (row: Row) => { readonly item: Item; readonly indent: number } | undefined;

/** The first rows, and those in the window, are measured: more would cost more than a key may. */
const MOST_MEASURED = 200;
/** Widths grow by steps, so that the columns behind stand still while pids and counts change. */
const STEP = 4;

/** Measures those of `columns` that are asked for. Each table has its own measurer, which remembers its rows. */
export function contentMeasurer<Row, Item>(columns: readonly Column<Item>[], itemOf: ItemOf<Row, Item>) {
  const measurers = new Map(columns.map((column, at) => [column.id, columnMeasurer(column, at === 0, itemOf)]));
  return (rows: readonly Row[], top: number, height: number, unicode: boolean): WidthOf =>
    (id) =>
      measurers.get(id)?.(rows, top, height, unicode);
}

function columnMeasurer<Row, Item>(column: Column<Item>, isFirst: boolean, itemOf: ItemOf<Row, Item>) {
  const measure = (rows: readonly Row[], from: number, to: number, unicode: boolean) => {
    // No text without a usual width counts time: the moment does not matter.
    const style: Style = { bytes: 'iec', unicode, colour: false, nowSec: 0 };
    let widest = 0;
    for (let at = from; at < Math.min(to, rows.length); at++) {
      const found = itemOf(itemAt(rows, at));
      if (!found) continue;
      const width = displayWidth(forLocale(column.text(found.item, style), style));
      widest = Math.max(widest, width + (isFirst ? found.indent : 0));
    }
    return widest;
  };
  const first = memoLast((rows: readonly Row[], unicode: boolean) => measure(rows, 0, MOST_MEASURED, unicode));
  const near = memoLast(measure);
  return (rows: readonly Row[], top: number, height: number, unicode: boolean): number => {
    const widest = Math.max(first(rows, unicode), near(rows, Math.max(top, MOST_MEASURED), top + height, unicode));
    return Math.max(column.title.length + 1, Math.ceil(widest / STEP) * STEP);
  };
}
