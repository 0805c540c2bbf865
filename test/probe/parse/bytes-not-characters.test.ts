// What other users write is bytes: 0xA0 and 0x85 are no blanks, \r begins no line, 0xC3 has no lower case. Each of these did harm.
import { describe, expect, test } from 'vitest';
import { parseObjectFilter } from '../../../src/filter/object-filter.ts';
import { utf8Bytes } from '../../../src/probe/model/bytes.ts';
import { SOFTWARE_TABLE } from '../../../src/probe/model/judge/software-table.ts';
import { parsePlace } from '../../../src/probe/parse/cgroup.ts';
import { parseMaps } from '../../../src/probe/parse/maps.ts';
import { parsePidStat, parsePidStatus } from '../../../src/probe/parse/pid-stat.ts';
import { rowHasText } from '../../../src/ui/state/object-rows.ts';
import { named } from '../../ui/sample-objects.ts';

const containerOf = (text: string) => parsePlace(text, () => 0).container;

const ODD = ['\xa0', '\x85', '\xb5', '\xad', '\x0b', '\x0c', '\r', '\x1c', ' ', '\xe0', '\xc5\xb8', '\xe2\x80\xa8'];
const shown = (byte: string) => Buffer.from(byte, 'latin1').toString('hex');

describe.each(ODD.map((byte) => [shown(byte), byte] as const))('bytes %s', (_, byte) => {
  test('are part of the name of a container', () => {
    for (const path of [`/lxc/a${byte}b`, `/lxc.payload.a${byte}b`]) {
      expect(utf8Bytes(containerOf(`0::${path}\n`)?.id ?? '')).toContain('b');
    }
    expect(containerOf(`0::/kubepods${byte}x/${'ab'.repeat(32)}\n`)).toMatchObject({ runtime: 'kubernetes' });
  });

  test('in a command name change neither user nor pids', () => {
    for (const forged of [`${byte}Uid:\t0\t0`, `x${byte}NSpid:\t1`, `${byte}Uid:\t0`]) {
      const status = `Name:\t${forged}\nUid:\t7\t8\t9\t9\nNSpid:\t5\t6\n`;
      expect(parsePidStatus(status)).toMatchObject({ uid: 8, nsPids: [5, 6] });
    }
    const stat = `7 (a) R${byte}1) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 3 0 99 0 0`;
    expect(parsePidStat(stat)).toMatchObject({ comm: `a) R${byte}1`, state: 'S', threads: 3, startTicks: 99 });
  });

  test('in the name of a mapping stay where they are', () => {
    const text = `1000-2000 rw-s 00000000 00:1b 12                         /dev/shm/a${byte}b (deleted)\n`;
    const out: Parameters<typeof parseMaps>[4] = [];
    const bytes = Buffer.from(text, 'latin1');
    expect(parseMaps(bytes, bytes.length, 1, new Set(), out)).toBe(0);
    expect(out[0]?.name).toBe(`/dev/shm/a${byte}b (deleted)`);
  });
});

test('the name of a container is shown as its UTF-8, escaped or not', () => {
  expect(containerOf('0::/lxc/b\xc3\xa0r\n')?.name).toBe('bàr');
  expect(containerOf('0::/machine.slice/machine-b\\xc3\\xa0r.scope\n')?.name).toBe('bàr');
  expect(containerOf('0::/lxc/b\xe0r\n')?.name).toBe('bàr'); // no UTF-8: nothing is lost
});

describe('searching and filtering go by what is shown', () => {
  const holder = { pid: 1, comm: utf8Bytes('Élan'), mappings: [], fds: [] };
  const object = named('x', { holders: [holder], container: { id: 'a\x1bb', name: 'Bär', runtime: 'lxc' } });
  const row = { kind: 'holder', object, holder } as unknown as Parameters<typeof rowHasText>[0];

  test('a command is found by its letters, not by halves of them', () => {
    expect([rowHasText(row, 'élan'), rowHasText(row, 'Ã'), rowHasText(row, 'ã')]).toEqual([true, false, false]);
  });

  test('a container by the escaped form that is on the screen', () => {
    const passes = (word: string) => {
      const parsed = parseObjectFilter([word]);
      return 'filter' in parsed && parsed.filter.matches(object, 0);
    };
    expect([passes('container=a\\x1bb'), passes('container=bär'), passes('comm=ÉLAN')]).toEqual([true, true, true]);
  });
});

test('rules of software take no letter for another: with the i flag only ASCII has two cases', () => {
  const patterns = SOFTWARE_TABLE.flatMap(({ match, leftover }) => [
    ...('path' in match ? [match.path] : 'name' in match ? [match.name] : 'comm' in match ? [match.comm] : []),
    ...(leftover.when === 'no-process' ? [leftover.comm] : []),
  ]);
  expect(patterns.length).toBeGreaterThan(60);
  for (const { source, flags } of patterns) {
    expect([source, flags]).toEqual([source, expect.not.stringMatching(/[umv]/)]);
    // `.` and `\s` differ between bytes and characters; classes say what they mean.
    expect(source.replace(/\\.|\[[^\]]*\]/g, '')).not.toContain('.');
    expect(source.replace(/\[\\s\\S\]/g, '')).not.toMatch(/\\[sSbBDW]/);
  }
});
