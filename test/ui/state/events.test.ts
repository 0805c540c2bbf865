// The Events screen as state: what is remembered, followed, filtered, and where Enter leads.
import { describe, expect, test } from 'vitest';
import type { ShmEvent } from '../../../src/probe/model/event/event.ts';
import { objectOfSelectedEvent } from '../../../src/ui/state/event-object.ts';
import { isFollowingEvents, selectEventRows, selectedEntry } from '../../../src/ui/state/event-rows.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { historyOf } from '../../../src/ui/state/reduce-events.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { objectInView, selectedObject } from '../../../src/ui/state/select.ts';
import { type State, shownEvents } from '../../../src/ui/state/state.ts';
import { trendOf } from '../../../src/ui/state/trend.ts';
import { head, NOW_MS, named, segment, stateWith, tick } from '../sample-objects.ts';

const event = (at: number, more: Partial<ShmEvent> = {}): ShmEvent => ({
  atMs: NOW_MS + at,
  event: 'attached',
  source: 'perf',
  count: 1,
  id: segment(1).id,
  shortId: 'sysv:1',
  kind: 'sysv',
  rawName: '0x0052e2c1',
  pid: 9,
  comm: 'app',
  ...more,
});
const happen = (state: State, ...events: ShmEvent[]) => reduce(state, { type: 'events', events });
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const filter = (state: State, text: string): State =>
  [...text].reduce(
    (now, char) => reduce(now, { type: 'prompt-key', key: char === ' ' ? 'space' : char, text: char }),
    press(state, 'filter'),
  );
const shown = (state: State) => selectEventRows(state).map(({ event: { atMs } }) => atMs - NOW_MS);
const onEvents = (objects = [segment(0), segment(1)]) => press(stateWith(objects), 'screen-3');

describe('the list of events', () => {
  test('shows the newest first, I turns it round, and the choice is a setting', () => {
    const state = happen(onEvents(), event(1), event(2), event(3));
    expect(shown(state)).toEqual([3, 2, 1]);
    const turned = press(state, 'sort-reverse');
    expect(shown(turned)).toEqual([1, 2, 3]);
    expect(turned.settings.isNewestFirst).toBe(false);
  });

  test.each([true, false])(
    'follows the newest until the selection is moved away (newest first: %s)',
    (isNewestFirst) => {
      const start = onEvents();
      const state = happen({ ...start, settings: { ...start.settings, isNewestFirst } }, event(1), event(2));
      expect(selectedEntry(state)?.event.atMs).toBe(NOW_MS + 2);
      const next = happen(state, event(3));
      expect(selectedEntry(next)?.event.atMs).toBe(NOW_MS + 3);
      const away = press(next, isNewestFirst ? 'down' : 'up');
      expect(isFollowingEvents(away)).toBe(false);
      const later = happen(away, event(4), event(5));
      expect(selectedEntry(later)?.event.atMs).toBe(NOW_MS + 2);
      const back = happen(press(later, isNewestFirst ? 'first' : 'last'), event(6));
      expect(selectedEntry(back)?.event.atMs).toBe(NOW_MS + 6);
    },
  );

  test('stands still while paused, and nothing that came meanwhile is missing afterwards', () => {
    const paused = happen(press(happen(onEvents(), event(1)), 'pause'), event(2));
    expect(shown(paused)).toEqual([1]);
    expect(shown(press(paused, 'pause'))).toEqual([2, 1]);
  });

  test('is bounded', () => {
    const many = Array.from({ length: 7000 }, (_, at) => event(at));
    const state = happen(onEvents(), ...many);
    expect(selectEventRows(state)).toHaveLength(5000);
    expect(shown(state)[0]).toBe(6999);
  });

  test('takes the same FILTER words as elsewhere, and event= and source=; what was lost passes all of them', () => {
    const state = happen(
      onEvents(),
      event(1),
      event(2, { event: 'detached' }),
      event(3, { id: segment(0).id, shortId: 'sysv:0', pid: 12 }),
      event(4, { event: 'lost', id: undefined, shortId: undefined, detail: 'ring overrun' }),
    );
    expect(shown(filter(state, 'event=attached'))).toEqual([4, 3, 1]);
    expect(shown(filter(state, 'sysv:0'))).toEqual([4, 3]);
    expect(shown(filter(state, 'pid=12'))).toEqual([4, 3]);
    expect(shown(filter(state, 'comm=app event=detached'))).toEqual([4, 2]);
    expect(shown(filter(state, 'source=fanotify'))).toEqual([4]);
    expect(filter(state, 'event=nonsense').filter.problem).toContain('event is one of created attached');
    expect(filter(press(state, 'screen-1'), 'event=attached').filter.problem).toContain('there is no field "event"');
  });
});

