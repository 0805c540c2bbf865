// Screen 5: whose memory it is, by what; sorted, searched; Enter goes to the objects of a row and Esc brings all back.
import { describe, expect, test } from 'vitest';
import type { SumKind } from '../../../src/probe/model/account/sum-by.ts';
import { understandState } from '../../../src/ui/settings-file.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { selectObjectRows, selectObjects } from '../../../src/ui/state/object-rows.ts';
import { selectOwnerRows } from '../../../src/ui/state/owner-rows.ts';
import { ownerFinder } from '../../../src/ui/state/owner-screen.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { rowIds, selectedRow } from '../../../src/ui/state/select.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { renderState } from '../render.ts';
import { head, named, segment, stateWith, tick } from '../sample-objects.ts';

const PAGE = 4096;
const TORCH = { name: 'PyTorch', role: 'tensors', outlives: false, source: 'x' };
const WEB = { id: 'f'.repeat(64), name: 'web\x1b[31m', runtime: 'docker' };
const OBJECTS = [
  segment(1, { rssBytes: 100 * PAGE }),
  segment(2, { rssBytes: 20 * PAGE, uid: 1000, user: 'anna', ipcNamespace: '4026532201', container: WEB }),
  named('cache', { allocatedBytes: 60 * PAGE, container: WEB }),
  named('torch', { allocatedBytes: 20 * PAGE, software: TORCH, verdict: { state: 'unheld', evidence: [] } }),
];
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const where = (objects = OBJECTS, more: Partial<State> = {}, whereBy: SumKind = 'user') =>
  press(stateWith(objects, { columns: 120, rows: 30, ...more }, { whereBy }), 'screen-5');
const facts = (state: State) =>
  selectOwnerRows(state).map(({ label, totals, share }) => [label, totals.objects, totals.costBytes / PAGE, share]);

describe('the Where screen', () => {
  test('has a row for each user, who has most above, with what is abandoned', async () => {
    const state = where();
    expect(facts(state)).toEqual([
      ['root', 1, 100, 0.5],
      ['anna', 3, 100, 0.5],
    ]);
    const { lines } = await renderState(state);
    const screen = lines.join('\n');
    expect(screen).toMatch(/NAME +MEM +SHARE▼ +OBJECTS +SIZE +ABANDONED +ORPHANED +UNHELD/);
    expect(screen).toMatch(/root +400K +50% ━+ +1 +8\.0K +400K +- +-/);
    expect(screen).toMatch(/anna +400K +50% ━+ +3 +2\.0M +80\.0K +- +80\.0K/);
    expect(screen).toMatch(/by user.*1 of 2, 800K in memory/);
  });

  test('t goes on to software, container, IPC namespace, mount, pod, unit, job, process, owner, and to users again', () => {
    const labels = (presses: number) =>
      selectOwnerRows(press(where(), ...Array.from({ length: presses }, (): Intent => 'tree'))).map(
        ({ label }) => label,
      );
    expect(labels(1)).toEqual(['not recognised', 'PyTorch']);
    expect(labels(2)).toEqual(['no container known', 'web\\x1b[31m']);
    expect(labels(3)).toEqual(['4026531839 (ours)', 'no IPC namespace known (files)', '4026532201']);
    expect(labels(4)).toEqual(['no mount (segments, memfds, anonymous)', '/dev/shm']);
    expect([labels(5), labels(6), labels(7)]).toEqual([['no pod'], ['no unit'], ['no job']]);
    expect(labels(8)).toEqual(['held by nobody', 'python3[4711]']);
    expect(labels(9)).toEqual(['root', 'web\\x1b[31m', 'PyTorch']);
    expect(labels(10)).toEqual(labels(0));
  });

  test('names are those of the tree of Objects, and two of one name are two', () => {
    const twin = { ...WEB, id: 'e'.repeat(64) };
    const objects = [...OBJECTS, named('other', { container: twin, allocatedBytes: PAGE })];
    for (const by of ['software', 'user', 'container', 'namespace'] as const) {
      const rows = selectOwnerRows(where(objects, {}, by)).map(({ label }) => label);
      const tree = stateWith(objects, { columns: 120, rows: 30 }, { groupBy: by });
      const groups = selectObjectRows(tree).flatMap((row) => (row.kind === 'group' ? [row.label] : []));
      expect(groups.sort()).toEqual([...rows].sort());
      expect(new Set(rowIds(tree)).size).toBe(rowIds(tree).length);
    }
  });

  test('Enter shows the objects of the row and no others, also of one whose name is no filter word; Esc shows all', async () => {
    const containers = press(where(), 'tree', 'tree', 'last', 'open');
    expect(containers.screen).toBe('objects');
    expect(
      selectObjects(containers)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([OBJECTS[1].id, OBJECTS[2].id].sort());
    const { lines, written } = await renderState(containers);
    expect(lines.join('\n')).toContain('container web\\x1b[31m');
    expect(written).not.toContain('\x1b[31mweb');
    expect(selectObjects(press(containers, 'back'))).toHaveLength(OBJECTS.length);
    const none = press(where(), 'tree', 'first', 'open');
    expect(selectObjects(none).every(({ software }) => software === undefined)).toBe(true);
    expect(selectObjects(none)).toHaveLength(3);
  });

  test('sorts by any column, keeps the selected owner, and finds a name', () => {
    const state = press(where(), 'last');
    const selected = rowIds(state)[selectedRow(state)];
    const sorted = press(state, 'sort-next');
    expect(sorted.settings.tables.where?.sort?.column).toBe('objects');
    expect(facts(sorted).map(([label]) => label)).toEqual(['anna', 'root']);
    expect(rowIds(sorted)[selectedRow(sorted)]).toBe(selected);
    expect(ownerFinder(sorted, 'ROO')(1)).toBe(true);
    expect(ownerFinder(sorted, 'roo')(0)).toBe(false);
  });

  test('what is gone and still marked takes no memory any more', () => {
    const state = reduce(where(), { type: 'tick', tick: tick([], { removed: [OBJECTS[0].id] }) });
    expect(selectObjects(state).map(({ id }) => id)).toContain(OBJECTS[0].id);
    expect(facts(state)).toEqual([['anna', 3, 100, 1]]);
  });

  test('says how many objects are not among the sums', async () => {
    const mounts = [{ path: '/dev/shm', device: '0:27', unlisted: 77 }];
    const crowded = { limits: { ...head().limits, mounts } };
    const state = reduce(where(), { type: 'tick', tick: tick([], { head: head(crowded) }) });
    expect((await renderState(state)).lines.join('\n')).toContain('77 objects more not listed');
  });

  test('by what is remembered, as far as it makes sense', () => {
    expect(understandState({ whereBy: 'mount' })).toEqual({ whereBy: 'mount' });
    expect(understandState({ whereBy: '__proto__' })).toEqual({});
  });
});
