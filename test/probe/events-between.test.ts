// A watch without native calls: what must have happened between two looks.
import { expect, it } from 'vitest';
import { startTextSession } from '../../src/probe/live/text-session.ts';
import type { ShmEvent } from '../../src/probe/model/event/event.ts';
import { eventsBetween } from '../../src/probe/model/event/events-between.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { SERVER } from '../cli/examples.ts';

const segment = SERVER.objects.find(({ kind }) => kind === 'sysv') as ShmObject;
const file = SERVER.objects.find(({ kind }) => kind === 'posix') as ShmObject;
const between = (before: readonly ShmObject[], after: readonly ShmObject[]) =>
  eventsBetween(before, after, 5000).map(({ event, id, count, nattch, sizeBytes }) => ({
    event,
    id,
    count,
    nattch,
    sizeBytes,
  }));
const nothing = { count: 1, nattch: undefined, sizeBytes: undefined };

it('nothing happened between a look and itself', () => {
  expect(eventsBetween(SERVER.objects, SERVER.objects, 5000)).toEqual([]);
});

it('what is new was created, what is gone destroyed', () => {
  expect(between([file], [segment])).toEqual([
    { ...nothing, event: 'created', id: segment.id, sizeBytes: segment.sizeBytes },
    { ...nothing, event: 'destroyed', id: file.id },
  ]);
});

it('nattch, size and the mark tell of attaches, detaches, resizing and marking', () => {
  const plus = { ...segment, nattch: (segment.nattch ?? 0) + 2 };
  expect(between([segment], [plus])).toEqual([
    { ...nothing, event: 'attached', id: segment.id, count: 2, nattch: plus.nattch },
  ]);
  expect(between([plus], [segment])).toMatchObject([{ event: 'detached', count: 2 }]);
  const marked = { ...segment, key: '0x00000000', status: ['dest'] as const };
  expect(between([{ ...segment, status: [] }], [marked])).toMatchObject([{ event: 'marked' }]);
  expect(between([file], [{ ...file, sizeBytes: 1 }])).toMatchObject([{ event: 'resized', sizeBytes: 1 }]);
});

it('a number that returned with another key or maker is another segment', () => {
  const other = { ...segment, key: '0x00000777' };
  expect(between([{ ...segment, status: [] }], [{ ...other, status: [] }]).map(({ event }) => event)).toEqual([
    'destroyed',
    'created',
  ]);
});

it('a session tells what its next look finds, once, and nothing after its end', () => {
  const looks: Snapshot[] = [
    { ...SERVER, objects: [] },
    { ...SERVER, objects: [file] },
    { ...SERVER, objects: [file] },
  ];
  const told: ShmEvent[] = [];
  const sample = () => looks.shift() ?? { ...SERVER, objects: [] };
  const session = startTextSession('no koffi', { isExact: false, isInRounds: true, sample }, (event) =>
    told.push(event),
  );
  session.sampleNow();
  session.sampleNow();
  session.stop();
  expect(told.map(({ event }) => event)).toEqual(['created']);
  expect(session.sources()).toMatchObject([{ isActive: true, text: expect.stringContaining('no koffi') }]);
});
