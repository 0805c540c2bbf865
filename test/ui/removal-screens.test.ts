// What a removal shows at each size: every line fits, everything can be read, nothing is shown raw, and Cancel is marked.
import { describe, expect, test } from 'vitest';
import { refuse, refuseChanged } from '../../src/remove/model/refusal.ts';
import { type Outcome, sumUp } from '../../src/remove/model/report.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import type { Intent } from '../../src/ui/state/intent.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import { isBox } from '../../src/ui/state/removal.ts';
import { layoutBox } from '../../src/ui/state/removal-box.ts';
import type { State } from '../../src/ui/state/state.ts';
import { renderState } from './render.ts';
import { NOW_SEC, named, segment, stateWith } from './sample-objects.ts';

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [300, 80],
] as const;
const abilities = { isReadOnly: false, remove: true, load: false };
const HOSTILE = named('h', {
  id: 'posix:0:27:666',
  rawName: '/\x1b[31mred\nname\xe2\x80\xae',
  shortId: 'posix:/\\x1b[31mred\\x0aname\\xe2\\x80\\xae',
  holders: [{ pid: 66, comm: 'e\x1b]52;c;eA==\x07', mappings: [], fds: [3] }],
});
const LONG = named('l', {
  id: 'posix:0:27:255',
  shortId: `posix:/${'\\xff'.repeat(255)}`,
  rawName: `/${'\xff'.repeat(255)}`,
  holders: [],
  verdict: { state: 'unheld', evidence: [{ code: 'maker-unknown' }] },
});
const WIDE = named('w', {
  id: 'posix:0:27:777',
  shortId: `posix:/${'界'.repeat(85)}`,
  rawName: `/${'\xe7\x95\x8c'.repeat(85)}`,
  holders: [],
  verdict: { state: 'unheld', evidence: [{ code: 'too-young', seconds: 3, limitSeconds: 60 }] },
  ctimeSec: NOW_SEC - 3,
});
const KNOWN = segment(1, {
  rssBytes: 3e9,
  verdict: { state: 'unheld', evidence: [{ code: 'software-keeps', software: 'PostgreSQL\x1b[2J' }] },
  software: {
    name: 'Post\x1b[2JgreSQL',
    role: 'interlock',
    outlives: false,
    removalBreaks: 'the \x1b[2Jguard',
    source: 'x',
  },
});
const ORPHAN = segment(2, {
  verdict: {
    state: 'orphaned',
    evidence: [{ code: 'creator-dead', pid: 4711 }, { code: 'nobody-attached' }, { code: 'last-user-dead', pid: 4712 }],
  },
});
const MANY = Array.from({ length: 60 }, (_, at) => segment(100 + at, { rssBytes: 4096 }));

const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const selecting = (state: State, id: string): State => ({
  ...state,
  lists: { ...state.lists, objects: { selectedId: id, selectedAt: 0, top: 0 } },
});

type Size = readonly [columns: number, rows: number];
type Look = Partial<Pick<State, 'unicode' | 'colour'>>;
const objects = [HOSTILE, LONG, WIDE, KNOWN, ORPHAN, ...MANY];
const start = ([columns, rows]: Size, look: Look = {}) => stateWith(objects, { columns, rows, abilities, ...look });
const one = (size: Size, id: string, look?: Look) => press(selecting(start(size, look), id), 'remove');

function told(size: Size, look?: Look): State {
  const state = press(start(size, look), 'remove-abandoned', 'right', 'accept');
  const plans = state.removal?.kind === 'working' ? state.removal.plans : [];
  const outcomes: readonly Outcome[] = [
    refuseChanged('process 66 has used it'),
    {
      kind: 'removed',
      how: 'freed-later',
      freedBytes: 0,
      warning: 'somebody attached it in the instant of its removal',
    },
    refuse('permission', 'may be removed only by its owner (user 0) or root (EPERM)'),
    ...new Array<Outcome>(60).fill(refuse('interrupted', 'was left, since the removal was interrupted')),
  ];
  const results = plans.map((plan, at) => ({ plan, outcome: outcomes[at] }));
  return reduce(state, { type: 'removal-done', report: sumUp(results, ['a note with \x1b[31m in it'], undefined) });
}

