// Which columns are in the window and how wide: what is sorted by and what answers the screen's question always, and no room is wasted.
import { describe, expect, test } from 'vitest';
import { drawObjectTable } from '../../../src/ui/draw/object-table.ts';
import { fitHolders, formatHolders } from '../../../src/ui/format/holder-text.ts';
import { displayWidth } from '../../../src/ui/format/width.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { ALL_SCREENS } from '../../../src/ui/state/screens.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { tablePlaces } from '../../../src/ui/state/table-layout.ts';
import { OBJECT_TABLE, PROCESS_TABLE } from '../../../src/ui/state/tables.ts';
import { NOW_SEC, named, segment, stateWith } from '../sample-objects.ts';

const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const plain = (lines: readonly string[]) => lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, ''));
const STYLE = { bytes: 'iec', unicode: true, colour: false, nowSec: NOW_SEC } as const;
const fork = (count: number, comm = 'forker') =>
  named('held', {
    holders: Array.from({ length: count }, (_, at) => ({
      pid: 40_000 + at,
      startTicks: 1,
      comm,
      mappings: [],
      fds: [3],
    })),
  });
const idsAt = (state: State) => tablePlaces(state, OBJECT_TABLE).map(({ id }) => id);
const sortedBy = (column: string, columns: number) =>
  stateWith([segment(1), fork(500)], { columns }, { tables: { objects: { sort: { column, descending: true } } } });

describe('the columns in the window', () => {
  test('have the one that is sorted by, at every width, however far they are scrolled', () => {
    for (const { id } of OBJECT_TABLE.columns) {
      for (const columns of [24, 40, 80, 120, 200]) {
        let state = sortedBy(id, columns);
        for (let step = 0; step < 8; step++) {
          expect(idsAt(state)).toContain(id);
          state = press(state, 'right');
        }
      }
    }
    for (const { table } of ALL_SCREENS) {
      if (!table?.sort) continue;
      for (const column of table.columns) {
        const sort = { column: column.id, descending: false };
        const state = stateWith([fork(2)], { columns: 60, screen: table.id }, { tables: { [table.id]: { sort } } });
        expect(tablePlaces(state, table).map(({ id }) => id)).toContain(column.id);
      }
    }
  });

  test('have the memory before the length', () => {
    for (const columns of [40, 50, 80]) {
      expect(idsAt(sortedBy('verdict', columns))).toContain('mem');
      const processes = stateWith([fork(2)], { columns, screen: 'processes' });
      expect(tablePlaces(processes, PROCESS_TABLE).map(({ id }) => id)).toContain('mem');
    }
    expect(idsAt(sortedBy('verdict', 40))).not.toContain('size');
  });

  test('say at either end that there are more', () => {
    const titles = (state: State) => plain(drawObjectTable(state))[0] ?? '';
    expect(titles(sortedBy('verdict', 80))).toMatch(/\+\d▸$/);
    const scrolled = press(sortedBy('verdict', 80), 'right', 'right', 'right');
    expect(titles(scrolled)).toMatch(/^◂/);
    expect(titles(sortedBy('verdict', 300))).not.toMatch(/[▸◂]/);
    for (let columns = 20; columns < 200; columns += 7) {
      const line = titles(sortedBy('mem', columns));
      expect(displayWidth(line)).toBe(columns);
      if (columns >= 40) expect(line).not.toContain('…+');
    }
  });

  test('are as wide as what is in them, and the reasons have the rest', () => {
    const places = tablePlaces(sortedBy('verdict', 200), OBJECT_TABLE);
    const widthOf = (id: string) => places.find((place) => place.id === id)?.width ?? 0;
    expect(widthOf('id')).toBeLessThan(20);
    expect(widthOf('why')).toBeGreaterThan(60);
    const long = named('x'.repeat(50), { shortId: `posix:/${'x'.repeat(50)}` });
    const wide = tablePlaces(stateWith([long], { columns: 200 }), OBJECT_TABLE);
    expect(wide.find(({ id }) => id === 'id')?.width).toBeGreaterThanOrEqual(57);
  });

  test('stand still while a pid or a count changes', () => {
    const places = (count: number) => tablePlaces(stateWith([fork(count), segment(1)], { columns: 160 }), OBJECT_TABLE);
    expect(places(101)).toEqual(places(999));
  });
});

describe('who holds it', () => {
  test('keeps pid and count at any width', () => {
    for (const comm of ['forker', 'a-very-long-name']) {
      for (let width = 9; width < 30; width++) {
        const many = fitHolders(fork(500, comm), STYLE, width);
        expect(many).toMatch(/×500$/);
        expect(displayWidth(many)).toBeLessThanOrEqual(Math.max(width, 0));
        if (width >= 10) expect(fitHolders(fork(1, comm), STYLE, width)).toMatch(/\[40000\]$/);
      }
    }
    const two = named('two', { holders: [...fork(500).holders, { pid: 7, mappings: [], fds: [1], comm: 'other' }] });
    expect(formatHolders(two, STYLE)).toBe('forker ×500, other[7]');
    expect(fitHolders(two, STYLE, 15)).toBe('forker ×500 +1');
  });
});
