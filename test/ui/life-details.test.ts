// The life of an object in its details: asked for with each tick, told with what this session saw as one list, escaped.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { KnownLife } from '../../src/probe/model/life/life.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { ToWorker } from '../../src/probe/thread/worker-protocol.ts';
import { seenLines } from '../../src/ui/draw/seen-lines.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import { mountApp } from '../../src/ui/mount.tsx';
import type { Intent } from '../../src/ui/state/intent.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import type { State } from '../../src/ui/state/state.ts';
import { createStore } from '../../src/ui/store.ts';
import { Canvas } from '../../src/ui/terminal/canvas.ts';
import { renderState } from './render.ts';
import { deed, HOSTILE, minute, NOON_MS, REMOVED, WATCH } from './sample-lives.ts';
import { head, NOW_MS, named, stateWith, tick } from './sample-objects.ts';

const FILE = named('psm_6a16b91e', { id: REMOVED.id });
const living = {
  ...REMOVED,
  goneMs: undefined,
  deeds: REMOVED.deeds.slice(0, -1),
  actors: REMOVED.actors.slice(0, -1),
};
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const looking = (columns = 120, rows = 60, object: ShmObject = FILE) =>
  press(stateWith([object], { columns, rows }), 'open');
const told = (state: State, known: Partial<KnownLife> = {}) =>
  reduce(state, { type: 'life', known: { id: FILE.id, watch: WATCH, life: living, ...known } });
const text = async (state: State) => (await renderState(state)).lines.join('\n').replace(/\s+/g, ' ');

describe('details', () => {
  test('tell the life of the selected object, and only of it', async () => {
    expect(await text(told(looking()))).toContain('by python3[1234] of train.service, killed (SIGKILL)');
    expect(await text(told(looking(), { id: 'posix:0:27:13' }))).not.toContain('python3[1234]');
  });

  test('say that nothing was watched, and nothing before that is known', async () => {
    expect(await text(looking())).not.toContain('watched');
    expect(await text(told(looking(), { watch: undefined, life: undefined }))).toContain(
      'Nothing was watched: shmtop witness',
    );
    const memfd = named('m', { kind: 'memfd', id: 'memfd:0:1:9', shortId: 'memfd:0:1:9' });
    const state = told(looking(120, 60, memfd), { id: memfd.id, watch: undefined, life: undefined });
    expect(await text(state)).not.toContain('Nothing was watched');
  });

  test.each([40, 80, 200])('fit %i columns and show nothing raw', async (columns) => {
    const state = told(looking(columns, 80), { life: { ...HOSTILE, id: FILE.id } });
    const { lines, written } = await renderState(state);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(written).not.toMatch(/\x1b\[2J(?!\x1b)|\x1b\]52|\u202e|\x1b\[31mred/);
  });

  test('that are told the same again are not drawn again', () => {
    const state = told(looking());
    expect(told(state)).toBe(state);
    expect(told(state, { watch: { ...WATCH, seenMs: WATCH.seenMs + 5000 } })).toBe(state);
    expect(told(state, { life: { ...living, unseenMs: 1 } })).not.toBe(state);
  });
});

test('the observing thread is asked when details open, with each tick, and not while nobody looks', async () => {
  const asked: string[] = [];
  const store = createStore(stateWith([FILE]));
  const ask = (question: ToWorker) => {
    if (question.type === 'life') asked.push(question.id);
  };
  const canvas = new Canvas({ write: () => true, onDrain: () => {} }, 80, 24);
  const effects = { ask, setMouse: () => {}, remember: () => {}, say: () => {} };
  const errors: unknown[] = [];
  const app = mountApp(store, canvas, effects, (error) => errors.push(error));
  onTestFinished(() => {
    app.unmount();
    expect(errors).toEqual([]);
  });
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
  const later = (ms: number) =>
    store.dispatch({ type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + ms }) }) });
  later(1000);
  await settled();
  expect(asked).toEqual([]);
  store.dispatch({ type: 'intent', intent: 'open' });
  await vi.waitFor(() => expect(asked).toEqual([FILE.id]));
  later(20_000); // nothing else changed: sooner it is quiet
  await vi.waitFor(() => expect(asked).toEqual([FILE.id, FILE.id]));
  store.dispatch({ type: 'intent', intent: 'back' });
  later(40_000);
  await settled();
  expect(asked).toHaveLength(2);
});

describe('what was seen is one list', () => {
  const event = { source: 'perf', count: 1, id: FILE.id } as const;
  const history = (...events: { readonly atMs: number; readonly pid?: number }[]) => ({
    ...{ id: FILE.id, holds: [], points: [] },
    events: events.map((one) => ({ ...event, event: 'opened' as const, comm: 'worker', ...one })),
  });
  const nowMs = minute(20);

  test('in order of time, the latest first: events, samples and what a witness saw before', () => {
    const happenings = [{ id: FILE.id, atMs: minute(12), text: 'verdict orphaned, was in-use' }];
    const lines = seenLines(history({ atMs: minute(11), pid: 9 }), happenings, living, nowMs);
    expect(lines.map((line) => line.replace(/^\S+ +/, ''))).toEqual([
      'verdict orphaned, was in-use',
      'opened by worker[9]',
      'opened by worker[1], ended in order (exit 0)',
      'opened by worker[2], ended in order (exit 0)',
      'opened by worker[3], ended in order (exit 0)',
      'made by python3[1234] of train.service, killed (SIGKILL)',
    ]);
  });

  test('what both saw stands there once: as the event where that tells who, else as the witness tells it', () => {
    const life = { ...living, deeds: [deed(2, 'opened', 1)] };
    const at = (more: { readonly pid?: number }) =>
      seenLines(history({ atMs: minute(2) + 40, ...more }), [], life, nowMs);
    expect(at({ pid: 1 })).toEqual([expect.stringContaining('opened by worker[1]')]);
    expect(at({ pid: 1 })[0]).not.toContain('ended');
    expect(at({})).toEqual([expect.stringContaining('opened by worker[1], ended in order (exit 0)')]);
    expect(at({ pid: 2 })).toHaveLength(2);
  });

  test('of another day has the day', () => {
    const [line] = seenLines(undefined, [], { ...living, deeds: [deed(1, 'made', 0)] }, NOON_MS + 2 * 86_400_000);
    expect(line).toMatch(/^2026-01-31 12:01 {2}made by/);
  });
});