describe('the order of events', () => {
  const its = { id: 'sysv:4026531839:50', shortId: 'sysv:50' };
  const told = (state: State) =>
    shownEvents(state).entries.map(({ event: { event, nattch } }) => `${event} ${nattch ?? '-'}`);
  const times = (state: State) => shownEvents(state).entries.map(({ event: { atMs } }) => atMs);
  const isAscending = (values: readonly number[]) =>
    values.every((value, at) => at === 0 || value >= (values[at - 1] ?? 0));

  test('is that in which things happened, whichever source told first: made, used, gone', () => {
    let state = happen(
      onEvents(),
      event(10, { ...its, nattch: 1 }),
      event(12, { ...its, event: 'detached', nattch: 0 }),
    );
    // The table is looked at later, and dates what it finds by its look; the end is dated by the kernel's tick before.
    state = happen(state, event(40, { ...its, event: 'created', source: 'poll', nattch: 0 }));
    state = happen(state, event(60, { ...its, event: 'destroyed' }));
    state = happen(
      state,
      event(64, { ...its, event: 'marked', nattch: 0 }),
      event(63, { id: segment(0).id, shortId: 'sysv:0' }),
    );
    expect(told(state).map((text) => text.split(' ')[0])).toEqual([
      'created',
      'attached',
      'detached',
      'attached',
      'marked',
      'destroyed',
    ]);
    expect(isAscending(times(state))).toBe(true);
  });

  test('holds for any way in which two sources may interleave, and nothing is missing or told twice', () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    for (let round = 0; round < 60; round++) {
      const all = Array.from({ length: 12 }, (_, at) => {
        const id = { id: `sysv:4026531839:${60 + (at % 3)}`, shortId: `sysv:${60 + (at % 3)}` };
        const name = (['created', 'attached', 'detached', 'destroyed'] as const)[Math.floor(at / 3)] ?? 'attached';
        return event(100 * Math.floor(at / 3) + random(90), { ...id, event: name });
      });
      const state = [...all].sort(() => random(3) - 1).reduce((now, one) => happen(now, one), onEvents());
      const { entries } = shownEvents(state);
      expect(entries).toHaveLength(all.length);
      expect(new Set(entries.map(({ id }) => id)).size).toBe(all.length);
      expect(isAscending(times(state))).toBe(true);
      for (const id of new Set(all.map((one) => one.id))) {
        const names = entries.filter((entry) => entry.event.id === id).map((entry) => entry.event.event);
        expect(names).toEqual(['created', 'attached', 'detached', 'destroyed']);
      }
    }
  });

  test('an id that comes again begins a life of its own', () => {
    const life = (at: number) => [
      event(at, { ...its, event: 'created' }),
      event(at + 5, its),
      event(at + 9, { ...its, event: 'destroyed' }),
    ];
    const state = happen(happen(onEvents(), ...life(0)), ...life(20));
    expect(told(state).map((text) => text.split(' ')[0])).toEqual(
      [...Array(2).fill(['created', 'attached', 'destroyed'])].flat(),
    );
  });

  test('nattch is what it was after the event, or left out', () => {
    // Three attach and one lets go before anybody reads the count: all read 2.
    const burst = [1, 2, 3].map((at) => event(at, { ...its, nattch: 2 }));
    const state = happen(
      onEvents(),
      event(0, { ...its, event: 'created', nattch: 2 }),
      ...burst,
      event(4, { ...its, event: 'detached', nattch: 2 }),
    );
    expect(told(state)).toEqual(['created -', 'attached -', 'attached 2', 'attached -', 'detached 2']);
    const later = happen(
      state,
      event(5, { ...its, nattch: 3 }),
      event(6, { ...its, event: 'detached', count: 3, nattch: 0 }),
    );
    expect(told(later).slice(-2)).toEqual(['attached 3', 'detached 0']);
    // An attach that was over when it was looked at.
    const short = happen(onEvents(), event(1, { ...its, nattch: 0 }));
    expect(told(short)).toEqual(['attached -']);
  });

  test('the rate counts what the filter lets pass', () => {
    const rate = (state: State) =>
      happen(state, event(1), event(2, { id: segment(0).id, shortId: 'sysv:0' })).events.sinceSample;
    expect(rate(onEvents())).toBe(2);
    expect(rate(filter(onEvents(), 'sysv:1'))).toBe(1);
    expect(rate(filter(onEvents(), 'event=destroyed'))).toBe(0);
  });
});

