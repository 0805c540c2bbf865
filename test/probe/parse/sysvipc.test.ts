// /proc/sysvipc/shm as several kernels print it, and as no kernel should.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SysvRow } from '../../../src/probe/model/join/sysv-row.ts';
import { parseSysvText, ResidentText, type SysvText } from '../../../src/probe/parse/sysvipc.ts';

const HEADING =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n';
const SHORT_HEADING =
  '       key      shmid perms       size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime\n';
const NAMESPACE = '4026531839';

function parse(text: string): SysvText {
  const bytes = Buffer.from(text, 'latin1');
  return parseSysvText(bytes, bytes.length, NAMESPACE);
}

/** As the kernel prints it: sysvipc_shm_proc_show of ipc/shm.c. */
function format(row: SysvRow): string {
  const fields: [number, number][] = [
    [row.key | 0, 10],
    [row.shmid, 10],
    [Number(row.mode.toString(8)), 5],
    [row.sizeBytes, 21],
    [row.cpid, 5],
    [row.lpid, 5],
    [row.nattch, 6],
    [row.uid, 5],
    [row.gid, 5],
    [row.cuid, 5],
    [row.cgid, 5],
    [row.atimeSec, 10],
    [row.dtimeSec, 10],
    [row.ctimeSec, 10],
  ];
  if (row.rssBytes !== undefined && row.swapBytes !== undefined) fields.push([row.rssBytes, 21], [row.swapBytes, 21]);
  return `${fields.map(([value, width]) => String(value).padStart(width)).join(' ')}\n`;
}

