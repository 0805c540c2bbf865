// The Throughput screen at each size: what it says of each state of a load, and that every line fits.
import { describe, expect, test } from 'vitest';
import type { Meter } from '../../src/load/model/meter.ts';
import { SCENES } from '../../src/load/model/tour.ts';
import { displayWidth } from '../../src/ui/format/width.ts';
import type { Abilities } from '../../src/ui/state/binding.ts';
import { type LoadState, NO_LOAD } from '../../src/ui/state/load.ts';
import { reduceIntent } from '../../src/ui/state/reduce-intent.ts';
import { reduceLoadNews } from '../../src/ui/state/reduce-load.ts';
import { DEFAULT_SETTINGS, type State } from '../../src/ui/state/state.ts';
import { renderState } from './render.ts';
import { DAMAGED, DONE, FAILED, RATED, STARTING, sampleMeter } from './sample-meters.ts';
import { segment, stateWith } from './sample-objects.ts';

const SIZES = [
  [40, 10],
  [80, 24],
  [120, 40],
  [300, 80],
] as const;
const ABILITIES: Abilities = { isReadOnly: false, remove: false, load: true };

function stateOf(load: Partial<LoadState>, more: Partial<State> = {}): State {
  const base = stateWith([segment(1)], { columns: 80, rows: 24, abilities: ABILITIES, ...more });
  return { ...base, screen: 'throughput', load: { ...NO_LOAD, ...load }, ...more };
}
const running = (meter: Meter): Partial<LoadState> => ({ phase: 'running', meter });

const REFUSED =
  'Cannot poll (spin) on one processor: each side would use up its time slice while the other waits. Use futex.';
const SCENE = SCENES[2];
const TOUR: Partial<LoadState> = {
  phase: 'running',
  isTour: true,
  scene: { scene: SCENE, number: 3, of: 10, ids: [segment(1).id], runs: [] },
};
const VIEWS: readonly (readonly [name: string, load: Partial<LoadState>, says: readonly RegExp[]])[] = [
  [
    'the choices',
    {},
    [/How fast is shared memory here/, /Sync +(◂ )?futex/, /Message size|polls a moment/, /l {2}starts 2 processes/],
  ],
  ['choices that cannot run', { problem: { kind: 'refused', message: REFUSED } }, [/✗ Cannot poll \(spin\)/]],
  ['a load before its first meter', { phase: 'running' }, [/Starting/]],
  ['the probes', running(STARTING), [/Running {2}measuring round trip/, /load\s/]],
  [
    'a load that runs',
    running(sampleMeter(6)),
    [
      /6 s of 10 s/,
      /messages\/s/,
      /GB\/s/,
      /214 M[^\n]*(nothing torn, lost or reordered|none wrong)/,
      /load 5\.\d+ GB\/s/,
    ],
  ],
  ['a load at a fixed rate', running(RATED), [/100 k? ?messages\/s|messages\/s/, /One way +p50 6\.98 µs|214 M/]],
  [
    'a load that is over',
    { phase: 'idle', meter: DONE },
    [/Done {2}769 M messages/, /l {2}◂ Sync futex ▸|l {2}starts/],
  ],
  [
    'a load that went wrong',
    { phase: 'idle', meter: DAMAGED },
    [/3 TORN, 0 LOST, 1 REORDERED/, /THE DATA WERE DAMAGED/],
  ],
  ['a load whose worker died', { phase: 'idle', meter: FAILED }, [/Failed/, /The consumer \(pid 4712\) was/]],
];

describe.each(SIZES)('at %i x %i', (columns, rows) => {
  test.each(VIEWS)('%s: it says what it must, and every line fits', async (_, load, says) => {
    const { lines } = await renderState(stateOf(load, { columns, rows }));
    expect(lines).toHaveLength(rows);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    for (const what of says) expect(lines.join('\n')).toMatch(what);
  });

  test('no figure is undefined or not a number, however little is known', async () => {
    const little = { ...sampleMeter(6), total: undefined, roundTripNs: undefined, memcpyBytesPerSecond: undefined };
    for (const meter of [
      STARTING,
      little,
      sampleMeter(0),
      RATED,
      FAILED,
      { ...FAILED, total: undefined, intervals: [] },
    ]) {
      const { lines } = await renderState(stateOf(running(meter), { columns, rows }));
      expect(lines.join('\n')).not.toMatch(/undefined|NaN|Infinity/);
    }
  });
});

test('at 80x24 everything essential of a running load is there at once', async () => {
  const { lines } = await renderState(stateOf(running(RATED)));
  const screen = lines.join('\n');
  for (const what of ['Running', 'left', 'Memcpy', 'Ring', 'Producer', 'Consumer', 'Cost', 'One way', 'Round trip'])
    expect(screen).toContain(what);
  expect(screen).toMatch(/p50 6\.98 µs, p90 3\.38 ms, p99 29\.6 ms, p99\.9 39\.3 ms, max 40\.4 ms/);
  expect(screen).toMatch(/waits 4 %, sleeps 361\/s/);
  expect(screen).toMatch(/sysv:1.*: producer 4711, 4713, 4715, 4717, …/);
  expect(screen).toMatch(/a wake-up takes 2\.10 µs/);
  expect(screen.match(/^ +\d+ +100 k/gm)?.length).toBeGreaterThanOrEqual(3);
});

