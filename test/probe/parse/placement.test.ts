// numa_maps and smaps: the mappings that are wanted, whatever their files are called.
import { describe, expect, it } from 'vitest';
import { PssLines, parseNumaLine } from '../../../src/probe/parse/placement.ts';

describe('a line of numa_maps', () => {
  it('has pages by node, in bytes of the size that they have', () => {
    expect(
      parseNumaLine(
        '7f1200000000 default file=/SYSV00000000\\040(deleted) dirty=4 mapmax=2 N0=3 N1=1 kernelpagesize_kB=4',
      ),
    ).toEqual({
      start: 0x7f1200000000,
      nodes: {
        nodes: [
          { node: 0, bytes: 12_288 },
          { node: 1, bytes: 4096 },
        ],
        pageBytes: 4096,
      },
    });
    expect(
      parseNumaLine('7f00 bind:0-1 file=/anon_hugepage\\040(deleted) huge dirty=2 N1=2 kernelpagesize_kB=2048'),
    ).toEqual({
      start: 0x7f00,
      nodes: { nodes: [{ node: 1, bytes: 4_194_304 }], pageBytes: 2_097_152 },
    });
  });

  it('of what nobody has touched has none', () => {
    expect(parseNumaLine('7f00 default file=/dev/shm/x')).toEqual({ start: 0x7f00, nodes: { nodes: [] } });
  });

  it.each([[''], ['x'], ['7f00'], ['0x7f00 default']])('%j is none', (line) => {
    expect(parseNumaLine(line)).toBeUndefined();
  });

  it('is not made by what a file is called: its blanks are written as octal numbers', () => {
    const line = '7f00 default file=/dev/shm/a\\040N7=9\\040kernelpagesize_kB=64 dirty=1 N0=1 kernelpagesize_kB=4';
    expect(parseNumaLine(line)?.nodes.nodes).toEqual([{ node: 0, bytes: 4096 }]);
  });
});

describe('smaps', () => {
  it('gives the proportional share of the mappings that are wanted', () => {
    const lines = new PssLines(new Set([0x7f00]));
    for (const line of [
      '7f00-8f00 rw-s 00000000 00:01 5                          /SYSV00000000 (deleted)',
      'Size:                  4 kB',
      'Pss:                   2 kB',
      'Pss_Dirty:             9 kB',
      '9f00-af00 rw-s 00000000 00:01 6                          /x',
      'Pss:                   7 kB',
    ])
      lines.add(line);
    expect([...lines.bytesOf]).toEqual([[0x7f00, 2048]]);
  });
});
