// What keys and news do to the load in the state: starting, stopping, choices, and what is worth drawing.
import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTIONS } from '../../../src/load/model/options.ts';
import type { LoadProblem } from '../../../src/load/model/problem.ts';
import { LOAD_FIELDS } from '../../../src/ui/format/load-fields.ts';
import { understandState } from '../../../src/ui/settings-file.ts';
import { intentOf } from '../../../src/ui/state/binding.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { boundKeys } from '../../../src/ui/state/keymap.ts';
import type { LoadNews } from '../../../src/ui/state/load.ts';
import { changeChoice, DEFAULT_CHOICES, understandChoices } from '../../../src/ui/state/load-choices.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { screensOf } from '../../../src/ui/state/screens.ts';
import { selectedRow } from '../../../src/ui/state/select.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { sampleInterval, sampleMeter } from '../sample-meters.ts';
import { segment, stateWith } from '../sample-objects.ts';

const ABILITIES = { isReadOnly: false, remove: false, load: true };
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
const START = press(stateWith([segment(1)], { abilities: ABILITIES }), 'screen-4');
const hear = (state: State, news: LoadNews): State => reduce(state, { type: 'load', news });
const PROBLEM: LoadProblem = { kind: 'refused', message: 'Cannot poll (spin) on one processor.' };

