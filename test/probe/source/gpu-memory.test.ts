// What graphics drivers have, from a captured form of /proc: a client is counted once, whoever has it open.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readGpuMemory } from '../../../src/probe/source/gpu-memory.ts';
import { readHugePools } from '../../../src/probe/source/huge-pools.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';

const made: string[] = [];
const folder = () => {
  const root = mkdtempSync(join(tmpdir(), 'shmtop-gpu-'));
  made.push(root);
  return root;
};
afterEach(() => {
  for (const root of made.splice(0)) rmSync(root, { recursive: true });
});

function open(root: string, pid: number, fd: number, target: string, fdinfo: string): void {
  for (const name of ['fd', 'fdinfo']) mkdirSync(join(root, String(pid), name), { recursive: true });
  symlinkSync(target, join(root, String(pid), 'fd', String(fd)));
  writeFileSync(join(root, String(pid), 'fdinfo', String(fd)), fdinfo);
}

const client = (driver: string, id: number, resident: number, shared: number) =>
  `drm-driver:\t${driver}\ndrm-pdev:\t0000:00:02.0\ndrm-client-id:\t${id}\ndrm-resident-system0:\t${resident} MiB\ndrm-shared-system0:\t${shared} MiB\n`;

it('sums clients of drivers whose buffers are shmem, each once, and what they share once', () => {
  const root = folder();
  open(root, 10, 3, '/dev/dri/renderD128', client('i915', 1, 20, 8));
  open(root, 11, 3, '/dev/dri/renderD128', client('i915', 1, 20, 8));
  open(root, 12, 4, '/dev/dri/card0', client('i915', 2, 30, 6));
  open(root, 13, 4, '/dev/dri/card1', client('amdgpu', 3, 500, 0));
  open(root, 14, 4, '/tmp/dev/dri/card1', client('i915', 4, 500, 0));
  expect(readGpuMemory(nodeIo(), root, [10, 11, 12, 13, 14, 15], root)).toEqual({
    gpus: [{ id: '0000:00:02.0', driver: 'i915', bytes: (12 + 24 + 8) << 20 }],
    isWhole: true,
  });
  expect(readGpuMemory(nodeIo(), root, [10], join(root, 'no-such'))).toEqual({ gpus: [], isWhole: true });
});

it('does not list the descriptors of who has a million, says so, and counts all others', () => {
  const root = folder();
  for (const pid of [10, 11]) open(root, pid, 3, '/dev/dri/renderD128', client('i915', pid, 20, 0));
  const io = nodeIo();
  const listed: string[] = [];
  const many: typeof io = {
    ...io,
    // The size of /proc/PID/fd is their number (Linux 6.2).
    stat: (path, link) => {
      const stat = io.stat(path, link);
      return typeof stat === 'number' || path !== `${root}/10/fd` ? stat : { ...stat, sizeBytes: 1_000_000 };
    },
    readDir: (path) => {
      listed.push(path);
      return io.readDir(path);
    },
  };
  expect(readGpuMemory(many, root, [10, 11], root)).toMatchObject({ gpus: [{ bytes: 20 << 20 }], isWhole: false });
  expect(listed).not.toContain(`${root}/10/fd`);
});

it('reads pools of huge pages that have pages, by size', () => {
  const root = folder();
  const pool = (kib: number, numbers: readonly string[]) => {
    const path = join(root, `hugepages-${kib}kB`);
    mkdirSync(path);
    const names = ['nr_hugepages', 'free_hugepages', 'resv_hugepages', 'surplus_hugepages'];
    for (const [at, name] of names.entries()) writeFileSync(join(path, name), numbers[at] ?? '');
  };
  pool(1_048_576, ['1\n', '1\n', '0\n', '0\n']);
  pool(2048, ['10\n', '3\n', '2\n', '1\n']);
  pool(64, ['0\n', '0\n', '0\n', '0\n']);
  expect(readHugePools(nodeIo(), root)).toEqual([
    { pageBytes: 2 << 20, pages: 10, free: 3, reserved: 2, surplus: 1 },
    { pageBytes: 2 ** 30, pages: 1, free: 1, reserved: 0, surplus: 0 },
  ]);
});
