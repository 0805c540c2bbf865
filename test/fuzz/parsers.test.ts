// Every parser of kernel text and records, over what is valid and then damaged: no exception, no endless loop, no value of a wrong kind.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeBytes, textOfBytes, unescapeBytes } from '../../src/probe/model/bytes.ts';
import { matchFile, matchMemfd, matchPosix, matchSysv, matchUnlinked } from '../../src/probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../../src/probe/model/judge/software-table.ts';
import { parsePlace } from '../../src/probe/parse/cgroup.ts';
import { parseFanotifyEvents } from '../../src/probe/parse/fanotify-record.ts';
import { parseInotifyEvents } from '../../src/probe/parse/inotify-record.ts';
import { parseMaps } from '../../src/probe/parse/maps.ts';
import { parseMountinfo } from '../../src/probe/parse/mountinfo.ts';
import { parseNames } from '../../src/probe/parse/names.ts';
import { parsePerfRecord, parseTracepointHit } from '../../src/probe/parse/perf-record.ts';
import { parseBootTime, parsePidStat, parsePidStatus } from '../../src/probe/parse/pid-stat.ts';
import { parseProcEvent } from '../../src/probe/parse/proc-event.ts';
import { parseSysvText, ResidentText } from '../../src/probe/parse/sysvipc.ts';
import { anyBytes, damaged, expectHarmless, FUZZ_TIMEOUT_MS, fuzz } from './fuzz.ts';

const MAPS =
  '7f1c2000-7f1c3000 rw-s 00000000 00:01 32769                      /SYSV0052e2c1 (deleted)\n' +
  '7f1c3000-7f1c4000 rw-s 00001000 00:1b 12                         /dev/shm/a\\012b (deleted)\n' +
  '7f1c4000-7f1c5000 r--p 00000000 fe:00 7                          /usr/lib/x\n' +
  '7f1c5000-7f1c6000 rw-s 00000000 00:01 99                         /memfd:x (deleted)\n7f1c6000-7f1c7000 rw-p 00000000 00:00 0\n';
const STATUS =
  'Name:\tsleep\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t1000\t2000\t3000\t4000\nNSpid:\t512\t7\t1\nThreads:\t1\n';
const STAT = `512 (a) b) S 1 512 512 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 3 0 987654 1000 20 ${'0 '.repeat(28)}\n`;
const SYSV =
  '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n' +
  '   5432001          5  1600                  4096    10    11      2     0     0     0     0 1760000000 1760000000 1760000000                  4096                     0\n';
const MOUNTS =
  '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw\n37 36 0:27 / /dev/shm rw - tmpfs tmpfs rw,size=1k\n38 36 0:4 ipc:[4026531839] /run/a\\040b rw shared:3 - nsfs nsfs rw\n';
const CGROUP = `12:pids:/docker/${'ab'.repeat(32)}\n0::/machine.slice/machine-a\\x2db.scope/lxc.payload.web/kubepods/x\n`;
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

test('text of /proc and /etc', { timeout: FUZZ_TIMEOUT_MS }, () => {
  const texts = fc.constantFrom(
    MAPS,
    STATUS,
    STAT,
    SYSV,
    MOUNTS,
    CGROUP,
    'root:x:0:0:root:/root:/bin/sh\n',
    'cpu 1\nbtime 5\n',
  );
  fuzz(damaged(texts), (text) => {
    const bytes = bytesOf(text);
    const maps: Parameters<typeof parseMaps>[4] = [];
    expect(parseMaps(bytes, bytes.length, 7, new Set([27]), maps)).toBeGreaterThanOrEqual(0);
    for (const { start, end, device, inode, perms } of maps) {
      expect([start, end, device, inode].every((value) => !Number.isNaN(value))).toBe(true);
      expect(perms).toHaveLength(4);
    }
    const { rows } = parseSysvText(bytes, bytes.length, '1');
    for (const row of rows) for (const value of Object.values(row)) expect(value).not.toBeNaN();
    new ResidentText(rows).add(bytes);
    const stat = parsePidStat(text);
    if (stat) expect([stat.state.length, Number.isSafeInteger(stat.startTicks)]).toEqual([1, true]);
    const { uid, nsPids = [] } = parsePidStatus(text);
    for (const value of [uid ?? 0, ...nsPids]) expect(value).not.toBeNaN();
    expect(parseBootTime(text)).not.toBeNaN();
    for (const id of parseNames(text).keys()) expect(id).not.toBeNaN();
    for (const { device, mountPoint } of parseMountinfo(Buffer.from(text, 'latin1')))
      expect([device, mountPoint.length > 0]).toEqual([expect.stringMatching(/^\d+:\d+$/), true]);
    parsePlace(text, (_, path) => path.length % 3);
  });
});

/** As the kernel lays them out, then damaged: lengths that lie, names without an end. */
function recordsLike(header: readonly number[]): fc.Arbitrary<Uint8Array> {
  const words = fc.array(fc.oneof(fc.constantFrom(...header), fc.nat(0xffffffff), fc.nat(300)), { maxLength: 40 });
  return words.map((list) => new Uint8Array(Uint32Array.from(list).buffer));
}

test('records of the kernel', { timeout: FUZZ_TIMEOUT_MS }, () => {
  fuzz(
    recordsLike([0, 1, 2, 3, 4, 7, 9, 10, 13, 16, 24, 28, 36, 0x80000000, 0x00180000, 0x001800ff, 0xfffffff0]),
    (bytes) => {
      let events = 0;
      parseFanotifyEvents(bytes, bytes.length, () => events++);
      parseInotifyEvents(bytes, bytes.length, () => events++);
      parseProcEvent(bytes, bytes.length);
      for (let at = 0; at < Math.min(bytes.length, 64); at += 8) {
        parsePerfRecord(bytes, at, bytes.length - at, new Set([1]));
        parseTracepointHit(bytes, at, bytes.length - at);
      }
      expect(events).toBeLessThanOrEqual(bytes.length / 8);
    },
  );
});

test('names: escaping loses nothing and shows nothing raw; software is matched in time', {
  timeout: FUZZ_TIMEOUT_MS,
}, () => {
  const names = fc.oneof(
    anyBytes,
    damaged(fc.constantFrom('psm_1a2b3c4d', 'sem.mp-x', 'rtemap_0', 'aeron-x/cnc.dat', '/a/hugepages/rtemap_1')),
  );
  fuzz(names, (raw) => {
    const shown = escapeBytes(raw);
    expect(unescapeBytes(shown)).toBe(raw);
    expectHarmless(shown);
    expect(shown).not.toContain('\n');
    textOfBytes(raw);
    matchPosix(SOFTWARE_TABLE, raw);
    matchMemfd(SOFTWARE_TABLE, raw);
    matchFile(SOFTWARE_TABLE, raw);
    matchUnlinked(SOFTWARE_TABLE, [raw]);
    const traits = { key: '0x00000001', sizeBytes: 1, perms: '600', isDest: false, nattch: 0, comm: raw };
    matchSysv(SOFTWARE_TABLE, traits);
  });
});
