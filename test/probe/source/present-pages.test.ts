// The pages that a search may read: those of this very process, by the newer call and the older way alike.
import { closeSync, openSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { byEntries, placeAt, presentPages } from '../../../src/probe/source/present-pages.ts';

const libc = loadLibc();
const maps = () => readFileSync('/proc/self/maps', 'latin1');

it.skipIf(!isLibc(libc))('hold what is written, leave out what is mapped only, and both ways agree', () => {
  if (!isLibc(libc)) return;
  const memory = libc.allocate(64 * 4096);
  const untouched = libc.allocate(256 * 1024 * 1024);
  memory.bytes.fill(1);
  const fd = openSync('/proc/self/pagemap', 'r');
  const coverage = { isWhole: true };
  try {
    const page = Math.ceil(memory.address / 4096) * 4096;
    const far = Math.ceil(untouched.address / 4096) * 4096 + 128 * 1024 * 1024;
    for (const regions of [
      [...presentPages(libc, fd, 0, maps, coverage)],
      [...byEntries(libc, fd, 0, maps(), coverage)],
    ]) {
      const has = (address: number) => regions.some(({ start, end }) => address >= start && address < end);
      expect(has(page)).toBe(true);
      expect(has(page + 40 * 4096)).toBe(true);
      expect(has(far)).toBe(false);
      expect(regions.every(({ start, end }) => end > start && start % 4096 === 0)).toBe(true);
      const starts = regions.map(({ start }) => start);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    }
    expect(coverage.isWhole).toBe(true);
    expect([...byEntries(libc, fd, 0, '', coverage)]).toEqual([]);
    expect(coverage.isWhole).toBe(false);
    expect([...presentPages(libc, fd, page + 4096, maps, coverage)].every(({ start }) => start >= page + 4096)).toBe(
      true,
    );
  } finally {
    closeSync(fd);
  }
});

it('an address is told by the name of its mapping', () => {
  const text =
    '1000-3000 rw-p 00000000 00:00 0                          [heap]\n3000-4000 rw-p 00000000 00:00 0 \n5000-6000 r--p 00000000 08:01 7 /usr/bin/a b\n';
  expect(placeAt(text, 0x2fff)).toBe('[heap]');
  expect(placeAt(text, 0x3000)).toBeUndefined();
  expect(placeAt(text, 0x5000)).toBe('/usr/bin/a b');
  expect(placeAt(text, 0x9000)).toBeUndefined();
});
