// Every screen under fuzz: whatever names, numbers and sizes there are, nothing throws, every line fits, no raw control goes out.
// SHMTOP_FUZZ_RUNS counts drawn states, of which a case has four and more: 1,000 unless more are asked for.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepMost } from '../../../src/probe/model/assemble/ceiling.ts';
import { EVENT_NAMES, EVENT_SOURCES, type ShmEvent } from '../../../src/probe/model/event/event.ts';
import type { Holder, ShmObject } from '../../../src/probe/model/object.ts';
import { OWNER_KINDS } from '../../../src/probe/model/owner.ts';
import type { Limits } from '../../../src/probe/model/snapshot.ts';
import { drawCeilings } from '../../../src/ui/draw/ceiling-list.ts';
import { drawContent } from '../../../src/ui/draw/content.ts';
import { drawDetail } from '../../../src/ui/draw/detail.ts';
import { drawEvents } from '../../../src/ui/draw/event-table.ts';
import { drawFirstFrame } from '../../../src/ui/draw/first-frame.ts';
import { drawHeader } from '../../../src/ui/draw/header.ts';
import { drawHelp } from '../../../src/ui/draw/help.ts';
import { drawKeyBar } from '../../../src/ui/draw/key-bar.ts';
import { drawObjectTable } from '../../../src/ui/draw/object-table.ts';
import { drawOwnerTable } from '../../../src/ui/draw/owner-table.ts';
import { drawProcessTable } from '../../../src/ui/draw/process-table.ts';
import { drawRemovalBox } from '../../../src/ui/draw/removal-box.ts';
import { drawSetup, drawSortMenu } from '../../../src/ui/draw/setup.ts';
import { drawStatus } from '../../../src/ui/draw/status-line.ts';
import { drawThroughput } from '../../../src/ui/draw/throughput.ts';
import { displayWidth } from '../../../src/ui/format/width.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { isBox } from '../../../src/ui/state/removal.ts';
import { layoutScreen } from '../../../src/ui/state/screen-layout.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { Canvas } from '../../../src/ui/terminal/canvas.ts';
import { arbitraryObject, byteString } from '../../cli/arbitrary-object.ts';
import { head, NOW_MS, stateWith, tick } from '../sample-objects.ts';

const RUNS = Number(process.env.SHMTOP_FUZZ_RUNS ?? 1000);

const longName = fc.uint8Array({ minLength: 200, maxLength: 4095 }).map((bytes) => `/${String.fromCharCode(...bytes)}`);
/** What terminals disagree about: right to left, no width, marks, wide, emoji with joiners, C1, escapes, line ends. */
const nasty = fc
  .string({
    unit: fc.constantFrom(
      '\u202e',
      '\u2066',
      '\u200b',
      '\u200d',
      '\u0301',
      '\u0489',
      '界',
      '👨',
      '\ufe0f',
      '\u0085',
      '\u009b',
      '\x1b[2J',
      '\x1b]0;x\x07',
      '\n',
      '\r',
      '\t',
      '\0',
      '\x7f',
      '\u2028',
      '\ud7ff',
      '\ue000',
      '\\',
      'a',
      ' ',
    ),
    maxLength: 40,
  })
  .map((text) => `/${String.fromCharCode(...new TextEncoder().encode(text))}`);
const extreme = fc.constantFrom(
  0,
  1,
  -1,
  2 ** 53,
  2 ** 53 - 1,
  2 ** 63,
  2 ** 64,
  1e300,
  Number.MAX_VALUE,
  0.5,
  1023,
  1024,
);
const limit = fc.constantFrom(
  '0',
  '4096',
  '18446744073692774399',
  '9223372036854775807',
  '9007199254740993',
  'x',
  '',
  '-1',
  undefined,
);

