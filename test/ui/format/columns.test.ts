import { describe, expect, it } from 'vitest';
import { jsonSchema } from '../../../src/cli/schema/outputs.ts';
import { parseObjectFilter } from '../../../src/filter/object-filter.ts';
import { findColumn, sortRows } from '../../../src/ui/format/column.ts';
import { OBJECT_COLUMNS } from '../../../src/ui/format/columns.ts';
import { PROCESS_COLUMNS } from '../../../src/ui/format/process-columns.ts';
import { NOW_SEC, SERVER_OBJECTS, segment } from '../../cli/examples.ts';

describe.each([
  [
    'objects',
    OBJECT_COLUMNS.map(({ id, title, meaning, minWidth, wantedWidth }) => ({
      id,
      title,
      meaning,
      minWidth,
      wantedWidth,
    })),
  ],
  [
    'processes',
    PROCESS_COLUMNS.map(({ id, title, meaning, minWidth, wantedWidth }) => ({
      id,
      title,
      meaning,
      minWidth,
      wantedWidth,
    })),
  ],
])('the column table of %s', (_, columns) => {
  it('has ids that can be typed, once each', () => {
    expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
    for (const { id } of columns) expect(id).toMatch(/^[a-z]+$/);
  });

  it('has room for its titles and a meaning without a full stop', () => {
    for (const { title, meaning, minWidth, wantedWidth } of columns) {
      expect(title.length).toBeLessThanOrEqual(wantedWidth);
      expect(minWidth).toBeLessThanOrEqual(wantedWidth);
      expect(meaning).toMatch(/[^.]$/);
    }
  });
});

it('names JSON fields that the schema has', () => {
  const fieldsOf = (name: string) => Object.keys(Object(jsonSchema().$defs)[name].properties);
  const fields = fieldsOf('object');
  for (const { json } of OBJECT_COLUMNS) if (json !== undefined) expect(fields).toContain(json.split('.')[0]);
  const ofProcess = fieldsOf('process');
  for (const { json } of PROCESS_COLUMNS) if (json !== undefined) expect(ofProcess).toContain(json);
});

it('counts as writers only processes that share what they write', () => {
  const column = findColumn(OBJECT_COLUMNS, 'writers');
  const holder = (pid: number, ...perms: readonly string[]) => ({
    pid,
    mappings: perms.map((each, at) => ({ start: at * 4096, end: (at + 1) * 4096, perms: each })),
    fds: [3],
  });
  const holders = [
    holder(1, 'r--s', 'rw-s'),
    holder(2, 'r--s'),
    holder(3, 'rw-p', '-w-p'),
    holder(4),
    holder(5, '-w-s'),
  ];
  expect(column?.value(segment(1, { holders }), NOW_SEC)).toBe(2);
  expect(column?.value(segment(1), NOW_SEC)).toBe(0);
  const parsed = parseObjectFilter(['writers>1']);
  const passes =
    'filter' in parsed ? [segment(1, { holders }), segment(2)].map((row) => parsed.filter.matches(row, 0)) : [];
  expect(passes).toEqual([true, false]);
});

describe('sortRows', () => {
  const rows = [
    segment(1, { sizeBytes: 5 }),
    segment(2, { sizeBytes: undefined }),
    segment(3, { sizeBytes: 9 }),
    segment(4, { sizeBytes: 5 }),
  ];
  const shmids = (id: string, descending: boolean) => {
    const column = findColumn(OBJECT_COLUMNS, id);
    return column ? sortRows(rows, column, descending, NOW_SEC).map(({ shmid }) => shmid) : [];
  };

  it('puts what is unknown last in both directions, and leaves equals in their order', () => {
    expect(shmids('size', false)).toEqual([1, 4, 3, 2]);
    expect(shmids('size', true)).toEqual([3, 1, 4, 2]);
  });

  it('sorts IDs and names by their numbers, in both directions', () => {
    const column = findColumn(OBJECT_COLUMNS, 'id');
    if (!column) throw new Error('no such column');
    const inOrder = [
      'posix:/a',
      'posix:/a2',
      'posix:/a10',
      'posix:/a10b',
      'posix:/a10b3',
      'posix:/b',
      'sysv:9',
      'sysv:10',
      'sysv:100',
    ];
    const rows = [...inOrder].sort().map((shortId) => ({ ...segment(1), shortId }));
    const sorted = (descending: boolean) => sortRows(rows, column, descending, NOW_SEC).map(({ shortId }) => shortId);
    expect(sorted(false)).toEqual(inOrder);
    expect(sorted(true)).toEqual([...inOrder].reverse());
    // What somebody calls his file does not make its key long.
    const long = column.order?.({ ...segment(1), shortId: '1a'.repeat(120) });
    expect(String(long).length).toBeLessThan(800);
  });

  it('sorts verdicts by urgency', () => {
    const column = findColumn(OBJECT_COLUMNS, 'VERDICT');
    expect(column).toBeDefined();
    if (!column) return;
    const states = sortRows(SERVER_OBJECTS, column, false, NOW_SEC).map(({ verdict }) => verdict.state);
    expect([...new Set(states)]).toEqual(['abandoned', 'unheld', 'in-use']);
  });
});