describe('Enter on an event', () => {
  test('goes to its object, whose details are open', () => {
    const state = press(happen(onEvents(), event(1)), 'open');
    expect(state.screen).toBe('objects');
    expect(selectedObject(state)?.id).toBe(segment(1).id);
    expect(state.detail).toBeDefined();
  });

  test('Esc goes back to the event, with the filter that was there', () => {
    const before = filter(
      happen(onEvents(), event(1), event(2, { id: segment(0).id, shortId: 'sysv:0' })),
      'event=attached',
    );
    for (const columns of [80, 200]) {
      const start = press({ ...before, columns, prompt: undefined }, 'down');
      const there = press(start, 'open');
      expect(there.screen).toBe('objects');
      const back = press(there, 'back');
      expect(back).toMatchObject({ screen: 'events', detail: undefined, filter: start.filter });
      expect(selectedEntry(back)?.id).toBe(selectedEntry(start)?.id);
      // Once only, and not after another screen was asked for.
      expect(press(back, 'back').screen).toBe('events');
      expect(press(there, 'screen-2', 'screen-1', 'back').screen).toBe('objects');
    }
  });

  test('takes a filter away only where it would hide the object', () => {
    const kept = press(filter(happen(onEvents(), event(1)), 'sysv:1'), 'open');
    expect(kept.filter.text).toBe('sysv:1');
    const hidden = press(
      { ...happen(onEvents(), event(1)), onlyOwner: { by: 'user', key: '65534', label: 'nobody' } },
      'open',
    );
    expect(hidden.onlyOwner).toBeUndefined();
    expect(selectedObject(hidden)?.id).toBe(segment(1).id);
  });

  test('says so when the object is gone, for the usual time', () => {
    const its = { id: 'sysv:4026531839:77', shortId: 'sysv:77' };
    const gone = happen(onEvents(), event(1, its), event(2, { ...its, event: 'destroyed' }));
    const state = press(gone, 'down', 'open');
    expect(press(gone, 'open').message).toEqual(state.message);
    expect(state.screen).toBe('events');
    expect(objectOfSelectedEvent(state)?.shortId).toBe('sysv:77');
    expect(state.detail).toBeDefined();
    expect(press(state, 'back').detail).toBeUndefined();
    // What comes meanwhile does not take the details away.
    expect(objectOfSelectedEvent(happen(state, event(3)))?.shortId).toBe('sysv:77');
    const newest = press(gone, 'open');
    expect(objectOfSelectedEvent(happen(newest, event(3)))?.shortId).toBe('sysv:77');
    expect(state.message?.text).toBe('sysv:77 is gone.');
    const clock = (nowMs: number, now: State) => reduce(now, { type: 'clock', nowMs, lastTickMs: nowMs });
    const started = clock(NOW_MS, state);
    expect(clock(NOW_MS + 9900, started).message).toBeDefined();
    expect(clock(NOW_MS + 10_000, started).message).toBeUndefined();
  });

  test('of what is newer than the last sample says that it is not sampled yet, never that it is gone, and goes there when it is', () => {
    const its = { id: segment(7).id, shortId: 'sysv:7' };
    const asked = press(happen(onEvents(), event(500, { ...its, event: 'created' }), event(600, its)), 'open');
    expect(asked.screen).toBe('events');
    expect(asked.message?.text).toBe('sysv:7 is not sampled yet: it is shown as soon as it is.');
    const sampled = (state: State, atMs: number, ...changed: ReturnType<typeof segment>[]) =>
      reduce(state, { type: 'tick', tick: tick(changed, { head: head({ takenAtMs: NOW_MS + atMs }) }) });
    const early = sampled(asked, 400);
    expect(early.screen).toBe('events');
    const there = sampled(early, 1000, segment(7));
    expect(there.screen).toBe('objects');
    expect(selectedObject(there)?.id).toBe(its.id);
    expect(sampled(press(early, 'down'), 1000, segment(7)).screen).toBe('events'); // a key took it back
    const missed = sampled(early, 1000);
    expect(missed.screen).toBe('events');
    expect(missed.message?.text).toBe('sysv:7 is not in the last sample, and its end was not told.');
    const ended = sampled(happen(early, event(700, { ...its, event: 'destroyed' })), 1000);
    expect(ended.message?.text).toBe('sysv:7 is gone.');
  });

  test('finds a name that was unlinked since', () => {
    const unlinked = named('a', { id: 'unlinked:0:27:9', kind: 'unlinked' });
    const state = happen(onEvents([unlinked]), event(1, { id: 'posix:0:27:9', kind: 'posix', shortId: 'posix:/a' }));
    expect(objectInView(state)?.id).toBe('unlinked:0:27:9');
  });
});

