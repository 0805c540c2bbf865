// What holds for every screen of the table, those to come among them: each test runs over all rows.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { drawingOf } from '../../../src/ui/draw/screens.ts';
import { displayWidth } from '../../../src/ui/format/width.ts';
import { intentOf } from '../../../src/ui/state/binding.ts';
import { boundKeys } from '../../../src/ui/state/keymap.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import type { Screen } from '../../../src/ui/state/screen.ts';
import { layoutScreen } from '../../../src/ui/state/screen-layout.ts';
import { ALL_SCREENS } from '../../../src/ui/state/screens.ts';
import { currentSort, rowIds, selectedRow } from '../../../src/ui/state/select.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { shownColumns } from '../../../src/ui/state/table.ts';
import { NOW_MS, named, segment, stateWith } from '../sample-objects.ts';

const ABILITIES = { isReadOnly: false, remove: true, load: true };
const OBJECTS = [
  segment(1),
  named('cache', { holders: [{ pid: 7, comm: 'b', user: 'bob', mappings: [], fds: [3] }] }),
  named('other'),
];

/** The state as it is when its key was pressed, with objects, processes and events in it. */
function showing({ number }: Screen, more: Partial<State> = {}): State {
  const state = stateWith(OBJECTS, { columns: 100, rows: 30, abilities: ABILITIES, ...more });
  const told = { event: 'attached', source: 'perf', count: 1, id: segment(1).id, shortId: 'sysv:1' } as const;
  const events = [1, 2, 3].map((at) => ({ ...told, atMs: NOW_MS + at }));
  return reduce(reduce(state, { type: 'events', events }), { type: 'intent', intent: `screen-${number}` });
}
const press = (state: State, ...intents: Parameters<typeof intentOf>[3][]): State =>
  intents.reduce((now, key) => {
    const intent = intentOf(boundKeys(ABILITIES), 'table', now.screen, key);
    return intent === undefined ? now : reduce(now, { type: 'intent', intent });
  }, state);

test('every screen has a key, a title and a place in the help of its own', () => {
  for (const what of ['number', 'title', 'does'] as const) {
    const all = ALL_SCREENS.map((screen) => screen[what]);
    expect(new Set(all).size).toBe(all.length);
  }
  for (const { id, number } of ALL_SCREENS) {
    expect(press(stateWith([], { abilities: ABILITIES }), String(number)).screen).toBe(id);
  }
});

describe.each(ALL_SCREENS.map((screen) => [screen.title, screen] as const))('%s', (_, screen) => {
  test('has rows with ids of their own, and keys move among them', () => {
    const state = showing(screen);
    const ids = rowIds(state);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(selectedRow(press(state, 'home', 'down'))).toBe(1);
    expect(selectedRow(press(state, 'end'))).toBe(ids.length - 1);
  });

  test.each([
    [20, 5],
    [80, 24],
    [200, 50],
  ])('draws lines that fit into %i x %i, with rows and without any', (columns, rows) => {
    const empty = press(stateWith([], { columns, rows, abilities: ABILITIES }), String(screen.number));
    for (const state of [showing(screen, { columns, rows }), empty]) {
      const { body } = layoutScreen(state);
      const lines = drawingOf(screen.id).body(state);
      for (const line of lines)
        expect(displayWidth(line.replace(/\x1b\[[\d;:]*m/g, ''))).toBeLessThanOrEqual(body.width);
    }
  });

  test('shows details of its own where it says that it does, and only there', () => {
    expect(drawingOf(screen.id).detail !== undefined).toBe(screen.hasDetail === true);
    const opened = press(showing(screen), 'home', 'enter');
    // Of an event that is about something: on the screen of its object.
    expect(opened.detail !== undefined).toBe(screen.hasDetail === true);
  });

  test('finds what its rows say, and nothing that none says', () => {
    const state = showing(screen);
    const has = screen.finder?.(state, 'no row says this');
    expect(rowIds(state).some((_, at) => has?.(at))).toBe(false);
    const id = screen.copies?.(press(state, 'home'), 0);
    expect(id !== undefined).toBe(screen.copies !== undefined);
    if (id !== undefined) expect(screen.finder?.(state, id)(0)).toBe(true);
    const isBound = intentOf(boundKeys(ABILITIES), 'table', screen.id, 'F3') !== undefined;
    expect(isBound).toBe(screen.finder !== undefined);
  });

  test('remembers an order and columns for itself alone', () => {
    const state = showing(screen);
    const { table } = screen;
    const before = currentSort(state);
    expect(before !== undefined).toBe(table?.sort !== undefined);
    const turned = press(state, 'I');
    if (before && table) {
      expect(turned.settings.tables).toEqual({ [table.id]: { sort: { ...before, descending: !before.descending } } });
    } else expect(turned.settings.tables).toEqual({});
    if (!table) return;
    const [first, second] = shownColumns(state, table);
    const columns = [second.id, first.id];
    const chosen = { ...state, settings: { ...state.settings, tables: { [table.id]: { columns } } } };
    expect(shownColumns(chosen, table).map(({ id }) => id)).toEqual(columns);
    for (const other of ALL_SCREENS.filter(({ id }) => id !== screen.id)) {
      if (other.table) expect(shownColumns(chosen, other.table)).toEqual(shownColumns(state, other.table));
    }
  });
});

test('what differs stands in the tables: nothing else asks which screen it is', () => {
  const root = fileURLToPath(new URL('../../../src/ui', import.meta.url));
  const asks =
    /\bscreen(\.id)?\)? *(===|!==|!=) *'|'[a-z]+' *(===|!==) *([a-z]+\.)*screen\b|switch \(([a-z]+\.)*screen(\.id)?\)/;
  const found = globSync('**/*.{ts,tsx}', { cwd: root }).filter((file) =>
    asks.test(readFileSync(`${root}/${file}`, 'utf8')),
  );
  expect(found).toEqual([]);
  for (const line of ["if (state.screen !== 'events') {", "screen === 'a'", 'switch (state.screen) {'])
    expect(line).toMatch(asks);
});