describe('the segment table as text', () => {
  test('a line of Linux 6.18 is read with all its fields', () => {
    const line =
      '   5432001          7  3600           1048576  1234  5678      3  1000   100     0     0 1795237000 1795237001 1795237002                  8192                  4096\n';
    expect(parse(HEADING + line)).toEqual({
      malformed: 0,
      rows: [
        {
          ipcNamespace: NAMESPACE,
          key: 5432001,
          shmid: 7,
          mode: 0o3600,
          sizeBytes: 1048576,
          cpid: 1234,
          lpid: 5678,
          nattch: 3,
          uid: 1000,
          gid: 100,
          cuid: 0,
          cgid: 0,
          atimeSec: 1795237000,
          dtimeSec: 1795237001,
          ctimeSec: 1795237002,
          rssBytes: 8192,
          swapBytes: 4096,
        },
      ],
    });
  });

  test('a line of Linux 2.6.32 has no rss and no swap, which are then absent and not zero', () => {
    const line =
      '1279349041      98305   600       4096  2210  2210      1     0     0     0     0 1310717893 1310717893 1310717893\n';
    const { rows, malformed } = parse(SHORT_HEADING + line);
    expect(malformed).toBe(0);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ key: 0x4c415131, shmid: 98305, nattch: 1, ctimeSec: 1310717893 });
    expect(rows[0].rssBytes).toBeUndefined();
    expect(rows[0].swapBytes).toBeUndefined();
  });

  test('a line with rss but without swap, as a cut one has, gives neither', () => {
    const [row] = parse(`${SHORT_HEADING}1 2 600 4096 1 1 0 0 0 0 0 1 1 1 4096\n`).rows;
    expect(row).toMatchObject({ shmid: 2, rssBytes: undefined, swapBytes: undefined });
  });

  test('fields that a later kernel adds at the end change nothing', () => {
    const line = '1 2 600 4096 1 1 0 0 0 0 0 1 1 1 4096 8192 77 88\n';
    expect(parse(HEADING + line)).toMatchObject({ malformed: 0, rows: [{ rssBytes: 4096, swapBytes: 8192 }] });
  });

  test('a negative key is the same key without a sign', () => {
    const keyOf = (text: string) => parse(`${HEADING}${text} 1 600 1 1 1 0 0 0 0 0 1 1 1 0 0\n`).rows[0].key;
    expect(keyOf('-118431932')).toBe(0xf8f0df44);
    expect(keyOf('-1')).toBe(0xffffffff);
    expect(keyOf('-2147483648')).toBe(0x80000000);
    expect(keyOf('2147483647')).toBe(0x7fffffff);
    expect(keyOf('0')).toBe(0);
  });

  test('keys and shmids that fill their columns are still two fields', () => {
    const { rows } = parse(
      `${HEADING}-2147483648 2147483647 177777 18446744073709551615 4194304 4194304 99999999 4294967295 4294967295 4294967295 4294967295 9999999999 9999999999 9999999999 18446744073709551615 18446744073709551615\n`,
    );
    expect(rows[0]).toMatchObject({ shmid: 2147483647, cpid: 4194304, nattch: 99999999, uid: 4294967295 });
  });

  test('a size above 2^53 is near what the kernel printed, and does not push the other fields aside', () => {
    const { rows } = parse(`${HEADING}0 5 600 4611686018427387904 7 8 0 0 0 0 0 1 2 3 0 0\n`);
    expect(rows[0]).toMatchObject({ sizeBytes: 2 ** 62, cpid: 7, lpid: 8, ctimeSec: 3 });
  });

  test('shmid 0 is a segment like any other', () => {
    expect(parse(`${HEADING}0 0 600 1 1 1 0 0 0 0 0 1 1 1 0 0\n`).rows[0].shmid).toBe(0);
  });

  test('an empty file, a heading alone and blank lines are no segments and nothing malformed', () => {
    for (const text of ['', HEADING, HEADING.trimEnd(), `${HEADING}\n\n  \n`]) {
      expect(parse(text)).toEqual({ rows: [], malformed: 0 });
    }
  });

  test('a last line without a newline is read', () => {
    expect(parse(`${HEADING}1 2 600 4096 1 1 0 0 0 0 0 1 1 1 0 0`).rows).toHaveLength(1);
  });

  test.each([
    ['too few fields', '1 2 600 4096 1 1 0 0 0 0 0 1 1'],
    ['one word', 'garbage'],
    ['a letter in a number', '1 2 600 4x96 1 1 0 0 0 0 0 1 1 1 0 0'],
    ['an 8 in the octal mode', '1 2 680 4096 1 1 0 0 0 0 0 1 1 1 0 0'],
    ['a fraction', '1 2 600 40.96 1 1 0 0 0 0 0 1 1 1 0 0'],
    ['a hexadecimal key', '0x1 2 600 4096 1 1 0 0 0 0 0 1 1 1 0 0'],
    ['a sign without a number', '- 2 600 4096 1 1 0 0 0 0 0 1 1 1 0 0'],
    ['a sign at the end', '1 2 600 4096 1 1 0 0 0 0 0 1 1 1 0 -'],
    ['bytes of another kind', '\x1b[2J \xff \0 1 1 1 1 1 1 1 1 1 1 1 1 1'],
  ])('a line with %s is counted as malformed, and the lines around it are read', (_, line) => {
    const good = (shmid: number) => `1 ${shmid} 600 4096 1 1 0 0 0 0 0 1 1 1 0 0\n`;
    const { rows, malformed } = parse(`${HEADING}${good(5)}${line}\n${good(6)}`);
    expect(rows.map(({ shmid }) => shmid)).toEqual([5, 6]);
    expect(malformed).toBe(1);
  });

  test('bytes behind the given length, left over from a longer file, are not read', () => {
    const text = `${HEADING}1 2 600 4096 1 1 0 0 0 0 0 1 1 1 0 0\n`;
    const bytes = Buffer.from(`${text}1 3 600 4096 1 1 0 0 0 0 0 1 1 1 0 0\n`);
    expect(parseSysvText(bytes, text.length, NAMESPACE).rows.map(({ shmid }) => shmid)).toEqual([2]);
    for (let length = 0; length < text.length; length++) {
      const { rows } = parseSysvText(bytes, length, NAMESPACE);
      expect(rows.every(({ shmid }) => shmid === 2)).toBe(true);
    }
  });
});

describe('any segment', () => {
  const u32 = fc.nat(0xffffffff);
  const pid = fc.nat(4194304);
  const time = fc.nat(9_999_999_999);
  const size = fc.maxSafeNat();
  const row: fc.Arbitrary<SysvRow> = fc.record({
    ipcNamespace: fc.constant(NAMESPACE),
    key: u32,
    shmid: fc.nat(0x7fffffff),
    mode: fc.nat(0o7777),
    sizeBytes: size,
    cpid: pid,
    lpid: pid,
    nattch: fc.nat(1_000_000),
    uid: u32,
    gid: u32,
    cuid: u32,
    cgid: u32,
    atimeSec: time,
    dtimeSec: time,
    ctimeSec: time,
    rssBytes: size,
    swapBytes: size,
  });
  const shortRow = row.map((full) => ({ ...full, rssBytes: undefined, swapBytes: undefined }));

  test('that is printed as the kernel does reads back the same', () => {
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        expect(parse(HEADING + rows.map(format).join(''))).toEqual({ rows, malformed: 0 });
      }),
    );
  });

  test('that is printed as an old kernel does reads back the same', () => {
    fc.assert(
      fc.property(fc.array(shortRow), (rows) => {
        expect(parse(SHORT_HEADING + rows.map(format).join(''))).toEqual({ rows, malformed: 0 });
      }),
    );
  });

  test('whatever the bytes are, every line that is not blank is either a row or counted as malformed', () => {
    const character = fc.constantFrom(...'0123456789- \tx\xff');
    const line = fc.string({ unit: character, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const { rows, malformed } = parse(`${HEADING}${lines.join('\n')}`);
        expect(rows.length + malformed).toBe(lines.filter((text) => /[^ ]/.test(text)).length);
      }),
    );
  });
});

