// What the dashboard costs while it runs: Ink draws its frame when the layout changes, never because lines did.
import { expect, onTestFinished, test, vi } from 'vitest';
import { mountApp } from '../../src/ui/mount.tsx';
import type { Action } from '../../src/ui/state/action.ts';
import type { Intent } from '../../src/ui/state/intent.ts';
import { createStore } from '../../src/ui/store.ts';
import { Canvas } from '../../src/ui/terminal/canvas.ts';
import { NOW_MS, named, segment, stateWith, tick } from './sample-objects.ts';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** The tree at work at a size, after these keys. */
async function mounted(columns: number, rows: number, keys: readonly Intent[]) {
  const store = createStore(stateWith([segment(1), segment(2), named('cache')], { columns, rows }));
  const canvas = new Canvas({ write: () => true, onDrain: () => {} }, columns, rows);
  const frames = vi.spyOn(canvas, 'setFrame');
  const effects = { ask: () => {}, setMouse: () => {}, remember: () => {}, say: () => {} };
  const errors: unknown[] = [];
  const app = mountApp(store, canvas, effects, (error) => errors.push(error));
  onTestFinished(() => {
    app.unmount();
    expect(errors).toEqual([]);
  });
  const act = async (...actions: Action[]) => {
    for (const action of actions) store.dispatch(action);
    await settled();
    canvas.flush();
    return canvas.text().join('\n');
  };
  const before = await act(...keys.map((intent): Action => ({ type: 'intent', intent })));
  return { act, before, frames };
}

const grown = segment(1, {
  sizeBytes: 77_824,
  nattch: 3,
  verdict: { state: 'in-use', evidence: [{ code: 'held', count: 1 }] },
  holders: [{ pid: 977, comm: 'grown', uid: 0, user: 'root', mappings: [], fds: [] }],
});

test.each<[string, number, number, Intent[]]>([
  ['the table', 80, 24, []],
  ['details instead of the table', 80, 24, ['open']],
  ['details beside the table', 200, 50, ['open']],
  ['processes', 80, 24, ['screen-2']],
  ['events', 80, 24, ['screen-3']],
  ['ceilings', 80, 24, ['screen-5']],
])('%s: what changes is drawn without Ink', async (_name, columns, rows, keys) => {
  const { act, before, frames } = await mounted(columns, rows, keys);
  frames.mockClear();
  const after = await act(
    { type: 'tick', tick: tick([grown]) },
    {
      type: 'events',
      events: [{ atMs: NOW_MS, event: 'attached', source: 'perf', count: 1, id: grown.id, pid: 977, comm: 'grown' }],
    },
  );
  expect(after).not.toBe(before);
  expect(frames).not.toHaveBeenCalled();
});

test('another layout is drawn by Ink', async () => {
  const { act, frames } = await mounted(200, 50, []);
  frames.mockClear();
  await act({ type: 'intent', intent: 'open' });
  expect(frames).toHaveBeenCalled();
});
