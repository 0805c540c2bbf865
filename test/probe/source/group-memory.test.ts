// Memory of control groups, version 1 and 2: the one that sets the limit is the one that runs full.
import { describe, expect, it } from 'vitest';
import { parseGroupNumber, parseGroupShmem } from '../../../src/probe/parse/group-memory.ts';
import { GroupMemory, type MemoryGroup } from '../../../src/probe/source/group-memory.ts';
import type { Io } from '../../../src/probe/source/io.ts';

const refuse = () => -2;
function ioOf(files: Readonly<Record<string, string>>, onRead = () => {}): Io {
  return {
    ...{ readLines: refuse, readDir: refuse, readPids: refuse, readLink: refuse, stat: refuse },
    readFile: (path) => {
      onRead();
      const text = files[path];
      return text === undefined ? -2 : Buffer.from(text);
    },
  };
}

const V2 = '/sys/fs/cgroup';
const V1 = '/sys/fs/cgroup/memory';
const SERVICE: MemoryGroup = { version: 2, path: '/system.slice/web.service/worker' };

describe('memory of a control group', () => {
  it('is that of the nearest one that has a limit, with the shared memory in it', () => {
    const memory = new GroupMemory(
      ioOf({
        [`${V2}/system.slice/web.service/worker/memory.current`]: '100\n',
        [`${V2}/system.slice/web.service/worker/memory.max`]: 'max\n',
        [`${V2}/system.slice/web.service/memory.current`]: '8192\n',
        [`${V2}/system.slice/web.service/memory.max`]: '16384\n',
        [`${V2}/system.slice/web.service/memory.stat`]: 'anon 1\nfile 2\nshmem 4096\nshmem_thp 0\n',
      }),
    );
    expect(memory.read([SERVICE])).toEqual([
      { kind: 'group', of: '/system.slice/web.service', used: 8192, limit: 16_384, shmemBytes: 4096 },
    ]);
  });

  it('without any limit is its own', () => {
    const memory = new GroupMemory(ioOf({ [`${V2}${SERVICE.path}/memory.current`]: '100\n' }));
    expect(memory.read([SERVICE])).toEqual([{ kind: 'group', of: SERVICE.path, used: 100 }]);
  });

  it('of version 1 has what is below it too; LONG_MAX is no limit', () => {
    const memory = new GroupMemory(
      ioOf({
        [`${V1}/docker/x/memory.usage_in_bytes`]: '100\n',
        [`${V1}/docker/x/memory.limit_in_bytes`]: '9223372036854771712\n',
        [`${V1}/docker/x/memory.stat`]: 'shmem 1\ntotal_shmem 64\n',
      }),
    );
    expect(memory.read([{ version: 1, path: '/docker/x' }])).toEqual([
      { kind: 'group', of: '/docker/x', used: 100, shmemBytes: 64 },
    ]);
  });

  it('is told once for all that run full together, and read again only after a while', () => {
    let nowMs = 0;
    let reads = 0;
    const both = ['a', 'b'].map((name): MemoryGroup => ({ version: 2, path: `/pod/${name}` }));
    const files = Object.fromEntries([
      ...both.map(({ path }) => [`${V2}${path}/memory.current`, '1\n']),
      [`${V2}/pod/memory.current`, '2\n'],
      [`${V2}/pod/memory.max`, '10\n'],
    ]);
    const memory = new GroupMemory(
      ioOf(files, () => reads++),
      () => nowMs,
    );
    expect(memory.read(both)).toEqual([{ kind: 'group', of: '/pod', used: 2, limit: 10 }]);
    const before = reads;
    memory.read(both);
    expect(reads).toBe(before);
    nowMs = 60_000;
    memory.read(both);
    expect(reads).toBeGreaterThan(before);
  });

  it('that is not there is left out', () => {
    expect(new GroupMemory(ioOf({})).read([SERVICE])).toEqual([]);
  });
});

describe('texts of control groups', () => {
  it.each([['max\n'], [''], ['-1\n'], ['1e3\n'], ['x'], ['99999999999999999999\n']])('%j is no number', (text) => {
    expect(parseGroupNumber(text)).toBeUndefined();
  });

  it('shmem is not shmem_thp', () => {
    expect(parseGroupShmem('shmem_thp 5\n')).toBeUndefined();
  });
});