describe('starting and stopping', () => {
  test('the key starts it on its screen, once, and a later one too', () => {
    const started = press(START, 'load');
    expect(started).toMatchObject({ screen: 'throughput', load: { phase: 'running' } });
    const over = hear(started, { kind: 'ended' });
    expect(press(over, 'load')).toMatchObject({ screen: 'throughput', load: { phase: 'running' } });
  });

  test('the same key stops; it is stopping until the end is told, and pressed again changes nothing', () => {
    const stopping = press(START, 'load', 'load');
    expect(stopping.load.phase).toBe('stopping');
    expect(press(stopping, 'load')).toBe(stopping);
    expect(hear(stopping, { kind: 'ended' }).load.phase).toBe('idle');
  });

  test('the meter of the last load stays until the next one starts', () => {
    const meter = sampleMeter(3);
    const over = hear(hear(press(START, 'load'), { kind: 'meter', meter }), { kind: 'ended' });
    expect(over.load.meter).toBe(meter);
    expect(press(over, 'load').load.meter).toBeUndefined();
  });

  test('why it did not run is kept, until the choices are found possible', () => {
    const refused = hear(press(START, 'load'), { kind: 'ended', problem: PROBLEM });
    expect(refused.load).toMatchObject({ phase: 'idle', problem: PROBLEM });
    const { load } = refused.settings;
    expect(hear(refused, { kind: 'checked', choices: load }).load.problem).toBeUndefined();
  });

  test('an answer about choices that are no longer those, or that comes while a load runs, is not believed', () => {
    const old = START.settings.load;
    const changed = press(START, 'screen-4', 'right');
    expect(hear(changed, { kind: 'checked', choices: old, problem: PROBLEM })).toBe(changed);
    const running = press(START, 'load');
    expect(hear(running, { kind: 'checked', choices: old, problem: PROBLEM })).toBe(running);
  });

  test('with --read-only, and where there is no generator, there is neither key nor screen', () => {
    for (const abilities of [
      { ...ABILITIES, isReadOnly: true },
      { ...ABILITIES, load: false },
    ]) {
      expect(screensOf(abilities).map(({ id }) => id)).toEqual(['objects', 'processes', 'events', 'where', 'ceilings']);
      for (const key of ['l', '4']) expect(intentOf(boundKeys(abilities), 'table', 'objects', key)).toBeUndefined();
      expect(press(stateWith([], { abilities }), 'screen-4').screen).toBe('objects');
    }
    expect(screensOf(ABILITIES).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('the live figures', () => {
  const running = hear(press(START, 'load'), { kind: 'meter', meter: sampleMeter(3) });
  const live = sampleMeter(3, { intervals: running.load.meter?.intervals, occupancy: 0.9 });

  test('move on their screen at each news, on the others only with a row or another phase', () => {
    expect(hear(running, { kind: 'meter', meter: live }).load.meter).toBe(live);
    const elsewhere = press(running, 'screen-1');
    expect(hear(elsewhere, { kind: 'meter', meter: live })).toBe(elsewhere);
    const row = { ...live, intervals: [...live.intervals, sampleInterval(4)] };
    expect(hear(elsewhere, { kind: 'meter', meter: row }).load.meter).toBe(row);
    const stopping = { ...live, phase: 'stopping' as const };
    expect(hear(elsewhere, { kind: 'meter', meter: stopping }).load.meter).toBe(stopping);
  });
});

describe('the choices', () => {
  const form = press(START, 'screen-4');

  test('up and down select, left and right take the value before and after, Enter and Space the next', () => {
    expect(press(form, 'right').settings.load.sync).toBe('spin');
    expect(press(form, 'right', 'left').settings.load).toEqual(DEFAULT_CHOICES);
    const pairs = press(form, 'down', 'down', 'down');
    expect(press(pairs, 'open').settings.load.pairs).toBe(2);
    expect(press(pairs, 'tag', 'tag').settings.load.pairs).toBe(4);
    expect(press(pairs, 'tag').tags.size).toBe(0);
    expect(press(form, 'last', 'down', 'right').settings.load.rate).toBe(1000);
  });

  test('go round at both ends', () => {
    for (const { id, options } of LOAD_FIELDS) {
      const round = options.reduce((choices) => changeChoice(choices, id, 1), DEFAULT_CHOICES);
      expect(round).toEqual(DEFAULT_CHOICES);
      expect(changeChoice(changeChoice(DEFAULT_CHOICES, id, -1), id, 1)).toEqual(DEFAULT_CHOICES);
    }
  });

  test('stay as they are while a load runs', () => {
    const running = press(form, 'load');
    expect(press(running, 'right', 'open', 'tag').settings).toBe(running.settings);
  });

  test('are those of the command unless changed, and never endless', () => {
    expect(DEFAULT_OPTIONS).toMatchObject(DEFAULT_CHOICES);
    const durations = LOAD_FIELDS.find(({ id }) => id === 'durationSec')?.options ?? [];
    expect(durations.map(({ putInto }) => putInto(DEFAULT_CHOICES).durationSec)).toEqual([10, 30, 60, 120, 300, 600]);
  });

  test('are remembered, and what was remembered is believed only where it is one of the values', () => {
    const chosen = { ...DEFAULT_CHOICES, sync: 'sem', sizeBytes: 4096, rate: 1e5 } as const;
    expect(understandState(JSON.parse(JSON.stringify({ load: chosen }))).load).toEqual(chosen);
    expect(understandChoices({ sync: 'mutex', sizeBytes: 4096, pairs: 1e9, durationSec: -1, rate: 'fast' })).toEqual({
      ...DEFAULT_CHOICES,
      sizeBytes: 4096,
    });
    for (const value of [undefined, null, 3, 'x', [], { rate: null }])
      expect(understandChoices(value)).toEqual(DEFAULT_CHOICES);
    expect(understandState({}).load).toBeUndefined();
  });

  test('a click selects a line of the form, on the selected one it takes the next value', () => {
    const click = (state: State, x: number, y: number) => reduce(state, { type: 'click', x, y });
    const third = click(form, 10, 8);
    expect(selectedRow(third)).toBe(2);
    expect(click(third, 10, 8).settings.load.backing).toBe('posix');
    expect(click(form, 10, 16)).toBe(form);
    const wide = press(stateWith([], { abilities: ABILITIES, columns: 200, rows: 50 }), 'screen-4');
    expect(click(wide, 150, 13)).toBe(wide);
    expect(selectedRow(click(wide, 10, 13))).toBeGreaterThan(0);
  });
});