const manyHolders = (count: number): Holder[] =>
  Array.from({ length: count }, (_, pid) => ({
    pid,
    startTicks: pid,
    comm: `p${pid % 40}\x1b`,
    uid: pid,
    mappings: pid % 3 === 0 ? [] : [{ start: pid * 4096, end: pid * 8192, perms: 'rw-s' }],
    fds: pid === 1 ? Array.from({ length: 5000 }, (_, fd) => fd) : [],
  }));
const crowdHolders = manyHolders(3000);

const hostileObject: fc.Arbitrary<ShmObject> = fc
  .record({
    object: arbitraryObject,
    name: fc.option(fc.oneof({ weight: 3, arbitrary: nasty }, { weight: 1, arbitrary: longName }), { nil: undefined }),
    sizeBytes: fc.option(extreme, { nil: undefined }),
    allocatedBytes: fc.option(extreme, { nil: undefined }),
    onDisk: fc.option(nasty, { nil: undefined }),
    isCrowd: fc.integer({ min: 0, max: 60 }).map((n) => n === 0),
  })
  .map(({ object, name, sizeBytes, allocatedBytes, onDisk, isCrowd }) => ({
    ...object,
    onDisk,
    ...(name !== undefined && object.kind !== 'sysv' ? { rawName: name } : {}),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(allocatedBytes === undefined ? {} : { allocatedBytes }),
    ...(isCrowd ? { holders: crowdHolders } : {}),
  }));

const hostileLimits: fc.Arbitrary<Limits> = fc.record({
  shmmni: limit,
  shmall: limit,
  shmmax: limit,
  segments: extreme,
  pages: extreme,
  pageSizeBytes: fc.constantFrom(4096, 65_536),
  shmRmidForced: fc.boolean(),
  mounts: fc.array(
    fc.record({
      path: fc.oneof(nasty, fc.constantFrom('/dev/shm', '/proc/4711/root/dev/shm')),
      device: fc.constantFrom('0:27', '0:28'),
      sizeBytes: fc.option(extreme, { nil: undefined }),
      usedBytes: fc.option(extreme, { nil: undefined }),
      inodes: fc.option(extreme, { nil: undefined }),
      inodesUsed: fc.option(extreme, { nil: undefined }),
      unlisted: fc.option(fc.nat(), { nil: undefined }),
    }),
    { maxLength: 4 },
  ),
});
const hostileHead = fc
  .record({
    limits: hostileLimits,
    detail: fc.option(nasty, { nil: undefined }),
    user: nasty,
    hostname: nasty,
    kernel: nasty,
    processes: extreme,
    inspected: extreme,
    takenAtMs: fc.constantFrom(NOW_MS, 0, 1, 8.64e15, NOW_MS + 1e9),
  })
  .map(({ limits, detail, user, hostname, kernel, processes, inspected, takenAtMs }) => {
    const gaps = [{ source: 'maps', reason: 'permission', count: 3, pids: [1, 2], detail } as const];
    const host = { ...head().host, user, hostname, kernel };
    return head({ limits, host, gaps, takenAtMs, visibility: { processes, inspected, complete: false, gaps } });
  });

const event: fc.Arbitrary<ShmEvent> = fc.record({
  atMs: fc.constantFrom(NOW_MS, 0, 8.64e15, NOW_MS + 0.5),
  event: fc.constantFrom(...EVENT_NAMES),
  source: fc.constantFrom(...EVENT_SOURCES),
  count: extreme,
  id: fc.constantFrom('posix:0:27:1', 'sysv:4026531839:1'),
  kind: fc.constantFrom('posix', 'sysv'),
  rawName: fc.oneof(nasty, byteString),
  pid: fc.nat(),
  comm: byteString,
  nattch: extreme,
  sizeBytes: extreme,
});

