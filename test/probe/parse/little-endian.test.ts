// Numbers in records against DataView, at any byte and with any sign.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { i32, u8, u16, u32, u64 } from '../../../src/probe/parse/little-endian.ts';

it('reads what DataView reads', () => {
  const property = fc.property(fc.uint8Array({ minLength: 9, maxLength: 20 }), fc.nat(1), (bytes, at) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    expect(u8(bytes, at)).toBe(view.getUint8(at));
    expect(u16(bytes, at)).toBe(view.getUint16(at, true));
    expect(i32(bytes, at)).toBe(view.getInt32(at, true));
    expect(u32(bytes, at)).toBe(view.getUint32(at, true));
    expect(u64(bytes, at)).toBe(Number(view.getBigUint64(at, true)));
  });
  fc.assert(property);
});

it('reads 0 beyond the end', () => {
  expect(u32(Uint8Array.of(1, 2), 0)).toBe(0x201);
  expect(u16(new Uint8Array(0), 0)).toBe(0);
});
