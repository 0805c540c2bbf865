// A pause: nothing on any screen moves, sparklines, content and details among it; and what a sparkline is scaled by.
import { describe, expect, test } from 'vitest';
import { drawDetail } from '../../../src/ui/draw/detail.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { drawingOf } from '../../../src/ui/draw/screens.ts';
import { boxesFor, sparkline } from '../../../src/ui/format/boxes.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { screensOf } from '../../../src/ui/state/screens.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { head, NOW_MS, named, segment, stateWith, tick } from '../sample-objects.ts';

const ABILITIES = { isReadOnly: false, remove: true, load: true };
const withUse = (usedBytes: number, at: number) => {
  const { limits, ...rest } = head({ takenAtMs: NOW_MS + at * 1000 });
  return { ...rest, limits: { ...limits, mounts: limits.mounts.map((mount) => ({ ...mount, usedBytes })) } };
};
const later = (state: State, at: number) => {
  const changed = [segment(1, { rssBytes: at * 4096, nattch: at }), named('held', { allocatedBytes: at * 4096 })];
  const events = [
    { atMs: NOW_MS + at * 1000, event: 'attached', source: 'perf', count: at, id: segment(1).id, shortId: 'sysv:1' },
  ] as const;
  const memory = { totalBytes: 16e9, shmemBytes: at * 1e9 };
  return reduce(state, { type: 'tick', tick: tick(changed, { head: withUse(at * 1e9, at), memory, events }) });
};
const everything = (state: State) =>
  screensOf(ABILITIES).map(({ id }) => {
    const shown = { ...state, screen: id, detail: { top: 0, isFocused: false } };
    return [drawHeader(shown), drawingOf(id).body(shown), drawDetail(shown, 90, 40)];
  });

describe('a pause', () => {
  test('holds every line of every screen', () => {
    const start = stateWith([segment(1), named('held')], { columns: 200, rows: 50, abilities: ABILITIES });
    let state = reduce(start, { type: 'live', live: { sources: [{ name: 'perf', isActive: true, text: 'all' }] } });
    for (let at = 1; at < 6; at++) state = later(state, at);
    const paused = reduce(state, { type: 'intent', intent: 'pause' });
    let now = paused;
    for (let at = 6; at < 12; at++) now = later(now, at);
    expect(everything(now)).toEqual(everything(paused));
    const on = reduce(now, { type: 'intent', intent: 'pause' });
    expect(everything(on)).not.toEqual(everything(paused));
  });
});

describe('a sparkline', () => {
  const { sparks } = boxesFor(true);

  test('is as high as its limit is full', () => {
    expect(sparkline([4096, 4096, 8192], 3, sparks, 268_435_456)).toBe('▁▁▁');
    expect(sparkline([100, 100, 100], 3, sparks, 100)).toBe('███');
    expect(sparkline([0, 25, 50, 75, 100], 5, sparks, 100)).toBe('▁▃▅▇█');
    expect(sparkline([120], 2, sparks, 100)).toBe(' █');
  });

  test('without a limit never looks full, and nothing is nothing', () => {
    expect(sparkline([5, 5, 5], 3, sparks)).toBe('▅▅▅');
    expect(sparkline([0, 0], 3, sparks)).toBe(' ▁▁');
    expect(sparkline([], 3, sparks, 0)).toBe('   ');
  });
});
