// A crowd in the dashboard: what gave way to others is not told as gone, marks are bounded, and every count includes what is not listed.
import { describe, expect, test } from 'vitest';
import { keepMost } from '../../../src/probe/model/assemble/ceiling.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { drawStatus } from '../../../src/ui/draw/status-line.ts';
import { NO_DATA } from '../../../src/ui/state/data.ts';
import { selectObjectRows } from '../../../src/ui/state/object-rows.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { head, NOW_MS, segment, stateWith, tick } from '../sample-objects.ts';

const OLD = { ctimeSec: 1000, verdict: { state: 'unheld', evidence: [{ code: 'nobody-attached' }] } } as const;
const many = (count: number, from = 0, more: Partial<ShmObject> = {}) =>
  Array.from({ length: count }, (_, at) => segment(from + at, { ...OLD, ...more }));

/** The dashboard over the objects that are kept of all, one tick after the first. */
function crowded(
  all: readonly ShmObject[],
  most: number,
  more: Partial<State> = {},
): { state: State; kept: readonly ShmObject[] } {
  const { objects, leftOut } = keepMost(all, most);
  const state = stateWith(objects, { columns: 160, rows: 40, ...more });
  return {
    state: reduce(state, { type: 'tick', tick: tick([], { head: head({ leftOut, takenAtMs: NOW_MS + 1000 }) }) }),
    kept: objects,
  };
}
const plain = (lines: readonly string[]) => lines.join('\n').replace(/\x1b\[[\d;]*m/g, '');

describe('counts', () => {
  test('header and status line tell how many are shown and how many more there are; sums are over all', () => {
    const { state } = crowded(many(500, 0, { rssBytes: 1 << 20 }), 200);
    expect(plain(drawHeader(state))).toMatch(/200 shown, 300 more, 500M in memory/);
    expect(plain(drawHeader(state))).toMatch(/unheld 500/);
    expect(plain(drawHeader(state))).toMatch(/sysv 500/);
    expect(plain([drawStatus(state)])).toMatch(/1 of 200, 300 more not listed/);
  });

  test('names that were not even looked at count as not listed', () => {
    const limits = head().limits;
    const mounts = limits.mounts.map((mount) => ({ ...mount, unlisted: 900_000 }));
    const state = reduce(stateWith(many(5), { columns: 160, rows: 40 }), {
      type: 'tick',
      tick: tick([], { head: head({ takenAtMs: NOW_MS + 1000, limits: { ...limits, mounts } }) }),
    });
    expect(plain(drawHeader(state))).toMatch(/5 shown, 900000 more/);
  });

  test('D says how many abandoned ones are not listed and stay', () => {
    const abandoned = { verdict: { state: 'abandoned', evidence: [{ code: 'nobody-attached' }] } } as const;
    const abilities = { isReadOnly: false, remove: true, load: false };
    const { state } = crowded(many(50, 0, abandoned), 20, { abilities });
    const asked = reduce(state, { type: 'intent', intent: 'remove-abandoned' });
    expect(asked.removal).toMatchObject({ kind: 'dialog', question: { goes: 20, unlisted: 30 } });
  });
});

describe('what is gone', () => {
  const { state, kept } = crowded(many(100), 50);
  const [first, second] = kept;
  const leaving = (more: Parameters<typeof tick>[1]) =>
    reduce(state, {
      type: 'tick',
      tick: tick([], {
        head: { ...state.data.head, ...head({ takenAtMs: NOW_MS + 2000 }) },
        removed: [first.id, second.id],
        ...more,
      }),
    });

  test('what gave way to others vanishes without a word', () => {
    const after = leaving({ unlisted: [first.id, second.id] });
    expect(after.data.objects).toHaveLength(48);
    expect(after.marks.ghosts).toEqual([]);
    expect(after.marks.happenings).toEqual([]);
  });

  test('what is really gone is told as gone, in the same tick', () => {
    const after = leaving({ unlisted: [first.id] });
    expect(after.marks.ghosts.map(({ id }) => id)).toEqual([second.id]);
    expect(after.marks.happenings).toMatchObject([{ id: second.id, text: 'is gone' }]);
  });

  test('what moves up in a crowd is not new, what was made since is', () => {
    const arriving = [...many(3, 1000), ...many(2, 2000, { ctimeSec: NOW_MS / 1000 + 1 })];
    const after = reduce(state, { type: 'tick', tick: tick(arriving, { head: head({ takenAtMs: NOW_MS + 2000 }) }) });
    expect([...after.marks.byId.keys()].sort()).toEqual(
      arriving
        .slice(3)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('details of one that gave way say that it is no longer listed, not that it is gone', () => {
    const detailed = reduce(state, { type: 'intent', intent: 'open' });
    const selected = detailed.lists.objects.selectedId ?? '';
    const { leftOut } = keepMost(many(100), 50);
    const after = reduce(detailed, {
      type: 'tick',
      tick: tick([], { head: head({ takenAtMs: NOW_MS + 2000, leftOut }), removed: [selected], unlisted: [selected] }),
    });
    expect(after.message?.text).toMatch(/is no longer listed\./);
  });
});

describe('churn', () => {
  test('thirty thousand that come and go with each tick leave a bounded number of ghosts and marks', () => {
    let state = stateWith(many(30_000), { columns: 120, rows: 40 });
    for (let round = 1; round <= 3; round++) {
      const removed = state.data.objects.map(({ id }) => id);
      const changed = many(30_000, round * 100_000, { ctimeSec: NOW_MS / 1000 + round });
      state = reduce(state, {
        type: 'tick',
        tick: tick(changed, { head: head({ takenAtMs: NOW_MS + round * 1000 }), removed }),
      });
    }
    expect(state.data.objects).toHaveLength(30_000);
    expect(state.marks.ghosts.length).toBeLessThanOrEqual(1000);
    expect(state.marks.byId.size).toBeLessThanOrEqual(10_000);
    expect(state.histories.size).toBeLessThanOrEqual(500);
  });

  test('another order makes no new rows, and a changed object makes one', () => {
    const state = stateWith(many(100), { columns: 120, rows: 40 });
    const rows = new Set(selectObjectRows(state));
    const reversed = reduce(state, { type: 'intent', intent: 'sort-reverse' });
    expect(selectObjectRows(reversed).every((row) => rows.has(row))).toBe(true);
    const changed = reduce(reversed, {
      type: 'tick',
      tick: tick([segment(5, { ...OLD, nattch: 3 })], { head: head({ takenAtMs: NOW_MS + 1000 }) }),
    });
    expect(selectObjectRows(changed).filter((row) => !rows.has(row))).toHaveLength(1);
  });
});

test('while the first tick arrives it says how many there are so far, and no sum that is not shown', () => {
  const { objects, leftOut } = keepMost(many(500), 400);
  const first = { head: head({ leftOut }), isPart: true, isFresh: true };
  const state = reduce(stateWith([], { columns: 160, rows: 40, data: NO_DATA }), {
    type: 'tick',
    tick: tick(objects.slice(0, 100), first),
  });
  const partial = { ...state, data: { ...state.data, stage: 'partial' as const } };
  expect(plain([drawStatus(partial)])).toMatch(/1 of 100 so far/);
  expect(plain(drawHeader(partial))).toMatch(/100 so far/);
  expect(plain(drawHeader(partial))).toMatch(/unheld 100/);
});

test('rows that are shown before the first tick claim nothing, and are forgotten with it', () => {
  const unknown = { verdict: { state: 'unknown', evidence: [{ code: 'not-judged' }] } } as const;
  const state = { ...stateWith([], { columns: 160, rows: 40 }), data: NO_DATA };
  const early = reduce(state, { type: 'tick', tick: tick(many(9, 0, unknown), { isFresh: true, isPart: true }) });
  expect(plain(drawHeader(early))).toMatch(/9 so far/);
  expect(plain(drawHeader(early))).not.toMatch(/nothing abandoned|processes seen/);
  const late = tick(many(5, 4), { isFresh: true, head: head({ takenAtMs: NOW_MS + 1000 }) });
  const after = reduce(early, { type: 'tick', tick: late });
  expect(after.data.objects.map(({ shmid }) => shmid)).toEqual([4, 5, 6, 7, 8]);
  expect(after.data.objects.every(({ verdict }) => verdict.state === 'unheld')).toBe(true);
  expect(after.marks.ghosts).toEqual([]);
  expect(after.marks.byId.size).toBe(0);
  expect(after.histories).toEqual(early.histories);
  expect(plain(drawHeader(after))).toMatch(/nothing abandoned/);
});
