// Puts the React tree on the canvas. Loaded while the observing thread already works: React and Ink take 100 ms to load.
import { PassThrough } from 'node:stream';
import { render } from 'ink';
import { App, type AppEffects } from './app.tsx';
import { StoreContext } from './hooks/use-state.ts';
import type { Store } from './store.ts';
import type { Canvas } from './terminal/canvas.ts';
import { InkOutput } from './terminal/ink-output.ts';
import { CanvasContext } from './widgets/lines.tsx';

export interface Mounted {
  readonly resize: (columns: number, rows: number) => void;
  readonly unmount: () => void;
}

/** `onError`: a component threw; nothing more will be drawn. */
export function mountApp(
  store: Store,
  canvas: Canvas,
  effects: AppEffects,
  onError: (error: unknown) => void,
): Mounted {
  const { columns, rows } = store.getState();
  const output = new InkOutput(canvas, columns, rows);
  // Ink gets no terminal: input is ours (it cannot tell F-keys apart and knows no mouse), and so is the alternate screen.
  const input = new PassThrough();
  const instance = render(
    <StoreContext value={store}>
      <CanvasContext value={canvas}>
        <App effects={effects} />
      </CanvasContext>
    </StoreContext>,
    {
      stdout: output,
      stdin: input,
      debug: true,
      interactive: true,
      isScreenReaderEnabled: false,
      exitOnCtrlC: false,
      patchConsole: false,
    },
  );
  instance.waitUntilExit().catch(onError);
  return {
    resize: (columns, rows) => {
      canvas.resize(columns, rows);
      output.resize(columns, rows);
    },
    unmount: instance.unmount,
  };
}
