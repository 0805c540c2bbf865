// Setup: settings at the top, then all columns with what they mean; and the menu of columns to sort by.
import { layoutScreen } from '../state/screen-layout.ts';
import { screenOf } from '../state/screens.ts';
import { type SetupItem, setupAt, setupItems } from '../state/setup-items.ts';
import type { State } from '../state/state.ts';
import { cutTo, fitTo, joinPieces, type Kit, kitOf, type Piece, paintWith } from './pen.ts';

export function drawSetup(state: State): string[] {
  const kit = kitOf(state);
  const { width, height } = layoutScreen({ ...state, detail: undefined }).body;
  const items = setupItems(state);
  const at = setupAt(items, state.overlay?.kind === 'setup' ? state.overlay.item : undefined);
  const title = ' Setup: Space or Enter changes, < and > move a column, Esc closes';
  const top = windowAround(at, items.length, height - 1);
  const lines = items.slice(top, top + height - 1).map((item, index) => {
    const selection = index + top === at ? 'selected' : undefined;
    return joinPieces(kit, itemPieces(kit, item, selection), width, selection);
  });
  return [paintWith(kit, 'column-title', fitTo(kit, title, width)), ...lines];
}

function itemPieces(kit: Kit, item: SetupItem, selection: 'selected' | undefined): Piece[] {
  if (item.kind === 'choice')
    return [
      [` ${item.title.padEnd(22)}`, selection ?? 'label'],
      [item.value, selection ?? 'value'],
    ];
  const box = item.isShown ? kit.boxes.on : kit.boxes.off;
  return [
    [` ${box} `, selection ?? (item.isShown ? 'good' : 'faint')],
    [item.title.padEnd(12), selection ?? 'value'],
    [` ${item.meaning}`, selection ?? 'plain'],
  ];
}

/** First line of a window that keeps `at` in its middle. */
function windowAround(at: number, count: number, height: number): number {
  return Math.max(0, Math.min(at - Math.floor(height / 2), count - height));
}

export interface MenuBox {
  readonly lines: string[];
  readonly width: number;
  readonly height: number;
}

/** The menu of `s`: a box over the table. */
export function drawSortMenu(state: State): MenuBox {
  const kit = kitOf(state);
  const { body } = layoutScreen(state);
  const choices = screenOf(state.screen).table?.columns ?? [];
  const at = state.overlay?.kind === 'sort' ? state.overlay.at : 0;
  const width = Math.min(body.width, 60);
  const height = Math.min(body.height, choices.length + 2);
  const top = windowAround(at, choices.length, height - 2);
  const inside = choices.slice(top, top + height - 2).map(({ title, meaning }, index) => {
    const selection = index + top === at ? 'selected' : undefined;
    const line = joinPieces(
      kit,
      [
        [` ${fitTo(kit, title, 12)} `, selection ?? 'value'],
        [cutTo(kit, meaning, width - 18), selection ?? 'plain'],
      ],
      width - 2,
      selection,
    );
    return framed(kit, line);
  });
  const above = top > 0 ? ` ${kit.boxes.up} ${top} more ` : '';
  const left = choices.length - top - inside.length;
  const below = left > 0 ? ` ${kit.boxes.down} ${left} more ` : '';
  const lines = [edge(kit, width, ` Sort by ${above}`, 'top'), ...inside, edge(kit, width, below, 'bottom')];
  return { lines, width, height };
}

const framed = (kit: Kit, line: string) =>
  paintWith(kit, 'border', kit.boxes.vertical) + line + paintWith(kit, 'border', kit.boxes.vertical);

function edge(kit: Kit, width: number, title: string, which: 'top' | 'bottom'): string {
  const [topLeft, topRight, bottomLeft, bottomRight] = kit.boxes.corners;
  const [left, right] = which === 'top' ? [topLeft, topRight] : [bottomLeft, bottomRight];
  const rest = kit.boxes.horizontal.repeat(Math.max(0, width - 2 - title.length));
  return paintWith(kit, 'border', left) + paintWith(kit, 'accent', title) + paintWith(kit, 'border', rest + right);
}
