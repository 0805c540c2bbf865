// Each screen at each size: it says what it must, fits, and shows nothing raw.
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/ui/format/width.ts';
import type { Intent } from '../../src/ui/state/intent.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import type { State } from '../../src/ui/state/state.ts';
import { renderState } from './render.ts';
import { named, segment, stateWith, tick } from './sample-objects.ts';

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [300, 80],
] as const;
const OBJECTS = [
  segment(1, {
    rssBytes: 3e9,
    sizeBytes: 3_221_225_472,
    software: { name: 'PostgreSQL', role: 'interlock', outlives: false, source: 'x' },
  }),
  named('web cache'),
  named('\x1b[31mred\nname\u202e', {
    rawName: '/\x1b[31mred\nname\xe2\x80\xae',
    shortId: 'posix:/\\x1b[31mred\\x0aname\\xe2\\x80\\xae',
  }),
  named('\u754c\u754c\u754c', {
    rawName: '/\xe7\x95\x8c',
    shortId: 'posix:/界界界界界界界界界界界界界界界界界界界界界界界界',
  }),
  ...Array.from({ length: 60 }, (_, at) => segment(100 + at)),
];
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);

const VIEWS: readonly (readonly [name: string, intents: readonly Intent[], says: RegExp])[] = [
  ['objects', [], /abandoned/],
  ['detail', ['open'], /If removed|abandoned: nobody/],
  ['tree', ['tree'], /PostgreSQL/],
  ['processes', ['screen-2'], /4711/],
  ['process detail', ['screen-2', 'open'], /holds 3 objects|COMMAND|python3/],
  ['where', ['screen-5'], /anna/],
  ['ceilings', ['screen-6'], /SHMMNI|Shared memory|RAM/],
  ['ceiling detail', ['screen-6', 'open'], /Shared memory/],
  ['who fills it', ['who'], /who fills|python3\[4711\]/],
  ['help', ['help'], /Help/],
  ['setup', ['setup'], /Theme/],
  ['sort menu', ['sort'], /Sort by/],
  ['content', ['content'], /Reading/],
  ['filter prompt', ['filter'], /Filter:/],
  ['scrolled columns', ['right', 'right', 'right'], /abandoned/],
];

