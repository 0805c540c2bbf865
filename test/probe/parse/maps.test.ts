// /proc/PID/maps: which lines become records, and what their names, addresses and inodes may hold.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DeviceNumber, deviceNumber, type MappingRecord } from '../../../src/probe/model/join/mapping-record.ts';
import { latin1, parseMaps } from '../../../src/probe/parse/maps.ts';

const NONE: ReadonlySet<DeviceNumber> = new Set();
const SHM = deviceNumber(0, 0x1b);

function parse(text: string, privateDevices = NONE, pid = 7): { records: MappingRecord[]; malformed: number } {
  const bytes = Buffer.from(text, 'latin1');
  const records: MappingRecord[] = [];
  const malformed = parseMaps(bytes, bytes.length, pid, privateDevices, records);
  return { records, malformed };
}

/** As show_map_vma of fs/proc/task_mmu.c prints it. */
function format({ start, end, perms, offset, device, inode, name }: MappingRecord): string {
  const hex = (value: number, width = 8) => value.toString(16).padStart(width, '0');
  const major = hex(Math.floor(device / 0x100000), 2);
  const minor = hex(device % 0x100000, 2);
  const head = `${hex(start)}-${hex(end)} ${perms} ${hex(offset)} ${major}:${minor} ${inode} `;
  return name === '' ? `${head}\n` : `${head.padEnd(73)}${name.replaceAll('\n', '\\012')}\n`;
}

const LIBRARY = '7f3c1c000000-7f3c1c028000 r--p 00000000 fe:00 131 /usr/lib/x86_64-linux-gnu/libc.so.6\n';
const HEAP = '55d0c8a00000-55d0c8a21000 rw-p 00000000 00:00 0                          [heap]\n';

