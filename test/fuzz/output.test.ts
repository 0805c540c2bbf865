// Everything that is printed or drawn of objects, processes, events and machines that an enemy has made: nothing reaches the terminal
// that it would obey, and no line becomes two.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { replay } from '../../src/cli/replay.ts';
import { eventLine, parseEntryLine, snapshotLine } from '../../src/probe/model/decode/recording.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { drawCeilings } from '../../src/ui/draw/ceiling-list.ts';
import { drawDetail } from '../../src/ui/draw/detail.ts';
import { drawEvents } from '../../src/ui/draw/event-table.ts';
import { drawHeader } from '../../src/ui/draw/header.ts';
import { drawObjectTable } from '../../src/ui/draw/object-table.ts';
import { drawProcessTable } from '../../src/ui/draw/process-table.ts';
import { drawRemovalBox } from '../../src/ui/draw/removal-box.ts';
import { drawStatus } from '../../src/ui/draw/status-line.ts';
import type { Intent } from '../../src/ui/state/intent.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import { isBox } from '../../src/ui/state/removal.ts';
import type { State } from '../../src/ui/state/state.ts';
import { arbitraryObject } from '../cli/arbitrary-object.ts';
import { fakeWorld } from '../cli/fake-context.ts';
import { head, stateWith, tick } from '../ui/sample-objects.ts';
import { anyEvent } from './any-event.ts';
import { expectHarmless, FUZZ_TIMEOUT_MS, fuzz, fuzzAsync } from './fuzz.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('\x1b[2J', '\x9b31m', '\u202e', 'a\nb', '\x7f', 'größe'),
);
const gap = fc.record({
  source: fc.constantFrom('maps' as const, 'dev-shm' as const, 'ns' as const),
  reason: fc.constantFrom('permission' as const, 'io' as const),
  count: fc.integer({ min: 1, max: 9 }),
  detail: anyText,
});
const snapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    objects: fc.array(arbitraryObject, { minLength: 1, maxLength: 4 }),
    word: anyText,
    gaps: fc.array(gap, { maxLength: 2 }),
  })
  .map(({ objects, word, gaps }) => {
    const { host, limits, visibility, ...rest } = head();
    const mounts = limits.mounts.map((mount) => ({ ...mount, path: `/m/${word}` }));
    return {
      ...rest,
      host: { ...host, hostname: word, user: word, kernel: word },
      limits: { ...limits, mounts },
      visibility: { ...visibility, complete: false, gaps },
      gaps,
      objects: [...new Map(objects.map((object) => [object.id, object])).values()],
    };
  });

const COMMANDS = [
  ['ls'],
  ['ls', '--json'],
  ['ls', '--ndjson'],
  ['ls', '--csv'],
  ['ls', '--all', '--bytes'],
  ['ls', '--columns', '+user,group,holders,verdict'],
  ['ps'],
  ['ps', '--json'],
  ['show'],
  ['show', '--json'],
] as const;

test('ls, ps and show in all their forms', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const cases = fc.tuple(snapshot, fc.constantFrom(...COMMANDS), fc.constantFrom(undefined, 40, 200));
  await fuzzAsync(cases, async ([machine, words, columns]) => {
    const world = fakeWorld(machine, columns === undefined ? {} : { columns });
    const id = words[0] === 'show' ? [machine.objects[0]?.id ?? ''] : [];
    await runProgram([...words, ...id], world.context);
    expectHarmless(world.out().replaceAll('\r\n', '\n'));
    expectHarmless(world.err());
    expect(world.err()).not.toMatch(/TypeError|RangeError/);
  });
});

test('replay of what was recorded of them', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  await fuzzAsync(
    fc.tuple(snapshot, fc.array(anyEvent, { maxLength: 4 }), fc.boolean()),
    async ([machine, events, json]) => {
      const lines = [snapshotLine(machine), ...events.map(eventLine)].map((line) => parseEntryLine(line.trimEnd()));
      expect(lines).not.toContain(undefined);
      const world = fakeWorld(machine);
      const context = { ...world.context, recording: async () => ({ damagedLines: 0, entries: () => lines }) };
      expect(await replay(context, ['file'], { json })).toBe(0);
      expectHarmless(world.out());
      expect(world.out().split('\n')).toHaveLength(events.length + 1);
    },
  );
});

const VIEWS: readonly (readonly Intent[])[] = [
  [],
  ['tree'],
  ['open'],
  ['screen-2'],
  ['screen-2', 'open'],
  ['screen-3'],
  ['screen-6'],
  ['remove'],
];
const DRAW = [
  drawHeader,
  drawObjectTable,
  drawProcessTable,
  drawEvents,
  drawCeilings,
  (state: State) => drawDetail(state, state.columns, state.rows),
];

test('every row of the dashboard', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const sizes = fc.constantFrom([40, 10], [80, 24], [200, 50]);
  const cases = fc.tuple(
    snapshot,
    fc.array(anyEvent, { maxLength: 4 }),
    fc.constantFrom(...VIEWS),
    sizes,
    fc.boolean(),
  );
  fuzz(
    cases,
    ([machine, events, intents, [columns = 80, rows = 24], unicode]) => {
      const { objects, ...rest } = machine;
      const abilities = { isReadOnly: false, remove: true, load: false };
      const start = stateWith(objects, { columns, rows, unicode, colour: true, abilities });
      const seen = reduce(start, { type: 'tick', tick: tick(objects, { head: rest, events }) });
      const state = intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), seen);
      const box = isBox(state.removal) ? state.removal : undefined;
      const lines = [
        ...DRAW.flatMap((draw) => draw(state)),
        drawStatus(state),
        ...(box ? drawRemovalBox(state, box).lines : []),
      ];
      for (const line of lines) {
        expectHarmless(line);
        expect(line).not.toContain('\n');
      }
    },
    0.5,
  );
});