/** Those that change the state; the others are effects. */
const INTENTS: readonly Intent[] = [
  'up', 'down', 'page-up', 'page-down', 'first', 'last', 'left', 'right', 'open', 'back', 'next-screen', 'screen-1', 'screen-2',
  'screen-3', 'screen-4', 'screen-5', 'screen-6', 'who', 'help', 'setup', 'search', 'search-next', 'filter', 'tree', 'expand', 'collapse',
  'expand-all', 'sort', 'sort-next', 'sort-reverse', 'tag', 'untag-all', 'remove', 'remove-abandoned', 'only-leftovers', 'by-user',
  'pause', 'content', 'accept', 'toggle',
]; // biome-ignore format: a list
/** What another mount namespace shows is written by whoever made it. */
const account = fc.record({
  type: fc.constant('account' as const),
  readings: fc.record({
    shmemBytes: fc.option(extreme, { nil: undefined }),
    mounts: fc.array(
      fc.record({
        device: fc.constantFrom('0:27', '0:40', '0:41'),
        fileSystem: fc.constantFrom('tmpfs' as const, 'devtmpfs' as const, 'hugetlbfs' as const),
        path: fc.option(fc.oneof(nasty, byteString), { nil: undefined }),
        pid: fc.option(fc.nat(), { nil: undefined }),
        usedBytes: fc.option(extreme, { nil: undefined }),
        sizeBytes: fc.option(extreme, { nil: undefined }),
        inodes: fc.option(extreme, { nil: undefined }),
        inodesUsed: fc.option(extreme, { nil: undefined }),
        isReached: fc.boolean(),
      }),
      { maxLength: 5 },
    ),
    gpus: fc.array(fc.record({ id: nasty, driver: nasty, bytes: extreme }), { maxLength: 2 }),
    pools: fc.constant([]),
  }),
});
const step = fc.oneof(
  { weight: 1, arbitrary: account },
  { weight: 6, arbitrary: fc.constantFrom(...INTENTS).map((intent) => ({ type: 'intent', intent }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(nasty, fc.constantFrom('size>1', 'age<1d', '!user=root'))
      .map((text) => ({ type: 'paste', text, atMs: 0 }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('enter', 'escape', 'backspace', 'left', 'end')
      .map((key) => ({ type: 'prompt-key', key, atMs: 0 }) as const),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('click' as const), x: fc.nat(300), y: fc.nat(100) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('resize' as const),
      columns: fc.integer({ min: 1, max: 300 }),
      rows: fc.integer({ min: 1, max: 100 }),
    }),
  },
);

const scene = fc.record({
  objects: fc.array(hostileObject, { maxLength: 12 }),
  later: fc.array(hostileObject, { maxLength: 4 }),
  events: fc.array(event, { maxLength: 5 }),
  head: hostileHead,
  steps: fc.array(step, { maxLength: 12 }),
  columns: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(1, 2, 3, 80, 300)),
  rows: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 2, 3, 24, 100)),
  unicode: fc.boolean(),
  colour: fc.boolean(),
  most: fc.constantFrom(1, 5, 100),
});

interface Region {
  readonly what: string;
  readonly lines: readonly string[];
  readonly width: number;
}

/** On narrower ones a line may be longer than the screen, and the canvas cuts it. */
const NARROWEST = 40;

