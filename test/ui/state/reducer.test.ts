import { describe, expect, test } from 'vitest';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { selectObjects } from '../../../src/ui/state/object-rows.ts';
import { objectPosition } from '../../../src/ui/state/object-screen.ts';
import { selectProcessRows } from '../../../src/ui/state/process-rows.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { listHeight } from '../../../src/ui/state/screen-layout.ts';
import { modeOf, rowIds, selectedObject, selectedRow } from '../../../src/ui/state/select.ts';
import { setupItems } from '../../../src/ui/state/setup-items.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { shownColumns } from '../../../src/ui/state/table.ts';
import { OBJECT_TABLE } from '../../../src/ui/state/tables.ts';
import { head, NOW_MS, NOW_SEC, named, segment, stateWith, tick } from '../sample-objects.ts';

const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const type = (state: State, text: string): State =>
  [...text].reduce((now, char) => reduce(now, { type: 'prompt-key', key: char, text: char }), state);
const ids = (state: State) => selectObjects(state).map(({ shortId }) => shortId);
const SIX = Array.from({ length: 6 }, (_, at) => segment(at, { rssBytes: at * 4096 }));

describe('selection', () => {
  test('belongs to the object: it stays with it when the order changes', () => {
    const state = press(stateWith(SIX), 'down', 'down');
    const before = selectedObject(state)?.id;
    const after = press(state, 'sort-reverse', 'sort-next', 'sort-next');
    expect(selectedObject(after)?.id).toBe(before);
  });

  test('until the first move the view stays at the top, whatever comes above or in between', () => {
    let state = stateWith(SIX.slice(0, 2), { rows: 14 });
    // Hundreds that sort before what was the first row; then other orders, filters and screens.
    const crowd = Array.from({ length: 300 }, (_, at) => segment(1000 + at, { rssBytes: 1e9 + at }));
    state = reduce(state, { type: 'tick', tick: tick(crowd) });
    expect(state.lists.objects.top).toBe(0);
    expect(selectedRow(state)).toBe(0);
    for (const intent of ['sort-next', 'sort-reverse', 'sort-previous', 'screen-2', 'screen-1', 'tree'] as const) {
      state = press(state, intent);
      expect([state.lists.objects.top, selectedRow({ ...state, screen: 'objects' })]).toEqual([0, 0]);
    }
    state = type(press(state, 'filter'), '0x');
    expect([state.lists.objects.top, selectedRow(state)]).toEqual([0, 0]);
  });

  test('a key of removal that comes as another object becomes the first row asks once more', () => {
    const can = { abilities: { isReadOnly: false, remove: true, load: false } };
    const state = stateWith([segment(1)], can);
    const after = reduce(state, { type: 'tick', tick: tick([segment(99, { rssBytes: 1e9 })]) });
    expect(selectedObject(after)?.shortId).toBe('sysv:99');
    const asked = press(after, 'remove');
    expect(asked.removal).toBeUndefined();
    expect(asked.message?.text).toMatch(/^sysv:1 is not the first row any more; selected now is sysv:99\./);
    expect(press(asked, 'remove').removal).toBeDefined();
    // What was done with the row makes it the chosen one.
    const opened = press(state, 'open', 'back');
    const later = reduce(opened, { type: 'tick', tick: tick([segment(99, { rssBytes: 1e9 })]) });
    expect(selectedObject(later)?.shortId).toBe('sysv:1');
  });

  test('a new order shows the row that was chosen, and never leaves the first row just above the edge', () => {
    const many = Array.from({ length: 200 }, (_, at) => segment(at, { rssBytes: (at * 7919) % 200 }));
    for (let chosen = 1; chosen < 200; chosen += 9) {
      let state = stateWith(many, { rows: 20 });
      for (let step = 0; step < chosen; step++) state = press(state, 'down');
      for (const intent of ['sort-next', 'sort-next', 'sort-reverse'] as const) {
        const before = selectedObject(state)?.id;
        state = press(state, intent);
        expect(selectedObject(state)?.id).toBe(before);
        const { top } = state.lists.objects;
        const height = listHeight(state);
        const at = selectedRow(state);
        expect(at >= top && at < top + height).toBe(true);
        expect(top === 0 || top > 3).toBe(true);
      }
    }
  });

  test('goes to the row that takes its place when the object is gone and no longer marked', () => {
    const state = press(stateWith(SIX), 'down');
    const gone = selectedObject(state)?.id ?? '';
    const next = rowIds(state)[2];
    const removed = reduce(state, { type: 'tick', tick: tick([], { removed: [gone] }) });
    expect(selectedObject(removed)?.id).toBe(gone);
    const later = reduce(removed, { type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + 60_000 }) }) });
    expect(rowIds(later)).not.toContain(gone);
    expect(selectedObject(later)?.id).toBe(next);
  });

  test('never leaves the list, however far it is moved, and an empty list has none', () => {
    expect(selectedRow(press(stateWith(SIX), 'last', 'down', 'page-down'))).toBe(5);
    expect(selectedRow(press(stateWith(SIX), 'up', 'page-up', 'first'))).toBe(0);
    expect(selectedRow(press(stateWith([]), 'down', 'last'))).toBe(-1);
  });

  test('a new row above does not move the selection to another object', () => {
    const state = press(stateWith(SIX), 'down');
    const before = selectedObject(state)?.id;
    const after = reduce(state, { type: 'tick', tick: tick([segment(99, { rssBytes: 1e9 })]) });
    expect(selectedObject(after)?.id).toBe(before);
    expect(selectedRow(after)).toBe(2);
  });
});