describe('resident bytes added from the text', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const bare = (shmid: number, ctimeSec: number): SysvRow => ({
    ...{ ipcNamespace: NAMESPACE, shmid, key: 0, mode: 0o600, sizeBytes: 4096, cpid: 1, lpid: 0, nattch: 0 },
    ...{ uid: 0, gid: 0, cuid: 0, cgid: 0, atimeSec: 0, dtimeSec: 0, ctimeSec },
  });
  const full = (shmid: number, rssBytes: number, swapBytes: number): SysvRow => ({
    ...bare(shmid, 1_795_237_002),
    ...{ rssBytes, swapBytes },
  });
  const shown = (rows: readonly SysvRow[]) =>
    rows.map(({ shmid, rssBytes, swapBytes }) => [shmid, rssBytes, swapBytes]);
  function fill(rows: readonly SysvRow[], ...pieces: readonly string[]): number {
    const text = new ResidentText(rows);
    for (const piece of pieces) text.add(bytes(piece));
    return text.malformed;
  }

  const number = fc.nat(0xffffffff);
  const anyRow: fc.Arbitrary<SysvRow> = fc.record({
    ...{ ipcNamespace: fc.constant(NAMESPACE), key: number, shmid: fc.nat(0x7fffffff), mode: fc.nat(0o7777) },
    ...{ sizeBytes: fc.maxSafeNat(), cpid: number, lpid: number, nattch: number },
    ...{ uid: number, gid: number, cuid: number, cgid: number },
    ...{ atimeSec: number, dtimeSec: number, ctimeSec: number },
    ...{ rssBytes: fc.maxSafeNat(), swapBytes: fc.maxSafeNat() },
  });

  test('are those that reading every field gives, in whatever pieces the lines come', () => {
    const rows = fc.uniqueArray(anyRow, { selector: ({ shmid }) => shmid });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.boolean()), (all, isCut) => {
        const pieces = [HEADING];
        for (const row of all) {
          if (isCut.next().value) pieces.push('');
          pieces[pieces.length - 1] += format(row);
        }
        const empty = all.map((row) => ({ ...row, rssBytes: undefined, swapBytes: undefined }));
        expect(fill(empty, ...pieces.filter((piece) => piece !== ''))).toBe(0);
        expect(empty).toEqual(all);
      }),
    );
  });

  test('find their segments where some have come and gone since the table was read, and no others', () => {
    const rows = [bare(1, 1_795_237_002), bare(2, 1_795_237_002), bare(4, 1_795_237_002), bare(5, 9)];
    const lines = [full(2, 20, 21), full(3, 30, 31), full(4, 40, 41), full(5, 50, 51)].map(format).join('');
    expect(fill(rows, HEADING + lines)).toBe(0);
    expect(shown(rows)).toEqual([
      [1, undefined, undefined],
      [2, 20, 21],
      [4, 40, 41],
      [5, undefined, undefined],
    ]);
  });

  test.each([
    ['a letter among its resident bytes', (line: string) => line.replace(/4096 +(\d+)\n/, '40x6 $1\n')],
    ['a letter in its number', (line: string) => line.replace(/ 7 /, ' x ')],
    ['something behind its last number', (line: string) => line.replace('\n', 'x\n')],
  ])('a line with %s is malformed, and the lines around it are read', (_, spoil) => {
    const rows = [bare(6, 1_795_237_002), bare(7, 1_795_237_002), bare(8, 1_795_237_002)];
    const [before = '', line = '', after = ''] = [full(6, 1, 2), full(7, 4096, 3), full(8, 4, 5)].map(format);
    expect(fill(rows, HEADING + before + spoil(line) + after)).toBe(1);
    expect([rows[0], rows[2]].map(({ rssBytes }) => rssBytes)).toEqual([1, 4]);
  });

  test('are absent where the kernel does not print them, however long its lines', () => {
    const rows = [bare(7, 3)];
    const long = `${'1'.padStart(60)} ${'7'.padStart(60)} 600 4096 1 1 0 0 0 0 0 1 2 ${'3'.padStart(40)}\n`;
    expect(fill(rows, SHORT_HEADING + long)).toBe(0);
    expect(shown(rows)).toEqual([[7, undefined, undefined]]);
  });
});