/** What app.tsx and the screens put on the canvas in this state, and every other screen of it besides. */
function drawAll(state: State): Region[] {
  const { columns } = state;
  const { body, side } = layoutScreen(state);
  const wide = (what: string, lines: readonly string[]): Region => ({ what, lines, width: columns });
  const regions = [
    wide('header', drawHeader(state)),
    wide('status', [drawStatus(state)]),
    wide('keys', [drawKeyBar(state)]),
    wide('first frame', drawFirstFrame(state)),
    { what: 'objects', lines: drawObjectTable(state), width: body.width },
    { what: 'processes', lines: drawProcessTable({ ...state, screen: 'processes' }), width: body.width },
    { what: 'detail', lines: drawDetail(state, body.width, body.height), width: body.width },
    ...OWNER_KINDS.map((whereBy) =>
      wide(
        `where, by ${whereBy}`,
        drawOwnerTable({ ...state, screen: 'where', settings: { ...state.settings, whereBy } }),
      ),
    ),
    wide('ceilings', drawCeilings({ ...state, screen: 'ceilings' })),
    {
      what: 'ceiling detail',
      lines: drawDetail({ ...state, screen: 'ceilings' }, body.width, body.height),
      width: body.width,
    },
    wide(
      'who fills /dev/shm',
      drawOwnerTable({ ...state, screen: 'where', whereOf: { ceilingId: 'bytes:0:27', by: 'process' } }),
    ),
    wide('events', drawEvents({ ...state, screen: 'events' })),
    wide('throughput', drawThroughput({ ...state, screen: 'throughput' })),
  ];
  if (side) regions.push({ what: 'side', lines: drawDetail(state, side.width, side.height), width: side.width });
  if (state.content) regions.push(wide('content', drawContent(state)));
  if (state.overlay?.kind === 'help') regions.push(wide('help', drawHelp(state)));
  if (state.overlay?.kind === 'setup') regions.push(wide('setup', drawSetup(state)));
  if (state.overlay?.kind === 'sort') {
    const { lines, width } = drawSortMenu(state);
    regions.push({ what: 'sort menu', lines, width });
  }
  if (isBox(state.removal)) {
    const { lines, width } = drawRemovalBox(state, state.removal);
    regions.push({ what: 'removal', lines, width });
  }
  return regions;
}

const SGR = /\x1b\[[\d;]*m/g;
/** Controls, direction changes, separators, and what is no character at all. */
const RAW = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u;

function checkRegions(state: State): void {
  for (const { what, lines, width } of drawAll(state)) {
    for (const line of lines) {
      const plain = line.replace(SGR, '');
      const raw = RAW.exec(plain);
      if (raw)
        throw new Error(
          `${what} at ${state.columns}x${state.rows}: raw ${JSON.stringify(raw[0])} in ${JSON.stringify(plain)}`,
        );
      if (state.columns >= NARROWEST && displayWidth(plain) > width) {
        throw new Error(
          `${what} at ${state.columns}x${state.rows}: ${displayWidth(plain)} of ${width} columns: ${JSON.stringify(plain)}`,
        );
      }
    }
  }
}

/** What the terminal is written. */
function written(state: State): string {
  let out = '';
  const write = (text: string) => {
    out += text;
    return true;
  };
  const canvas = new Canvas({ write, onDrain: () => {} }, state.columns, state.rows);
  canvas.showAtOnce([...drawHeader(state), ...drawObjectTable(state), drawStatus(state), drawKeyBar(state)]);
  for (const line of canvas.text()) expect(displayWidth(line)).toBeLessThanOrEqual(state.columns);
  return out;
}

test('no throw, no line too wide, no raw control, at any size', () => {
  fc.assert(
    fc.property(scene, ({ objects, later, events, head, steps, columns, rows, unicode, colour, most }) => {
      const byId = new Map(objects.map((object) => [object.id, object]));
      const { objects: kept, leftOut } = keepMost([...byId.values()], most);
      const abilities = { isReadOnly: false, remove: true, load: true };
      let state = stateWith(kept, { columns, rows, unicode, colour, abilities });
      state = reduce(state, { type: 'tick', tick: tick(later, { head: { ...head, leftOut }, events }) });
      checkRegions(state);
      for (const action of steps) {
        state = reduce(state, action);
        checkRegions(state);
      }
      expect(written(state).replace(/\x1b\[[\d;?]*[A-Za-z]/g, '')).not.toMatch(RAW);
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  );
}, 600_000);

test('nothing at all, at every small size', () => {
  for (const columns of [1, 2, 3, 5, 10, 20, 39, 40, 59, 60, 79])
    for (const rows of [1, 2, 3, 4, 5, 6, 10]) {
      let state = stateWith([], { columns, rows, abilities: { isReadOnly: false, remove: true, load: true } });
      for (const intent of INTENTS) {
        state = reduce(state, { type: 'intent', intent });
        checkRegions(state);
      }
    }
});