describe('marks', () => {
  test('nothing is new in the first tick; later what comes, changes and goes is marked, for a moment', () => {
    const state = stateWith(SIX);
    expect(state.marks.byId.size).toBe(0);
    const after = reduce(state, {
      type: 'tick',
      tick: tick([segment(50), segment(1, { nattch: 2 })], { removed: [segment(3).id] }),
    });
    expect(after.marks.byId.get(segment(50).id)?.kind).toBe('new');
    expect(after.marks.byId.get(segment(1).id)?.kind).toBe('changed');
    expect(after.marks.byId.get(segment(3).id)?.kind).toBe('gone');
    expect(rowIds(after)).toContain(segment(3).id);
    const later = reduce(after, { type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + 10_000 }) }) });
    expect(later.marks.byId.size).toBe(0);
    expect(rowIds(later)).not.toContain(segment(3).id);
  });

  test('what happened to an object is remembered in words', () => {
    const state = reduce(stateWith([named('a')]), { type: 'tick', tick: tick([named('a', { holders: [] })]) });
    expect(state.marks.happenings.map(({ text }) => text)).toEqual(['process 4711 (python3) let go of it']);
  });

  test('after the thread was started again nothing is marked and nothing old is left', () => {
    const state = reduce(stateWith(SIX), { type: 'tick', tick: tick([segment(77)], { isFresh: true }) });
    expect(rowIds(state)).toEqual([segment(77).id]);
    expect(state.marks.byId.size).toBe(0);
  });
});

