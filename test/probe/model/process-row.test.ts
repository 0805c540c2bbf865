import { describe, expect, it } from 'vitest';
import { parseProcessFilter } from '../../../src/filter/process-filter.ts';
import { processRows } from '../../../src/probe/model/process-row.ts';
import { NOW_SEC, SERVER_OBJECTS } from '../../cli/examples.ts';

const rows = processRows(SERVER_OBJECTS);

describe('processRows', () => {
  it('lists each process once with all that it holds, in the order of pids', () => {
    expect(rows.map(({ process }) => process.pid)).toEqual([812, 813, 814, 815, 816, 817, 900]);
    const [first] = rows;
    expect(first?.holds.map(({ object }) => object.shortId)).toEqual([
      'sysv:4',
      'posix:/PostgreSQL.1287632224',
      'posix:/PostgreSQL.3456068200',
      'anonymous:0:1:62292',
    ]);
    expect(first?.countByKind).toEqual({ sysv: 1, posix: 2, unlinked: 0, memfd: 0, anonymous: 1, file: 0 });
    expect(first?.sizeBytes).toBe(56 + 1_048_576 + 26_976 + 153_092_096);
  });

  it('is empty when nobody holds anything', () => {
    expect(processRows([])).toEqual([]);
  });
});

describe('filter words for processes', () => {
  it.each([
    [['comm=postgres'], 6],
    [['user=alice'], 1],
    [['kind=memfd'], 1],
    [['!kind=memfd'], 6],
    [['posix>1'], 4],
    [['mem>20M'], 6],
    [['software=pulse'], 1],
    [['posix:/PostgreSQL.1287632224'], 4],
    [['pid=900'], 1],
    [['pulse'], 1],
    [['name=zero'], 6],
  ])('%j select %d processes', (words, count) => {
    const parsed = parseProcessFilter(words);
    expect('filter' in parsed && rows.filter((row) => parsed.filter.matches(row, NOW_SEC)).length).toBe(count);
  });

  it('are refused like those for objects', () => {
    expect(parseProcessFilter(['foo=1'])).toHaveProperty('problem.word', 'foo=1');
  });
});