describe('what events do elsewhere', () => {
  test('the row of the object flashes, and the object gets a history', () => {
    const state = happen(stateWith([segment(1)]), event(1), event(40, { event: 'detached' }));
    expect(state.marks.byId.get(segment(1).id)?.kind).toBe('changed');
    expect(happen(stateWith([segment(1)]), event(1, { event: 'opened' })).marks.byId.size).toBe(0);
    expect(historyOf(state, segment(1))?.holds).toMatchObject([{ pid: 9, fromMs: NOW_MS + 1, untilMs: NOW_MS + 40 }]);
  });

  test('what an event told is not told again by the sample, but a new verdict is', () => {
    const state = happen(stateWith([segment(1)]), event(100));
    const later = head({ takenAtMs: NOW_MS + 1000 });
    const held = segment(1, { nattch: 1, verdict: { state: 'in-use', evidence: [{ code: 'attached', count: 1 }] } });
    const after = reduce(state, { type: 'tick', tick: tick([held], { head: later }) });
    expect(after.marks.happenings.map(({ text }) => text)).toEqual(['abandoned → in-use']);
    const untold = reduce(stateWith([segment(1)]), { type: 'tick', tick: tick([held], { head: later }) });
    expect(untold.marks.happenings.map(({ text }) => text)).toEqual(['nattch 0 → 1', 'abandoned → in-use']);
  });

  test('events that come with a tick know the object that it brings, and the one that it takes away', () => {
    const events = [
      event(1, { event: 'created', id: segment(5).id }),
      event(2, { event: 'destroyed', id: segment(1).id }),
    ];
    const brought = tick([segment(5)], { removed: [segment(1).id], events, head: head({ takenAtMs: NOW_MS + 1000 }) });
    const state = reduce(onEvents(), { type: 'tick', tick: brought });
    expect(selectEventRows(state).map(({ object }) => object?.id)).toEqual([segment(1).id, segment(5).id]);
  });

  test('the rate is what came since the tick before, and goes back to nothing', () => {
    const live = { sources: [{ name: 'perf', isActive: true, text: '' }] };
    const start = reduce(stateWith([segment(1)]), { type: 'live', live });
    const at = (now: State, seconds: number, events: ShmEvent[] = []) =>
      reduce(now, { type: 'tick', tick: tick([], { head: head({ takenAtMs: NOW_MS + seconds * 1000 }), events }) });
    const busy = at(happen(start, event(1), event(2, { count: 3 })), 2, [event(3)]);
    expect(busy.history.events?.values.at(-1)).toBe(2.5);
    expect(at(busy, 3).history.events?.values.at(-1)).toBe(0);
  });
});

describe('a trend', () => {
  test('shows a short attach in its column, and what was before the first', () => {
    const steps = [
      { atMs: 0, value: 0 },
      { atMs: 5500, value: 1 },
      { atMs: 5501, value: 0 },
    ];
    expect(trendOf(steps, 10_000, 60, 10)).toEqual({
      values: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
      seconds: 10,
      least: 0,
      most: 1,
    });
  });

  test('of longer ago than it shows, only the last value counts', () => {
    expect(
      trendOf(
        [
          { atMs: 0, value: 9 },
          { atMs: 1, value: 4 },
        ],
        100_000,
        10,
        2,
      ),
    ).toMatchObject({ values: [4, 4], least: 4, most: 4 });
    expect(trendOf([], 1, 10, 5)).toBeUndefined();
  });
});