describe('filter', () => {
  test('acts while it is typed; Enter keeps it, Esc in the table clears it', () => {
    const state = stateWith([...SIX, named('web')]);
    const typing = type(press(state, 'filter'), 'kind=posix');
    expect(modeOf(typing)).toBe('prompt');
    expect(ids(typing)).toEqual(['posix:/web']);
    const kept = reduce(typing, { type: 'prompt-key', key: 'enter' });
    expect(ids(kept)).toEqual(['posix:/web']);
    expect(ids(press(kept, 'back'))).toHaveLength(7);
  });

  test('Esc in the prompt goes back to what was before', () => {
    const typing = type(press(stateWith(SIX), 'filter'), 'nothing-has-this');
    expect(ids(typing)).toEqual([]);
    expect(ids(reduce(typing, { type: 'prompt-key', key: 'escape' }))).toHaveLength(6);
  });

  test('a half typed word keeps the last filter that made sense and says what is wrong', () => {
    const typing = type(press(stateWith([...SIX, named('web')]), 'filter'), 'kind=posix size>');
    expect(ids(typing)).toEqual(['posix:/web']);
    expect(typing.filter.problem).toContain('size>');
  });

  test('a paste goes into the prompt without its line ends, and nowhere else', () => {
    expect(reduce(stateWith(SIX), { type: 'paste', text: 'q' })).toEqual(stateWith(SIX));
    const pasted = reduce(press(stateWith(SIX), 'filter'), { type: 'paste', text: 'sysv:1\n\x1b[31m' });
    expect(pasted.prompt?.line.text).toBe('sysv:1 [31m');
  });

  test('o shows what nobody holds, u what belongs to the user of the row; Esc shows all again', () => {
    const state = stateWith([...SIX, named('web')]);
    expect(ids(press(state, 'only-leftovers'))).toHaveLength(6);
    expect(ids(press(state, 'last', 'by-user'))).toEqual(['posix:/web']);
    expect(ids(press(state, 'only-leftovers', 'back'))).toHaveLength(7);
  });
});

describe('search', () => {
  test('finds nothing where there is no row at all', () => {
    expect(selectedRow(type(press(stateWith([]), 'search'), 'a'))).toBe(selectedRow(stateWith([])));
  });

  test('jumps while it is typed, n and N go round, nothing found moves nothing', () => {
    const state = stateWith([named('alpha'), named('beta'), named('alphabet')]);
    const found = reduce(type(press(state, 'search'), 'alphab'), { type: 'prompt-key', key: 'enter' });
    expect(selectedObject(found)?.shortId).toBe('posix:/alphabet');
    const shorter = reduce(type(press(state, 'search'), 'alpha'), { type: 'prompt-key', key: 'enter' });
    expect(selectedObject(press(shorter, 'search-next'))?.id).not.toBe(selectedObject(shorter)?.id);
    expect(selectedObject(press(shorter, 'search-next', 'search-next'))?.id).toBe(selectedObject(shorter)?.id);
    expect(selectedRow(type(press(state, 'search'), 'zzz'))).toBe(0);
  });

  test('says so when nothing has the text, begins anew each time, and Esc goes back to where it began', () => {
    const state = press(stateWith([named('alpha'), named('beta'), named('gamma')]), 'last');
    const none = reduce(type(press(state, 'search'), 'zzz'), { type: 'prompt-key', key: 'enter' });
    expect(none.message?.text).toBe('No row has "zzz" in it.');
    expect(press(none, 'search').prompt?.line.text).toBe('');
    const moved = type(press(state, 'search'), 'alpha');
    expect(selectedRow(moved)).toBe(0);
    expect(selectedRow(reduce(moved, { type: 'prompt-key', key: 'escape' }))).toBe(2);
    const filtered = type(press(state, 'filter'), 'nothing-has-this');
    expect(selectedRow(reduce(filtered, { type: 'prompt-key', key: 'escape' }))).toBe(2);
  });
});

describe('tree', () => {
  test('t goes through the groupings and back to flat', () => {
    const groups = [1, 2, 3, 4, 5].map(
      (count) => press(stateWith(SIX), ...new Array<Intent>(count).fill('tree')).settings.groupBy,
    );
    expect(groups).toEqual(['software', 'user', 'container', 'namespace', undefined]);
  });

  test('groups close and open; an object opens to its holders', () => {
    const state = press(stateWith([named('web'), segment(1)]), 'tree', 'tree', 'first');
    expect(rowIds(state)).toEqual(['group:user:1000', named('web').id, 'group:user:0', segment(1).id]);
    expect(rowIds(press(state, 'collapse'))).toEqual(['group:user:1000', 'group:user:0', segment(1).id]);
    expect(rowIds(press(state, 'down', 'expand'))).toContain(`${named('web').id} 4711`);
    expect(rowIds(press(state, 'expand-all'))).toEqual(['group:user:1000', 'group:user:0']);
    expect(rowIds(press(state, 'expand-all', 'expand-all'))).toHaveLength(4);
  });
});

