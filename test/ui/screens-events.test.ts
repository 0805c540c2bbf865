// The Events screen and the history of an object at each size: what it must say, that it fits, and that nothing raw gets through.
import { describe, expect, test } from 'vitest';
import { KnownObjects } from '../../src/probe/merge/known-objects.ts';
import type { ShmEvent } from '../../src/probe/model/event/event.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import type { Intent } from '../../src/ui/state/intent.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import type { State } from '../../src/ui/state/state.ts';
import { renderState } from './render.ts';
import { head, NOW_MS, segment, stateWith, tick } from './sample-objects.ts';

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [300, 80],
] as const;

const event = (at: number, name: ShmEvent['event'], more: Partial<ShmEvent> = {}): ShmEvent => ({
  atMs: NOW_MS + at,
  event: name,
  source: 'perf',
  count: 1,
  id: segment(1).id,
  shortId: 'sysv:1',
  kind: 'sysv',
  rawName: '0x0052e2c1',
  pid: 4242,
  comm: 'app',
  ...more,
});
const EVENTS = [
  event(1, 'created', { sizeBytes: 1_048_576 }),
  event(2, 'attached', { nattch: 1, detail: 'by fork of 17' }),
  event(3, 'detached', { nattch: 0, count: 12, comm: '\x1b[31mevil\n\u202e' }),
  event(4, 'opened', { id: 'posix:0:27:3', kind: 'posix', shortId: `posix:/${'long-name-'.repeat(20)}` }),
  event(5, 'lost', { id: undefined, shortId: undefined, detail: 'records of perf: its ring was full', count: 7 }),
];
const SOURCES = [
  { name: 'perf', isActive: true, text: 'all', misses: 'a copy by fork that is gone within some 50 µs' },
  { name: 'exact', isActive: false, text: 'not asked for' },
];
const seen = (state: State): State =>
  [{ type: 'live', live: { sources: SOURCES } } as const, { type: 'events', events: EVENTS } as const].reduce(
    reduce,
    state,
  );
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);

describe.each(SIZES)('at %i x %i', (columns, rows) => {
  test('events say when, what and to which object, newest first, and every line fits', async () => {
    const { lines, written } = await renderState(press(seen(stateWith([segment(1)], { columns, rows })), 'screen-3'));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    const screen = lines.join('\n');
    expect(screen).toMatch(/\d\d:\d\d:\d\d(\.\d{3})? +lost x7/);
    expect(screen).toMatch(/detached x12 +sysv:1/);
    expect(screen.indexOf('lost')).toBeLessThan(screen.indexOf('created') >>> 0);
    expect(written).not.toMatch(/\x1b\[31mevil|\u202e/);
    if (columns >= 80) expect(screen).toMatch(/4242 +app/);
    // Where its column has no room for it, what was lost takes that of the others.
    expect(screen).toMatch(/lost x7 +(- .*)?records/);
    if (columns >= 300) expect(screen).toContain('records of perf: its ring was full');
  });

  test('the history of an object is told in its details, the latest first', async () => {
    const held = { nattch: 3, holders: segment(1).holders };
    const later = tick([segment(1, held)], { head: head({ takenAtMs: NOW_MS + 2000 }) });
    const state = reduce(seen(stateWith([segment(1)], { columns, rows })), { type: 'tick', tick: later });
    const { lines } = await renderState(press(state, 'open', 'open', 'last'));
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    const screen = lines.join('\n');
    expect(screen).toMatch(/created by\s+app\[4242\]/);
    if (rows >= 24) expect(screen).toMatch(/nattch 0 to 3/);
    if (rows >= 24) expect(screen).toMatch(/detached x12 by \\x1b\[31mevil/);
  });
});

test('a creation whose object is gone again, or not listed any more, does not look like a leak', async () => {
  const of = (id: number, at: number, name: ShmEvent['event']) =>
    event(at, name, { id: `sysv:4026531839:${id}`, shortId: `sysv:${id}` });
  const events = [of(70, 1, 'created'), of(70, 2, 'destroyed'), of(71, 3, 'created'), of(1, 4, 'created')];
  const start = press(stateWith([segment(1)], { columns: 300, rows: 24 }), 'screen-3');
  const told = reduce(reduce(start, { type: 'live', live: { sources: SOURCES } }), { type: 'events', events });
  const later = reduce(told, { type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + 2000 }) }) });
  const screen = (await renderState(later)).lines.join('\n');
  expect(screen).toMatch(/created +sysv:70 .*gone again/);
  expect(screen).toMatch(/created +sysv:71 .*not there any more: its end was/);
  expect(screen).not.toMatch(/created +sysv:1 .*(gone|not there)/);
});

test('a file that never had a name is called as the table of objects calls it', () => {
  const known = new KnownObjects({ kernelShm: 1, mounts: new Set([0x45]), mountRoots: new Set() }, '1');
  const object = known.mapped(0x45, 6, '/dev/shm/#6 (deleted)', () => '1');
  expect(object?.shortId).toBe('unlinked:0:69:6');
});

test('without a source it is said why there are no events', async () => {
  const problem = 'needs native calls';
  const state = reduce(stateWith([]), { type: 'live', live: { sources: [], problem } });
  expect((await renderState(press(state, 'screen-3'))).lines.join('\n')).toContain(`No events: ${problem}.`);
});

test('help tells of each source what it sees and what it misses', async () => {
  const state = press(seen(stateWith([], { columns: 120, rows: 200 })), 'screen-3', 'help');
  const screen = (await renderState(state)).lines.join('\n');
  expect(screen).toMatch(/perf +all; not seen: a copy by fork/);
  expect(screen).toMatch(/exact +not used: not asked for/);
});

test('without a UTF-8 locale the screen is ASCII', async () => {
  const state = press(seen(stateWith([segment(1)], { unicode: false, columns: 150 })), 'screen-3');
  expect((await renderState(state)).lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
});
