// Nodes of memory and huge pages: what the machine has is read, what it has not is refused, and nothing of it is changed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readHardware } from '../../src/load/hardware.ts';
import { placeWorkers } from '../../src/load/placement.ts';
import { expectRight } from './right.ts';
import { shortPlan, shortRun } from './support.ts';

const MEMINFO =
  'MemTotal: 1 kB\nHugePages_Total:      10\nHugePages_Free:        7\nHugePages_Rsvd:        2\nHugepagesize:       2048 kB\n';

describe('the hardware', () => {
  it('has the nodes that have processors, and the huge pages that nobody has spoken for', () => {
    const sys = mkdtempSync(join(tmpdir(), 'shmtop-nodes-'));
    try {
      for (const [node, list] of [
        ['node10', '4-5'],
        ['node2', '0-3'],
        ['node3', ''],
      ]) {
        mkdirSync(join(sys, node));
        writeFileSync(join(sys, node, 'cpulist'), `${list}\n`);
      }
      writeFileSync(join(sys, 'possible'), '0-10\n');
      expect(readHardware(MEMINFO, sys)).toEqual({
        nodes: [
          { node: 2, cpus: [0, 1, 2, 3] },
          { node: 10, cpus: [4, 5] },
        ],
        hugePageBytes: 2 * 1024 ** 2,
        hugePagesFree: 5,
      });
      expect(readHardware('', join(sys, 'nothing'))).toEqual({ nodes: [], hugePageBytes: 0, hugePagesFree: 0 });
    } finally {
      rmSync(sys, { recursive: true });
    }
  });

  it('places producers and consumers on their nodes, as far as those may be used', () => {
    const cpuOf = placeWorkers({ pin: false, nodeCpus: [[0, 1, 9], [4]] }, [0, 1, 4, 5]);
    expect([0, 1, 2, 3, 4, 5].map(cpuOf)).toEqual([0, 4, 1, 4, 0, 4]);
    expect(placeWorkers({ pin: false, nodeCpus: [[9], [9]] }, [0])(0)).toBeUndefined();
    const beside = placeWorkers(
      {
        pin: false,
        nodeCpus: [
          [0, 1, 2, 3],
          [0, 1, 2, 3],
        ],
      },
      [0, 1, 3],
    );
    expect([0, 1, 2, 3].map(beside)).toEqual([0, 1, 3, 0]);
    expect([0, 1, 2].map(placeWorkers({ pin: true }, [3, 7]))).toEqual([3, 7, 3]);
    expect(placeWorkers({ pin: false }, [3, 7])(0)).toBeUndefined();
  });
});

const SYSCTL = '/proc/sys/vm/nr_hugepages';
const field = (name: string) =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);

/** Sets some aside for as long as `work` takes; false where the machine would not. */
async function withHugePages(count: number, work: () => Promise<void>): Promise<boolean> {
  const before = readFileSync(SYSCTL, 'utf8');
  try {
    writeFileSync(SYSCTL, String(Number(before) + count));
    if (field('HugePages_Free') < count) return false;
    await work();
    return true;
  } finally {
    writeFileSync(SYSCTL, before);
    expect(readFileSync(SYSCTL, 'utf8')).toBe(before);
  }
}

function mayChange(): boolean {
  try {
    writeFileSync(SYSCTL, readFileSync(SYSCTL, 'utf8'));
    return true;
  } catch {
    return false; // EACCES, EROFS: not root, or a container
  }
}

describe.skipIf(!mayChange())('huge pages', () => {
  it('carry messages, are given back, and their number is left as it was', async ({ skip }) => {
    const done = await withHugePages(6, async () => {
      const total = field('HugePages_Total');
      for (const backing of ['sysv', 'memfd'] as const) {
        expect(shortPlan({ huge: true, backing }).segmentBytes % field('Hugepagesize')).toBe(0);
        const meter = await shortRun({ huge: true, backing, verify: 'full' });
        expectRight(meter);
        expect(meter.setup.huge).toBe(true);
        expectRight(await shortRun({ huge: true, backing, producers: 2, consumers: 2, verify: 'full' }));
      }
      expect(field('HugePages_Free')).toBe(field('HugePages_Total'));
      expect(field('HugePages_Total')).toBe(total);
    });
    if (!done) skip('no huge pages can be had');
  });
});
