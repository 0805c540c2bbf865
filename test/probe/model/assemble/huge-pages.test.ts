// Resident bytes of segments made of huge pages, which Linux 6.12 and 6.18 report too large by the base pages in one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctResident, inflatesHugeRss } from '../../../../src/probe/model/assemble/huge-pages.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const PAGE = 4 * KIB;
const SIZES = [2 * MIB, GIB];

/** What the kernel prints for so many resident huge pages: right up to 6.1, times the factor on 6.12 and 6.18. */
const printed = (pages: number, pageBytes: number, kernel: '6.1' | '6.18') =>
  pages * pageBytes * (kernel === '6.18' ? pageBytes / PAGE : 1);

const NEW = true;
const OLD = false;

describe('resident bytes', () => {
  test('of base pages stay as they are, on every kernel', () => {
    for (const kernel of [NEW, OLD]) {
      expect(correctResident(40 * KIB, MIB, PAGE, PAGE, SIZES, kernel)).toEqual({ rssBytes: 40 * KIB });
      expect(correctResident(MIB, MIB, PAGE, undefined, SIZES, kernel)).toEqual({ rssBytes: MIB });
      expect(correctResident(PAGE, 100, PAGE, undefined, SIZES, kernel)).toEqual({ rssBytes: PAGE });
      expect(correctResident(0, 100, PAGE, undefined, [], kernel)).toEqual({ rssBytes: 0 });
    }
  });

  test.each([1, 2, 3, 5])('of %i pages of 2 MiB are divided on 6.18, with an attachment or without', (pages) => {
    const rss = printed(pages, 2 * MIB, '6.18');
    const right = { rssBytes: pages * 2 * MIB, hugePageBytes: 2 * MIB };
    expect(correctResident(rss, 10 * MIB, PAGE, 2 * MIB, SIZES, NEW)).toEqual(right);
    expect(correctResident(rss, 10 * MIB, PAGE, undefined, SIZES, NEW)).toEqual(right);
  });

  test.each([1, 2, 3, 5])('of %i pages of 2 MiB are right as they are on 6.1', (pages) => {
    const rss = printed(pages, 2 * MIB, '6.1');
    const right = { rssBytes: rss, hugePageBytes: 2 * MIB };
    expect(correctResident(rss, 10 * MIB, PAGE, 2 * MIB, SIZES, OLD)).toEqual(right);
  });

  test('of a page of 1 GiB are told from pages of 2 MiB', () => {
    const right = { rssBytes: GIB, hugePageBytes: GIB };
    expect(correctResident(printed(1, GIB, '6.18'), GIB, PAGE, GIB, SIZES, NEW)).toEqual(right);
    expect(correctResident(printed(1, GIB, '6.1'), GIB, PAGE, GIB, SIZES, OLD)).toEqual(right);
  });

  test('of a large segment on 6.1 (a database of 16 GiB, all in memory) are not divided by 512', () => {
    const rss = printed(8192, 2 * MIB, '6.1');
    expect(correctResident(rss, 16 * GIB, PAGE, 2 * MIB, SIZES, OLD).rssBytes).toBe(16 * GIB);
  });

  test('of a large segment on 6.18 of which little is in memory are divided though they would fit', () => {
    const rss = printed(8, 2 * MIB, '6.18');
    expect(correctResident(rss, 16 * GIB, PAGE, 2 * MIB, SIZES, NEW).rssBytes).toBe(16 * MIB);
  });

  test('are right for any number of pages on both kernels, where an attachment tells the page size', () => {
    fc.assert(
      fc.property(
        fc.nat(5000),
        fc.nat(5000),
        fc.constantFrom(2 * MIB, GIB),
        fc.boolean(),
        (pages, more, page, isNew) => {
          const rss = printed(pages, page, isNew ? '6.18' : '6.1');
          const found = correctResident(rss, (pages + more) * page, PAGE, page, SIZES, isNew);
          expect(found).toEqual({ rssBytes: pages * page, hugePageBytes: page });
        },
      ),
    );
  });

  test('that fit no page size are never said to be more than the segment', () => {
    const { rssBytes } = correctResident(123 * GIB + PAGE, 10 * MIB, PAGE, undefined, SIZES, NEW);
    expect(rssBytes).toBeLessThanOrEqual(10 * MIB);
  });

  test('are never more than the size rounded up to its pages, whatever the kernel prints', () => {
    fc.assert(
      fc.property(
        fc.nat(2 ** 30).map((pages) => pages * PAGE),
        fc.integer({ min: 1, max: 2 ** 30 }),
        fc.constantFrom(undefined, PAGE, 2 * MIB, GIB),
        fc.constantFrom([], [2 * MIB], SIZES),
        fc.boolean(),
        (rss, size, mapped, sizes, isNew) => {
          const { rssBytes, hugePageBytes } = correctResident(rss, size, PAGE, mapped, sizes, isNew);
          const page = hugePageBytes ?? PAGE;
          expect(rssBytes).toBeLessThanOrEqual(Math.ceil(size / page) * page);
          expect(rssBytes).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the kernels that count them wrong', () => {
  test.each([
    ['6.18.44-fc-v595', true],
    ['6.12.30+deb13-amd64', true],
    ['6.7.0', true],
    ['7.0.0-rc1', true],
    ['6.6.87-generic', false],
    ['6.1.0-18-amd64', false],
    ['5.14.0-503.el9.x86_64', false],
    ['2.6.32', false],
    ['', false],
    ['unknown', false],
  ])('%s: %s', (release, isInflated) => {
    expect(inflatesHugeRss(release)).toBe(isInflated);
  });
});
