// Keys that spell four letters: shown as text beside the hex, found by it, and never mistaken for it.
import { describe, expect, it } from 'vitest';
import { isSpelledBy, spelledKey } from '../../../src/probe/model/spelled-key.ts';

describe('a key', () => {
  it.each([
    ['0x4e545030', 'NTP0'],
    ['0x3050544e', 'NTP0'],
    ['0x47505344', 'GPSD'],
    ['0x44535047', 'DSPG'],
    ['0x31323334', '1234'],
    ['0x5c785c6e', 'n\\x\\'],
    ['0x4e545000', undefined],
    ['0x1e545030', undefined],
    ['0xce545030', undefined],
    ['0x4e54507f', undefined],
    ['0x00000000', undefined],
    ['0x0052e2c1', undefined],
  ])('%s spells %j', (key, text) => {
    expect(spelledKey(key)).toBe(text);
    expect(spelledKey(key)).toBe(text);
  });

  it('is found by what it spells in either order of its bytes', () => {
    for (const wanted of ['ntp0', 'ntp', 'tp0', '0ptn']) expect(isSpelledBy('0x4e545030', wanted), wanted).toBe(true);
    for (const wanted of ['gpsd', 'ntp1']) expect(isSpelledBy('0x4e545030', wanted), wanted).toBe(false);
    expect(isSpelledBy('0x4e545000', 'ntp')).toBe(false);
  });

  it('gives only printable ASCII, whatever it is', () => {
    for (let round = 0; round < 20_000; round++) {
      const key = `0x${Math.floor(Math.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')}`;
      const text = spelledKey(key);
      if (text !== undefined) expect(text).toMatch(/^[\x20-\x7e]{4}$/);
    }
  });
});
