// Ids: unique within a snapshot, printable, and the same for the same kernel object.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unescapeBytes } from '../../../src/probe/model/bytes.ts';
import { fileId, keyText, posixShortId, sysvId, sysvShortId } from '../../../src/probe/model/identity.ts';
import { deviceNumber, deviceText } from '../../../src/probe/model/join/mapping-record.ts';
import { KINDS } from '../../../src/probe/model/object.ts';

describe('ids', () => {
  test('of a segment hold its namespace, and the short one only where it is not ours', () => {
    expect(sysvId('4026531839', 0)).toBe('sysv:4026531839:0');
    expect(sysvShortId('4026531839', 5, '4026531839')).toBe('sysv:5');
    expect(sysvShortId('4026532001', 5, '4026531839')).toBe('sysv:5@4026532001');
    expect(sysvShortId('4026531839', 5, undefined)).toBe('sysv:5@4026531839');
  });

  test('of files hold kind, device and inode: the same inode on one device may be a memfd and anonymous', () => {
    const device = deviceNumber(0, 1);
    expect(fileId('memfd', device, 7)).toBe('memfd:0:1:7');
    expect(new Set(KINDS.map((kind) => fileId(kind, device, 7))).size).toBe(KINDS.length);
  });

  test('of files differ whenever device or inode do', () => {
    const file = fc.tuple(fc.nat(0xfff), fc.nat(0xfffff), fc.maxSafeNat());
    fc.assert(
      fc.property(file, file, (a, b) => {
        fc.pre(a.some((part, at) => part !== b[at]));
        const idOf = ([major, minor, inode]: typeof a) => fileId('posix', deviceNumber(major, minor), inode);
        expect(idOf(a)).not.toBe(idOf(b));
      }),
    );
  });

  test('of names are escaped, and lead back to the bytes', () => {
    expect(posixShortId('/a\n\x1b')).toBe('posix:/a\\x0a\\x1b');
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const name = Buffer.from(bytes).toString('latin1');
        expect(unescapeBytes(posixShortId(name).slice('posix:'.length))).toBe(name);
      }),
    );
  });
});

describe('keys and devices', () => {
  test('keys are printed as ipcs prints them', () => {
    expect([0, 1, 0x0052e2c1, 0xffffffff, 0x80000000].map(keyText)).toEqual([
      '0x00000000',
      '0x00000001',
      '0x0052e2c1',
      '0xffffffff',
      '0x80000000',
    ]);
  });

  test('a device number holds major and minor without mixing them', () => {
    fc.assert(
      fc.property(fc.nat(0xfff), fc.nat(0xfffff), (major, minor) => {
        expect(deviceText(deviceNumber(major, minor))).toBe(`${major}:${minor}`);
      }),
    );
  });
});