const VIEWS: readonly (readonly [name: string, state: (size: Size, look?: Look) => State, says: RegExp])[] = [
  ['countdown', (size, look) => one(size, MANY[0].id, look), / 3 +Removing sysv:100/],
  ['unheld', (size, look) => one(size, KNOWN.id, look), /Remove sysv:1\?[\s\S]*\[ Cancel \] +\[ ! Remove \]/],
  [
    'unheld, 255 bytes',
    (size, look) => one(size, LONG.id, look),
    /Remove posix:\/\\xff[\s\S]*\\xff\\xff[\s\S]*\[ Cancel \]/,
  ],
  [
    'orphaned',
    (size, look) => one(size, ORPHAN.id, look),
    /Remove sysv:2\?[\s\S]*orphaned: nobody holds it[\s\S]*[▸>]?\[ Cancel \] +\[ ! Remove \]/,
  ],
  ['unheld, wide', (size, look) => one(size, WIDE.id, look), /Remove posix:\/[\s\S]*\[ Cancel \]/],
  ['in use, hostile', (size, look) => one(size, HOSTILE.id, look), /\\x1b\[31mred\\x0aname[\s\S]*\[ ! Type its ID \]/],
  ['typed', (size, look) => press(one(size, HOSTILE.id, look), 'right', 'accept'), /type its ID[\s\S]*Esc keeps it/],
  [
    'tagged',
    (size, look) => press({ ...start(size, look), tags: new Set(objects.slice(0, 6).map(({ id }) => id)) }, 'remove'),
    /Remove 5 of 6 tagged[\s\S]*\[ ! Remove 5 \]/,
  ],
  [
    'all abandoned',
    (size, look) => press(start(size, look), 'remove-abandoned'),
    /all 60 abandoned[\s\S]*sysv:100[\s\S]*\[ ! Remove 60 \]/,
  ],
  ['told', told, /What became of it[\s\S]*Removed sysv|Marked sysv/],
];

describe.each(SIZES)('at %i x %i', (...size) => {
  const [columns, rows] = size;

  test.each(VIEWS)('%s says what it must, fits, and shows nothing raw', async (_, view, says) => {
    const { lines, written } = await renderState(view(size));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toMatch(says);
    expect(written).not.toMatch(/\x1b\[31mred|\x1b\]52|\u202e|\xff/);
    expect(lines.join('\n')).not.toMatch(/\x07|\xff/);
  });

  test.each(VIEWS)('%s: without a UTF-8 locale and without colour all of it is there', async (_, view) => {
    const { lines, written } = await renderState(view(size, { unicode: false, colour: false }));
    expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
    expect(written).not.toMatch(/\x1b\[[\d;]*(3[0-7]|4[0-7]|9[0-7]|10[0-7])m/);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  test.each(VIEWS.filter(([name]) => name !== 'countdown'))(
    '%s: scrolled to its end, every line was to be seen',
    async (_, view) => {
      let state = view(size);
      if (!isBox(state.removal)) throw new Error('no box');
      const { content } = layoutBox(state, state.removal);
      const wanted = Array.from({ length: content.count }, (_, at) => content.at(at).text.trim());
      const seen = new Set<string>();
      for (let step = 0; step <= content.count; step++) {
        for (const line of (await renderStateOnce(state)).lines)
          seen.add(line.replace(/^[^│]*│ | │[^│]*$/g, '').trim());
        if (wanted.every((line) => seen.has(line))) break;
        const next = reduce(state, { type: 'wheel', lines: 3 });
        if (next === state) break;
        state = next;
      }
      expect(wanted.filter((line) => !seen.has(line))).toEqual([]);
    },
  );

  test('what is orphaned is asked about with what is so, what speaks for a leak and what for a return', async () => {
    const state = one(size, ORPHAN.id);
    if (!isBox(state.removal)) throw new Error('no box');
    const { content } = layoutBox(state, state.removal);
    const text = Array.from({ length: content.count }, (_, at) => content.at(at).text.trim()).join(' ');
    expect(text).toMatch(
      /• nobody is attached .* speaks for a leak: • creator 4711 is gone • last user 4712 is gone speaks for a return: • nothing/,
    );
    expect(state.removal).toMatchObject({ kind: 'dialog', isRemoveMarked: false });
    expect(press(state, 'accept').removal).toBeUndefined();
    expect(press(state, 'right', 'accept').removal).toMatchObject({ kind: 'working' });
  });

  test('the marked button has an arrow, in front of Cancel until it is moved', async () => {
    const asking = one(size, KNOWN.id);
    expect((await renderState(asking)).lines.join('\n')).toMatch(/▸\[ Cancel \] +\[ ! Remove \]/);
    expect((await renderState(press(asking, 'right'))).lines.join('\n')).toMatch(/ \[ Cancel \] +▸\[ ! Remove \]/);
  });
});

/** The box alone: drawing the whole tree again and again is not what is looked at. */
async function renderStateOnce(state: State): Promise<{ readonly lines: readonly string[] }> {
  const { drawRemovalBox } = await import('../../src/ui/draw/removal-box.ts');
  if (!isBox(state.removal)) return { lines: [] };
  return { lines: drawRemovalBox(state, state.removal).lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, '')) };
}

test('resizing while a box is open draws it anew, scrolled no further than its end', async () => {
  let state = press(told([40, 10]), 'last');
  for (const [columns, rows] of [
    [120, 40],
    [20, 5],
    [80, 24],
    [10, 3],
    [300, 80],
    [40, 10],
  ] as const) {
    state = reduce(state, { type: 'resize', columns, rows });
    const { lines } = await renderState(state);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    if (rows >= 10) expect(lines.join('\n')).toContain('[ Close ]');
  }
});

test('scrolling stops at both ends: one key back is one line back', () => {
  const asking = press(stateWith(objects, { columns: 80, rows: 24, abilities }), 'remove-abandoned');
  const top = (state: State) => (isBox(state.removal) ? state.removal.top : -1);
  const end = top(press(asking, 'last'));
  expect(end).toBeGreaterThan(30);
  expect(top(press(asking, 'last', 'down', 'page-down', 'up'))).toBe(end - 1);
  expect(top(press(asking, 'up', 'page-up', 'down'))).toBe(1);
  expect(top(press(asking, 'last', 'first'))).toBe(0);
});

test('the countdown names the seconds, what goes and what comes back as far as there is room, and always how to keep it', async () => {
  const line = async (columns: number, object = segment(5, { rssBytes: 50_331_648 })) => {
    const state = press(stateWith([object], { columns, rows: 24, abilities }), 'remove');
    return (await renderState(state)).lines[22].trimEnd();
  };
  expect(await line(80)).toBe(' 3  Removing sysv:5, 48.0M come back. Enter: at once. Esc: keep it.');
  expect(await line(60)).toBe(' 3  Removing sysv:5, 48.0M come back. Esc keeps it.');
  expect(await line(40)).toBe(' 3  Removing sysv:5: 48.0M. Esc keeps it');
  const long = { ...LONG, verdict: { state: 'abandoned', evidence: [{ code: 'lease-free' }] } } as const;
  for (const columns of [30, 40, 60, 80, 120]) expect(await line(columns, long)).toMatch(/Esc(:| keeps| )/);
});

test('the progress and the end of a removal stand in the status line', async () => {
  const state = press(stateWith(MANY, { columns: 80, rows: 24, abilities }), 'remove-abandoned', 'right', 'accept');
  const status = async (now: State) => (await renderState(now)).lines[22].trim();
  expect(await status(state)).toBe('Removing 0 of 60 … Esc stops.');
  expect(await status(reduce(state, { type: 'removal-progress', done: 20 }))).toBe('Removing 20 of 60 … Esc stops.');
  expect(await status(press(state, 'back'))).toContain('Stopping');
});

test('30,000 abandoned objects are listed, scrolled and drawn faster than a key is noticed', () => {
  const many = Array.from({ length: 30_000 }, (_, at) => segment(at));
  const state = stateWith(many, { columns: 200, rows: 50, abilities });
  const times: number[] = [];
  const timed = (intent: Intent, from: State) => {
    const startMs = performance.now();
    const next = press(from, intent);
    if (isBox(next.removal)) layoutBox(next, next.removal);
    times.push(performance.now() - startMs);
    return next;
  };
  const asking = timed('remove-abandoned', press(state, 'down'));
  let now = asking;
  for (const intent of ['down', 'page-down', 'last', 'up'] as const) now = timed(intent, now);
  // The first lists 30,000 objects (about 100 ms on a busy machine); scrolling through them costs nothing.
  expect(times[0]).toBeLessThan(600);
  expect(Math.max(...times.slice(1))).toBeLessThan(30);
});
