import { describe, expect, test } from 'vitest';
import type { ReplayPosition } from '../../../src/probe/model/replay-position.ts';
import { boundKeys } from '../../../src/ui/state/keymap.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { playIntent } from '../../../src/ui/state/replay.ts';
import { renderState } from '../render.ts';
import { head, NOW_MS, segment, stateWith, tick } from '../sample-objects.ts';

const POSITION: ReplayPosition = {
  atMs: NOW_MS,
  startMs: NOW_MS,
  endMs: NOW_MS + 60_000,
  speed: 1,
  isPaused: false,
  damagedLines: 0,
};

describe('a replay', () => {
  test('is paused, made faster and slower within its steps, and moved by ten seconds', () => {
    expect(playIntent('pause', POSITION)).toEqual({ isPaused: true });
    expect(playIntent('faster', POSITION)).toEqual({ speed: 2 });
    expect(playIntent('slower', { ...POSITION, speed: 0.25 })).toEqual({ speed: 0.25 });
    expect(playIntent('faster', { ...POSITION, speed: 64 })).toEqual({ speed: 64 });
    expect(playIntent('later', POSITION)).toEqual({ toMs: NOW_MS + 10_000 });
    expect(playIntent('earlier', POSITION)).toEqual({ toMs: NOW_MS - 10_000 });
    expect(playIntent('sort', POSITION)).toBeUndefined();
  });

  test('changes the state only when something that is shown is different', () => {
    const state = reduce(stateWith([]), { type: 'replay', position: POSITION });
    expect(reduce(state, { type: 'replay', position: { ...POSITION, atMs: NOW_MS + 400 } })).toBe(state);
    expect(reduce(state, { type: 'replay', position: { ...POSITION, atMs: NOW_MS + 1000 } })).not.toBe(state);
    expect(reduce(state, { type: 'replay', position: { ...POSITION, isPaused: true } })).not.toBe(state);
  });

  test('says once how much of the file could not be read', () => {
    const state = reduce(stateWith([]), { type: 'replay', position: { ...POSITION, damagedLines: 3 } });
    expect(state.message?.text).toContain('3 lines of the recording could not be read');
  });

  test('forgets what is still to come when it jumps back, which the observing thread never does', () => {
    const event = { atMs: NOW_MS, event: 'created', source: 'perf', count: 1, id: segment(1).id } as const;
    const seen = reduce(reduce(stateWith([segment(1)]), { type: 'replay', position: POSITION }), {
      type: 'events',
      events: [event],
    });
    const fresh = tick([segment(2)], { isFresh: true, head: head({ takenAtMs: NOW_MS - 10_000 }) });
    const back = reduce(seen, { type: 'tick', tick: fresh });
    expect([back.events.entries.length, back.histories.size]).toEqual([0, 0]);
    const restarted = reduce({ ...seen, replay: undefined }, { type: 'tick', tick: fresh });
    expect(restarted.events.entries.length).toBe(1);
  });

  test.each([40, 56, 80, 120])('says on a screen of %s columns that it is not now', async (columns) => {
    const state = reduce(stateWith([segment(1)], { columns, rows: 12 }), {
      type: 'replay',
      position: { ...POSITION, speed: 4, isPaused: true },
    });
    const [title] = (await renderState(state)).lines;
    expect(title).toMatch(/‖ \d\d:\d\d:\d\d.* 4x$/);
    expect(title).not.toContain('every 1 s');
  });

  test('binds its keys only where there is one, and nothing that changes the machine', () => {
    const keys = (replay: boolean) =>
      boundKeys({ isReadOnly: false, remove: false, load: false, replay }).flatMap(({ intent }) => intent);
    expect(keys(true)).toEqual(expect.arrayContaining(['earlier', 'later']));
    expect(keys(false)).not.toContain('earlier');
    expect(keys(true)).not.toContain('remove');
  });
});