describe('the mappings of a process as text', () => {
  test('a System V attachment is read with address, size, device and inode', () => {
    const line = '7f3c1d2f8000-7f3c1d2fa000 rw-s 00000000 00:01 32769                      /SYSV0052e2c1 (deleted)\n';
    expect(parse(HEAP + LIBRARY + line)).toEqual({
      malformed: 0,
      records: [
        {
          pid: 7,
          start: 0x7f3c1d2f8000,
          end: 0x7f3c1d2fa000,
          perms: 'rw-s',
          offset: 0,
          device: deviceNumber(0, 1),
          inode: 32769,
          name: '/SYSV0052e2c1 (deleted)',
        },
      ],
    });
  });

  test('inode 0 is shmid 0: the mapping is kept', () => {
    const line = '7f3c1d2f8000-7f3c1d2fa000 r--s 00000000 00:01 0                          /SYSV00000000 (deleted)\n';
    expect(parse(line).records).toMatchObject([{ inode: 0, perms: 'r--s' }]);
  });

  test.each([
    ['memfd', '/memfd:shared-memory-region (deleted)', '/memfd:shared-memory-region (deleted)'],
    ['a memfd without a name', '/memfd: (deleted)', '/memfd: (deleted)'],
    ['blanks in the name', '/dev/shm/two  words ', '/dev/shm/two  words '],
    ['a name that is called deleted', '/dev/shm/x (deleted)', '/dev/shm/x (deleted)'],
    ['a newline', '/dev/shm/a\\012b', '/dev/shm/a\nb'],
    ['ESC and invalid UTF-8', '/dev/shm/\x1b[31m\xff\xc0\xaf', '/dev/shm/\x1b[31m\xff\xc0\xaf'],
    ['UTF-8', '/dev/shm/\xc3\xa9', '/dev/shm/\xc3\xa9'],
    ['a carriage return', '/dev/shm/a\rb', '/dev/shm/a\rb'],
    ['digits and a colon as in the columns before', '/dev/shm/00:1b 77 /x', '/dev/shm/00:1b 77 /x'],
  ])('a name with %s is given as raw bytes', (_, printed, name) => {
    const line = `7f3c1d2f8000-7f3c1d2fa000 rw-s 00001000 00:1b 42                         ${printed}\n`;
    expect(parse(line)).toMatchObject({ malformed: 0, records: [{ name, offset: 0x1000, device: SHM, inode: 42 }] });
  });

  test('a shared mapping without a name is kept, with an empty one', () => {
    expect(parse('7f3c1d2f8000-7f3c1d2fa000 rw-s 00000000 00:01 9 \n').records).toMatchObject([{ name: '', inode: 9 }]);
  });

  test('addresses of five-level paging and of the vsyscall page are exact', () => {
    const line = 'ff7ffffffff000-ff800000000000 rw-s ff7ffffffff000 00:1b 42 /dev/shm/x\n';
    const [record] = parse(line).records;
    expect(BigInt(record.start)).toBe(0xff7ffffffff000n);
    expect(BigInt(record.end)).toBe(0xff800000000000n);
    expect(BigInt(record.offset)).toBe(0xff7ffffffff000n);
    expect(parse('ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n').records).toEqual([]);
  });

  test('a minor number of more than two digits and a major number above 0 make the device of stat(2)', () => {
    const line = '7f3c1d2f8000-7f3c1d2fa000 rw-s 00000000 103:fffff 42 /x\n';
    expect(parse(line).records[0].device).toBe(deviceNumber(0x103, 0xfffff));
  });

  test('private mappings are left out, but those on the devices that are wanted', () => {
    const lines = [
      '7f0000000000-7f0000001000 rw-p 00000000 00:1b 42 /dev/shm/x\n',
      '7f0000001000-7f0000002000 rw-p 00000000 00:1c 42 /other\n',
      '7f0000002000-7f0000003000 rw-s 00000000 00:1c 43 /other\n',
    ].join('');
    const inodesOf = (devices: ReadonlySet<DeviceNumber>) =>
      parse(LIBRARY + HEAP + lines, devices).records.map(({ perms, inode }) => `${perms} ${inode}`);
    expect(inodesOf(NONE)).toEqual(['rw-s 43']);
    expect(inodesOf(new Set([SHM]))).toEqual(['rw-p 42', 'rw-s 43']);
  });

  test('a name that ends in s is not what makes a mapping shared', () => {
    expect(parse('7f0000000000-7f0000001000 rw-p 00000000 fe:00 42 /usr/lib/rw-s\n').records).toEqual([]);
  });

  test('an empty text has no mappings and nothing malformed', () => {
    expect(parse('')).toEqual({ records: [], malformed: 0 });
  });

  test('a last line without a newline is read when it is whole', () => {
    expect(parse(`${HEAP}7f0000000000-7f0000001000 rw-s 00000000 00:01 5 /memfd:x (deleted)`)).toMatchObject({
      malformed: 0,
      records: [{ inode: 5, name: '/memfd:x (deleted)' }],
    });
  });

  test.each([
    ['that is cut within the device', '7f0000000000-7f0000001000 rw-s 00000000 00:'],
    ['that is cut after the permissions', '7f0000000000-7f0000001000 rw-s'],
    ['that is cut within the address', '7f0000000000-7f00'],
    ['without a blank', 'garbage'],
    ['with an address that is no number', '7g0000000000-7f0000001000 rw-s 00000000 00:01 5 /x'],
    ['with an inode that is no number', '7f0000000000-7f0000001000 rw-s 00000000 00:01 five /x'],
    ['that begins with a blank', ' 7f0000000000-7f0000001000 rw-s 00000000 00:01 5 /x'],
  ])('a line %s is counted as malformed, and the next one is read', (_, line) => {
    const next = '7f0000002000-7f0000003000 rw-s 00000000 00:01 6 /memfd:x (deleted)\n';
    const { records, malformed } = parse(`${line}\n${next}`, new Set([SHM]));
    expect(records.map(({ inode }) => inode)).toEqual([6]);
    expect(malformed).toBe(1);
  });

  test('bytes behind the given length, left over from a longer file, are not read', () => {
    const bytes = Buffer.from(
      `${HEAP}7f0000000000-7f0000001000 rw-s 00000000 00:01 5 /memfd:x (deleted)\n7f0000001000-7f0000002000 rw-s 00000000 00:01 6 /memfd:y (deleted)\n`,
    );
    const records: MappingRecord[] = [];
    expect(parseMaps(bytes, HEAP.length, 1, NONE, records)).toBe(0);
    expect(records).toEqual([]);
  });

  test('records are appended to what is there', () => {
    const records: MappingRecord[] = [];
    const bytes = Buffer.from('7f0000000000-7f0000001000 rw-s 00000000 00:01 5 /memfd:x (deleted)\n');
    parseMaps(bytes, bytes.length, 1, NONE, records);
    parseMaps(bytes, bytes.length, 2, NONE, records);
    expect(records.map(({ pid }) => pid)).toEqual([1, 2]);
  });
});

describe('any mapping', () => {
  const page = fc.nat(2 ** 44 - 1).map((number) => number * 4096);
  const character = fc.constantFrom(...'abc /()-:0123456789sp\xff\xc3\x1b\t\n');
  // A name begins with a slash or a bracket; a literal \012 cannot be told from a newline.
  const name = fc.string({ unit: character, maxLength: 300 }).map((text) => (text === '' ? '' : `/${text}`));
  const flag = (letter: string) => fc.constantFrom(letter, '-');
  const record: fc.Arbitrary<MappingRecord> = fc.record({
    pid: fc.constant(7),
    start: page,
    end: page,
    perms: fc.tuple(flag('r'), flag('w'), flag('x'), fc.constantFrom('s', 'p')).map((letters) => letters.join('')),
    offset: page,
    device: fc.tuple(fc.nat(0xfff), fc.nat(0xfffff)).map(([major, minor]) => deviceNumber(major, minor)),
    inode: fc.maxSafeNat(),
    name,
  });

  test('that is printed as the kernel does reads back the same', () => {
    fc.assert(
      fc.property(fc.array(record), (all) => {
        const devices = new Set(all.map(({ device }) => device));
        expect(parse(all.map(format).join(''), devices)).toEqual({ records: all, malformed: 0 });
        const shared = all.filter(({ perms }) => perms.endsWith('s'));
        expect(parse(all.map(format).join(''))).toEqual({ records: shared, malformed: 0 });
      }),
    );
  });

  test('any bytes come back as they are, one char each', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10_000 }), (bytes) => {
        expect(latin1(bytes, 0, bytes.length)).toBe(Buffer.from(bytes).toString('latin1'));
      }),
    );
  });
});