test('the newest second stands at the top of the rows', async () => {
  const { lines } = await renderState(stateOf(running(sampleMeter(9)), { columns: 120, rows: 40 }));
  const seconds = lines.flatMap((line) => /^ +(\d+) +[\d.]+ M /.exec(line)?.[1] ?? []).map(Number);
  expect(seconds).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
});

test('a wide terminal has the choices and the figures side by side, fixed while it runs', async () => {
  const { lines } = await renderState(stateOf(running(sampleMeter(6)), { columns: 200, rows: 50 }));
  const screen = lines.join('\n');
  expect(screen).toMatch(/VALUE +\(fixed while it runs\)/);
  expect(screen).toMatch(/Verify +sample.*│/);
  expect(screen).not.toContain('◂');
  const { lines: idle } = await renderState(stateOf({}, { columns: 200, rows: 50 }));
  expect(idle.join('\n')).toMatch(/│ {2}What you will see/);
  for (const line of idle.slice(6, 47)) expect(line.indexOf('│')).toBe(idle[6].indexOf('│'));
});

test('without a UTF-8 locale only ASCII is drawn', async () => {
  for (const [, load] of VIEWS) {
    for (const [columns, rows] of [...SIZES, [200, 50]]) {
      const { lines } = await renderState(stateOf(load, { columns, rows, unicode: false }));
      expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
      expect(lines.join('\n')).not.toMatch(/\\x[0-9a-f]{2}/);
    }
  }
});

test('what is wrong is said in words, not by colour alone', async () => {
  const { written, lines } = await renderState(stateOf({ meter: DAMAGED }, { colour: false }));
  expect(written).not.toMatch(/\x1b\[[\d;]*(3[0-7]|4[0-7]|9[0-7]|10[0-7])m/);
  expect(lines.join('\n')).toMatch(/3 TORN/);
  expect((await renderState(stateOf({ meter: DAMAGED }))).written).toMatch(/\x1b\[[\d;]*91m[^\x1b]*TORN/);
});

test('nothing was checked is no praise', async () => {
  const meter = {
    ...DONE,
    setup: { ...DONE.setup, verify: 'off' },
    truth: { ...DONE.truth, verified: 0, checkedFull: 0 },
  };
  const { lines } = await renderState(stateOf({ meter }));
  expect(lines.join('\n')).toContain('nothing was checked (verify off)');
});

test('a busy machine is told', async () => {
  const base = sampleMeter(3);
  const meter = { ...base, intervals: base.intervals.map((row) => ({ ...row, othersCpuShare: 0.34 })) };
  const { lines } = await renderState(stateOf(running(meter), { columns: 120, rows: 40 }));
  expect(lines.join('\n')).toMatch(/Noisy +others used 34 % of the machine/);
});

test('every screen shows that a load runs, and the key bar of this one what the key does', async () => {
  for (const screen of ['objects', 'processes', 'ceilings'] as const) {
    const { lines } = await renderState({ ...stateOf(running(sampleMeter(6))), screen });
    expect(lines[0]).toMatch(/ 6 .*load 5\.\d+ GB\/s/);
  }
  const bar = async (phase: LoadState['phase']) => (await renderState(stateOf({ phase }))).lines[23];
  expect(await bar('idle')).toMatch(/^lStart ↑ ↓Choose ← →Change/);
  expect(await bar('running')).toMatch(/^lStop F1Help/);
  expect(await bar('idle')).not.toMatch(/Tree|Group|Sort|Filter/);
});

test('the form says what each value means and lists the others of the selected choice', async () => {
  const state = stateOf({}, { columns: 120, rows: 40 });
  const { lines } = await renderState(state);
  expect(lines.join('\n')).toMatch(/● futex +polls a moment.*\n +spin +polls all the time/);
  const large = {
    ...state,
    settings: { ...DEFAULT_SETTINGS, load: { ...DEFAULT_SETTINGS.load, sizeBytes: 2 ** 24, pairs: 8 } },
  };
  expect((await renderState(large)).lines.join('\n')).toMatch(
    /starts 16 processes and a segment of 5\d\d\S* [MK]iB, 4 slots/,
  );
});

describe('the tour', () => {
  test.each(SIZES)('fits %i x %i, and says what happens and what the tables have of it', async (columns, rows) => {
    const { lines } = await renderState(stateOf(TOUR, { columns, rows }));
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    if (columns < 80) return;
    const text = lines.join(' ').replaceAll(/[\s│]+/g, ' ');
    expect(text).toContain('Tour, 3 of 10: A child inherits it');
    expect(lines.join('\n')).toMatch(/nattch \d+, held by/);
  });

  test('begins on its own screen while nothing runs, shows scene after scene, and leaves none behind', () => {
    const idle = stateOf({ phase: 'idle' });
    const begun = reduceIntent(idle, 'tour');
    expect(begun.load).toMatchObject({ phase: 'running', isTour: true });
    expect(reduceIntent(stateOf({ phase: 'running' }), 'tour').load.isTour).toBeUndefined();
    const shown = reduceLoadNews(begun, {
      kind: 'scene',
      view: { scene: SCENE, number: 4, of: 10, ids: [], runs: [] },
    });
    expect(shown.load.scene?.number).toBe(4);
    expect(reduceLoadNews(shown, { kind: 'ended' }).load).toMatchObject({ phase: 'idle', scene: undefined });
  });
});
