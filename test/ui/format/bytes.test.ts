import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatIecBytes, parseBytes, spellBytes } from '../../../src/ui/format/bytes.ts';

describe('formatIecBytes', () => {
  it.each([
    [0, '0'],
    [56, '56'],
    [1023, '1023'],
    [1024, '1.0K'],
    [10_240, '10.0K'],
    [102_297, '99.9K'],
    [102_400, '100K'],
    [1_047_552, '1023K'],
    [1_048_063, '1023K'],
    [1_048_064, '1.0M'],
    [1_048_575, '1.0M'],
    [1_048_576, '1.0M'],
    [12_897_485, '12.3M'],
    [1024 ** 6, '1.0E'],
  ])('writes %d as %s', (bytes, text) => {
    expect(formatIecBytes(bytes)).toBe(text);
  });

  it('never takes more than five characters', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (bytes) => formatIecBytes(bytes).length <= 5));
  });

  it('is off by at most a twentieth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 52 }), (bytes) => {
        const back = parseBytes(formatIecBytes(bytes));
        expect(back).toBeDefined();
        expect(Math.abs((back ?? 0) - bytes) / bytes).toBeLessThan(0.05);
      }),
    );
  });
});

describe('formatBytes and spellBytes', () => {
  it('write all digits when asked to', () => {
    expect(formatBytes(12_897_485, { bytes: 'exact' })).toBe('12897485');
    expect(spellBytes(12_897_485, { bytes: 'exact' })).toBe('12897485 bytes');
    expect(spellBytes(1, { bytes: 'iec' })).toBe('1 byte');
    expect(spellBytes(4096, { bytes: 'iec' })).toBe('4.0K');
  });
});

describe('parseBytes', () => {
  it.each([
    ['4096', 4096],
    ['512K', 524_288],
    ['512k', 524_288],
    ['1.5G', 1_610_612_736],
    ['2GiB', 2_147_483_648],
    ['10MB', 10_485_760],
    ['7b', 7],
    ['.5k', 512],
  ])('reads %s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', '-1', '1X', '1 G', '1e3', 'G', '0x10', '99999999E', '1.2.3G'])('refuses %j', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });
});
