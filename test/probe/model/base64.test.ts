// Base64 of ours against the one of Node: the same text, the same bytes, the same refusals.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base64OfBytes, bytesOfBase64 } from '../../../src/probe/model/base64.ts';

const bytes = fc.uint8Array({ maxLength: 70 }).map((array) => Buffer.from(array).toString('latin1'));
const nearlyBase64 = fc.string({ unit: fc.constantFrom(...'AQgw+/z9=', '-', '_', 'é'), maxLength: 12 });

function nodeDecodes(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined; // InvalidCharacterError
  }
}

it('writes what Node writes, and reads it back', () => {
  const property = fc.property(bytes, (raw) => {
    expect(base64OfBytes(raw)).toBe(btoa(raw));
    expect(bytesOfBase64(btoa(raw))).toBe(raw);
    expect(bytesOfBase64(btoa(raw).replace(/=+$/, ''))).toBe(raw);
  });
  fc.assert(property, { numRuns: 2000 });
  expect(base64OfBytes('\xff\x00')).toBe('/wA=');
});

it('reads what Node reads, and refuses what Node refuses', () => {
  const property = fc.property(nearlyBase64, (text) => {
    expect(bytesOfBase64(text)).toBe(nodeDecodes(text));
  });
  fc.assert(property, { numRuns: 5000 });
  expect(bytesOfBase64('AA==')).toBe('\0');
  expect(bytesOfBase64('A')).toBeUndefined();
  expect(bytesOfBase64('A===')).toBeUndefined();
});

it('takes no blanks, unlike Node: a file of ours has none', () => {
  expect(nodeDecodes('A A=\n=')).toBe('\0');
  expect(bytesOfBase64('A A=\n=')).toBeUndefined();
});
