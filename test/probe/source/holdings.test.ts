// What one process holds: one that changes its memory (exec) or ends while it is read leaves neither a hole nor a ghost.
import { expect, test } from 'vitest';
import { GapList } from '../../../src/probe/model/gap.ts';
import { HolderScanner } from '../../../src/probe/source/holders.ts';
import type { Io } from '../../../src/probe/source/io.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';

const ENOENT = 2;
const MAPS = '7f0000000000-7f0000001000 rw-s 00000000 00:01 5                          /SYSV00001234 (deleted)\n';
const NONE = new Set<number>();
const NOTHING_WANTED = {
  ...{ privateDevices: NONE, fdDevices: NONE, namedDevices: NONE, entries: [] },
  ...{ hasAllNames: true, includeFiles: false },
};

const statOf = (state: string, flags = 0, threads = 1) =>
  `10 (x) ${state} 1 1 1 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 ${threads} 0 1234 0 0\n`;

/** A /proc with one process, whose maps read as these texts, one after the other. */
function scan(maps: readonly string[], stat: string | undefined) {
  let reads = 0;
  const io: Io = {
    ...nodeIo(),
    readDir: () => [],
    readLines: (_, use) => {
      const text = maps[Math.min(reads++, maps.length - 1)] ?? '';
      if (text !== '') use(Buffer.from(text));
      return 0;
    },
    readFile: (path) => {
      return path.endsWith('/stat') && stat !== undefined ? Buffer.from(stat) : -ENOENT;
    },
  };
  const gaps = new GapList();
  const { mappings, processes, inspected } = new HolderScanner(io, undefined, '/proc').scan([10], NOTHING_WANTED, gaps);
  return { found: mappings.length, processes, inspected, gaps: gaps.list() };
}

test('a process that called exec between two reads is read again', () => {
  expect(scan(['', MAPS], statOf('S'))).toEqual({ found: 1, processes: 1, inspected: 1, gaps: [] });
});

test.each([
  ['a kernel thread', statOf('S', 0x00200000)],
  ['a zombie', statOf('Z')],
  ['one that is gone', undefined],
  ['one that has given its memory back and is about to end', statOf('R')],
])('%s has no memory: not counted, and no gap', (_, stat) => {
  expect(scan([''], stat)).toEqual({ found: 0, processes: 0, inspected: 0, gaps: [] });
});
