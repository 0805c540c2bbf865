// The whole React tree on a canvas that writes nowhere: what the screen would show, at any size, without a terminal.
import { mountApp } from '../../src/ui/mount.tsx';
import type { State } from '../../src/ui/state/state.ts';
import { createStore } from '../../src/ui/store.ts';
import { Canvas } from '../../src/ui/terminal/canvas.ts';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

export interface Rendered {
  readonly lines: readonly string[];
  /** What was written to the terminal. */
  readonly written: string;
}

export async function renderState(state: State): Promise<Rendered> {
  let written = '';
  const write = (text: string) => {
    written += text;
    return true;
  };
  const canvas = new Canvas({ write, onDrain: () => {} }, state.columns, state.rows);
  const errors: unknown[] = [];
  const effects = { ask: () => {}, setMouse: () => {}, remember: () => {}, say: () => {} };
  const mounted = mountApp(createStore(state), canvas, effects, (error) => errors.push(error));
  await settled();
  canvas.flush();
  const lines = canvas.text();
  mounted.unmount();
  if (errors.length > 0) throw errors[0];
  return { lines, written };
}
