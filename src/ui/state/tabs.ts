// The title line: where each tab stands, for drawing and for clicks.
import { type ScreenId, screensOf } from './screens.ts';
import type { State } from './state.ts';

export interface Tab {
  readonly id: ScreenId;
  readonly x: number;
  readonly text: string;
}

/** Columns of the program's name and the blanks around it. */
export const NAME = ' shmtop ';

/** Numbers alone where there is no room for names. */
export function tabs(state: Pick<State, 'columns' | 'abilities'>): readonly Tab[] {
  let x = NAME.length;
  return screensOf(state.abilities).map(({ id, number, title }) => {
    const text = state.columns >= 56 ? ` ${number} ${title} ` : ` ${number} `;
    const tab = { id, x, text };
    x += text.length;
    return tab;
  });
}

export function tabAt(state: Pick<State, 'columns' | 'abilities'>, x: number): ScreenId | undefined {
  return tabs(state).find((tab) => x >= tab.x && x < tab.x + tab.text.length)?.id;
}