describe.each(SIZES)('at %i x %i', (columns, rows) => {
  test.each(VIEWS)('%s says what it must and every line fits', async (_, intents, says) => {
    const { lines, written } = await renderState(press(stateWith(OBJECTS, { columns, rows }), ...intents));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toMatch(says);
    expect(written).not.toMatch(/\x1b\[31mred|\u202e/);
  });

  test('the table uses the room: as many rows as fit', async () => {
    const { lines } = await renderState(stateWith(OBJECTS, { columns, rows }));
    const shown = lines.filter((line) => /^. .? ?[✗●○]|^ {2}[✗●○]/.test(line)).length;
    expect(shown).toBeGreaterThanOrEqual(Math.min(OBJECTS.length, rows - 9));
  });
});

test('without a UTF-8 locale only ASCII is drawn', async () => {
  for (const intents of [[], ['open'], ['screen-5'], ['screen-6'], ['help'], ['sort']] satisfies Intent[][]) {
    const { lines } = await renderState(
      press(stateWith(OBJECTS, { unicode: false, columns: 120, rows: 40 }), ...intents),
    );
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  }
});

test('without colour there is none, and everything can still be told apart', async () => {
  const { written, lines } = await renderState(stateWith(OBJECTS, { colour: false }));
  expect(written).not.toMatch(/\x1b\[[\d;]*(3[0-7]|4[0-7]|9[0-7]|10[0-7])m/);
  expect(lines.join('\n')).toMatch(/✗ abandoned/);
});

test('before the first data a frame is there at once', async () => {
  const { lines } = await renderState({
    ...stateWith([]),
    data: { objects: [], byId: new Map(), sampleMs: 0, stage: 'none' },
  });
  expect(lines[0]).toContain('shmtop');
  expect(lines.join('\n')).toContain('Reading');
});

test('with --read-only and without removal the key bar has no such key', async () => {
  const can = { isReadOnly: false, remove: true, load: false };
  const last = async (abilities: typeof can) =>
    (await renderState(stateWith(OBJECTS, { abilities, columns: 200, rows: 50 }))).lines[49];
  expect(await last(can)).toContain('Remove');
  expect(await last({ ...can, isReadOnly: true })).not.toContain('Remove');
  expect(await last({ ...can, remove: false })).not.toContain('Remove');
});

test('the count of no verdict is cut, however many there are', async () => {
  const of = (state: 'unheld' | 'unknown' | 'in-use', count: number) =>
    Array.from({ length: count }, (_, at) => named(`${state}${at}`, { verdict: { state, evidence: [] } }));
  for (const [columns, unknown, counts] of [
    [80, 0, /unheld 3 {3}● in-use 2/],
    [90, 1, /unheld 3 \? unknown 1 ● in-use 2/],
    [100, 9, /unheld 3 {3}\? unknown 9 {3}● in-use 2 *$/m],
    [80, 3, /○ 3 {2}\? 3 {2}● 2/],
  ] as const) {
    const objects = [...of('unheld', 3), ...of('unknown', unknown), ...of('in-use', 2)];
    const { lines } = await renderState(stateWith(objects, { columns }));
    expect(lines.slice(1, 5).join('\n')).toMatch(counts);
  }
});

test('details of what is gone say so, and nothing of its removal', async () => {
  const open = press(stateWith([named('cache'), segment(1)], { columns: 120 }), 'last', 'open');
  const object = named('cache');
  const gone = reduce(open, { type: 'tick', tick: tick([], { removed: [object.id] }) });
  const screen = (await renderState(gone)).lines.join('\n');
  expect(screen).toContain('Its name is gone.');
  expect(screen).not.toContain('If removed');
  expect((await renderState(open)).lines.join('\n')).toContain('If removed');
});

test('the menu of columns says at both ends that there are more', async () => {
  const lines = async (state: State) => (await renderState(state)).lines.join('\n');
  const open = press(stateWith(OBJECTS), 'sort');
  expect(await lines(open)).toMatch(/╰ ▼ \d+ more ─/);
  expect(await lines(open)).not.toMatch(/▲ \d+ more/);
  const last = press(open, 'last');
  expect(await lines(last)).toMatch(/╭ Sort by {2}▲ \d+ more ─/);
  expect(await lines(last)).not.toMatch(/▼ \d+ more/);
});

test('details tell of each holder, however many there are', async () => {
  const holders = Array.from({ length: 300 }, (_, at) => ({ pid: 7000 + at, comm: 'forker', mappings: [], fds: [3] }));
  let state = press(stateWith([named('crowd', { holders })], { columns: 100 }), 'open');
  const seen = new Set<string>();
  for (let page = 0; page < 40; page++) {
    for (const [pid] of (await renderState(state)).lines.join('\n').matchAll(/\b7[0-2]\d\d\b/g)) seen.add(pid);
    state = press(state, 'page-down');
  }
  expect(seen.size).toBe(300);
});

test('each line of config.toml that has no effect is told, and stays told', async () => {
  const configProblems = ['config.toml: theme is one of dark light', 'config.toml: "colour" is not known'];
  const state = { ...stateWith(OBJECTS, { columns: 100, rows: 40 }), configProblems };
  expect((await renderState(state)).lines.join('\n')).toContain('settings: 2 wrong, ? tells');
  const help = (await renderState(press(state, 'help'))).lines;
  expect(help.filter((line) => /setting \d/.test(line)).map((line) => line.trim().replace(/ +/g, ' '))).toEqual([
    'setting 1 config.toml: theme is one of dark light',
    'setting 2 config.toml: "colour" is not known',
  ]);
  expect((await renderState(stateWith(OBJECTS))).lines.join('\n')).not.toContain('settings:');
});