describe('pause and freeze', () => {
  test('paused, nothing that is shown changes; afterwards everything is there', () => {
    const paused = press(stateWith(SIX), 'pause');
    const later = reduce(paused, { type: 'tick', tick: tick([segment(99)]) });
    expect(ids(later)).toHaveLength(6);
    expect(ids(press(later, 'pause'))).toHaveLength(7);
  });

  test('while a dialog is open the order stays and nothing new comes in between', () => {
    const frozen = press(stateWith(SIX), 'remove-abandoned');
    const later = reduce(frozen, {
      type: 'tick',
      tick: tick([segment(99, { rssBytes: 1e9 }), segment(0, { rssBytes: 1e8 })]),
    });
    expect(rowIds(later)).toEqual(rowIds(frozen));
    expect(rowIds(press(later, 'back'))).toHaveLength(7);
  });

  test('the clock changes nothing as long as data are fresh, and says their age when they are not', () => {
    const state = stateWith(SIX);
    expect(reduce(state, { type: 'clock', nowMs: NOW_MS + 1500, lastTickMs: NOW_MS })).toBe(state);
    expect(reduce(state, { type: 'clock', nowMs: NOW_MS + 9000, lastTickMs: NOW_MS }).staleSec).toBe(9);
  });
});

test('a tick that changes nothing on the screen changes nothing at all; after a while ages are brought up to date', () => {
  const state = stateWith(SIX);
  const later = (ms: number) => ({ type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + ms }) }) }) as const;
  expect(reduce(state, later(1000))).toBe(state);
  expect(reduce(state, later(11_000))).not.toBe(state);
  const young = stateWith([segment(1, { ctimeSec: NOW_SEC - 5 })]);
  expect(reduce(young, later(1000))).not.toBe(young);
});

describe('views', () => {
  test('Esc goes back one step at a time and never quits', () => {
    const state = press(stateWith(SIX), 'open', 'help');
    expect(modeOf(state)).toBe('help');
    expect(modeOf(press(state, 'back'))).toBe('detail');
    expect(modeOf(press(state, 'back', 'back'))).toBe('table');
    expect(press(state, 'back', 'back', 'back')).toBeDefined();
  });

  test('details are a pane on a wide terminal: the table keeps the keys until Enter again', () => {
    const wide = press(stateWith(SIX, { columns: 200, rows: 50 }), 'open');
    expect(modeOf(wide)).toBe('table');
    expect(modeOf(press(wide, 'open'))).toBe('detail');
    expect(modeOf(press(wide, 'open', 'back'))).toBe('table');
    expect(modeOf(press(stateWith(SIX), 'open'))).toBe('detail');
  });

  test('setup shows, hides and moves columns', () => {
    const open = press(stateWith(SIX), 'setup');
    const atSize = press(open, 'down', 'down', 'down', 'down', 'down', 'down', 'down', 'down');
    expect(press(atSize, 'toggle').settings.tables.objects?.columns).not.toContain('size');
    expect(press(atSize, 'move-earlier').settings.tables.objects?.columns?.slice(0, 3)).toEqual([
      'verdict',
      'size',
      'id',
    ]);
  });

  test('the cursor of the setup belongs to the item, not to the line', () => {
    const marked = (state: State) => (state.overlay?.kind === 'setup' ? state.overlay.item : undefined);
    let state = press(stateWith(SIX), 'setup');
    while (marked(state) !== 'column size') state = press(state, 'down');
    for (const intent of ['toggle', 'toggle', 'move-later', 'move-earlier', 'toggle', 'down', 'up'] as const) {
      const before = setupItems(state).length;
      state = press(state, intent);
      if (intent !== 'down') expect(marked(state)).toBe('column size');
      expect(setupItems(state)).toHaveLength(before);
    }
    expect(shownColumns(state, OBJECT_TABLE).map(({ id }) => id)).not.toContain('size');
    expect(press(state, 'toggle').settings.tables.objects?.columns).toContain('size');
  });

  test('+ on the last row of the window shows what it opened', () => {
    const holders = Array.from({ length: 4 }, (_, at) => ({ pid: 50 + at, mappings: [], fds: [3] }));
    const many = Array.from({ length: 40 }, (_, at) =>
      named(`n${at}`, { inode: 100 + at, id: `posix:0:27:${100 + at}`, holders }),
    );
    let state = press(stateWith(many, { rows: 20 }), 'tree');
    const height = listHeight(state);
    for (let step = 1; step < height; step++) state = press(state, 'down');
    const at = selectedRow(state);
    expect(at).toBe(state.lists.objects.top + height - 1);
    const open = press(state, 'expand');
    expect(selectedRow(open)).toBe(at);
    expect(open.lists.objects.top + height).toBeGreaterThanOrEqual(at + 1 + holders.length);
    // More than there is room for: the row itself stays in sight.
    const crowd = named('crowd', {
      holders: Array.from({ length: 99 }, (_, pid) => ({ pid, mappings: [], fds: [3] })),
    });
    const last = press(stateWith([...many, crowd], { rows: 20 }), 'tree', 'last');
    const opened = press(last, 'expand');
    expect(opened.lists.objects.top).toBe(selectedRow(opened));
  });

  test('counts never exceed what there is of them', () => {
    const state = stateWith(SIX);
    const gone = reduce(state, { type: 'tick', tick: tick([], { removed: [segment(0).id, segment(1).id] }) });
    for (const now of [state, gone, press(gone, 'last'), type(press(gone, 'filter'), '0x')]) {
      const text = objectPosition(now, selectedRow(now));
      const [at = 0, of = 0, all = of] = [...text.matchAll(/\d+/g)].map(Number);
      expect(at).toBeLessThanOrEqual(of);
      expect(of).toBeLessThanOrEqual(all);
    }
    expect(objectPosition(gone, 0)).toBe('1 of 6 ');
  });

  test('a click selects, on the selected row opens, on a title sorts, on it again reverses; on a tab changes the screen', () => {
    const state = stateWith(SIX);
    const click = (now: State, x: number, y: number) => reduce(now, { type: 'click', x, y });
    const selected = click(state, 20, 8);
    expect(selectedRow(selected)).toBe(2);
    expect(modeOf(click(selected, 20, 8))).toBe('detail');
    expect(click(state, 4, 5).settings.tables.objects?.sort).toEqual({ column: 'verdict', descending: true });
    expect(click(state, 22, 0).screen).toBe('processes');
  });

  test('the wheel scrolls the window and takes the selection along', () => {
    const many = stateWith(Array.from({ length: 100 }, (_, at) => segment(at)));
    const scrolled = reduce(many, { type: 'wheel', lines: 30 });
    expect(scrolled.lists.objects.top).toBe(30);
    expect(selectedRow(scrolled)).toBe(30);
  });
});

describe('processes', () => {
  const holder = (pid: number, comm: string, user: string) => ({
    pid,
    comm,
    user,
    startTicks: 1,
    mappings: [],
    fds: [3],
  });
  const crowd = Array.from({ length: 50 }, (_, at) => holder(100 + at, 'worker', 'anna'));
  const shared = named('shared', { holders: [holder(7, 'boss', 'bert'), ...crowd] });
  const pids = (text: string) => {
    const state = type(
      press(stateWith([shared, named('own', { holders: [holder(9, 'lone', 'root')] })]), 'screen-2', 'filter'),
      text,
    );
    expect(state.filter.problem).toBeUndefined();
    return selectProcessRows(state).map(({ process }) => process.pid);
  };

  test('are filtered by their own fields, not by those of whoever holds the same', () => {
    expect(pids('boss')).toEqual([7]);
    expect(pids('bert')).toEqual([7]);
    expect(pids('comm=boss')).toEqual([7]);
    expect(pids('user=bert')).toEqual([7]);
    expect(pids('pid=9')).toEqual([9]);
    expect(pids('shared')).toHaveLength(51);
    expect(pids('kind=posix')).toHaveLength(52);
    expect(pids('posix:/own')).toEqual([9]);
  });
});
