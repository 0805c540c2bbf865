// Boot time and its witness: when the start time of a process may be believed, so that a pid may be called reused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deviceNumber } from '../../../src/probe/model/join/mapping-record.ts';
import { judgeMaker } from '../../../src/probe/model/judge/maker.ts';
import { readClock } from '../../../src/probe/source/clock.ts';
import type { FileStat, Io } from '../../../src/probe/source/io.ts';

const BOOT = 1_795_000_000;
const ENOENT = 2;
const DEVTMPFS = '24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw,size=12334524k,mode=755\n';
const CONTAINER = '512 490 0:60 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755\n';

interface Shown {
  readonly bootSec?: number;
  readonly mounts?: string;
  readonly bornSec?: number;
  readonly changedSec?: number;
  /** As in /proc/uptime, seconds. */
  readonly uptimeSec?: number;
}

function ioOf({ bootSec, mounts = DEVTMPFS, bornSec, changedSec = BOOT, uptimeSec }: Shown): Io {
  const files: Record<string, string> = { '/proc/self/mountinfo': mounts };
  if (bootSec !== undefined) files['/proc/stat'] = `cpu  1 2 3\nbtime ${bootSec}\n`;
  if (uptimeSec !== undefined) files['/proc/uptime'] = `${uptimeSec.toFixed(2)} 12.00\n`;
  const node: FileStat = {
    device: deviceNumber(0, 6),
    inode: 4,
    mode: 0o20666,
    links: 1,
    uid: 0,
    gid: 0,
    sizeBytes: 0,
    allocatedBytes: 0,
    atimeSec: changedSec,
    mtimeSec: changedSec,
    ctimeSec: changedSec,
    btimeSec: bornSec,
  };
  return {
    readFile: (path) => (path in files ? Buffer.from(files[path]) : -ENOENT),
    readDir: () => -ENOENT,
    readPids: () => -ENOENT,
    readLines: () => -ENOENT,
    readLink: () => -ENOENT,
    stat: (path) => (path === '/dev/null' ? node : -ENOENT),
  };
}
const clockOf = (shown: Shown, kind: 'own' | 'foreign' | 'captured' = 'own', oldestSec = Infinity, nowSec = BOOT) =>
  readClock(ioOf(shown), '/proc', kind, oldestSec, () => nowSec * 1000);

describe('the clock', () => {
  test('is known where the kernel made its devices right after boot', () => {
    const clock = clockOf({ bootSec: BOOT, bornSec: BOOT });
    expect(clock?.bootSec).toBe(BOOT);
    expect(clock?.slackSec).toBeLessThanOrEqual(4);
  });

  test('is exact by uptime, and then less slack is needed', () => {
    const rough = clockOf({ bootSec: BOOT, bornSec: BOOT });
    const exact = clockOf({ bootSec: BOOT, bornSec: BOOT + 1, uptimeSec: 5000 }, 'own', Infinity, BOOT + 5000.25);
    expect(exact?.bootSec).toBeCloseTo(BOOT + 0.25, 2);
    expect(exact?.slackSec).toBeLessThan((rough?.slackSec ?? 0) - 1);
  });

  test('is not taken from an uptime of some other machine, as containers may show it', () => {
    const clock = clockOf({ bootSec: BOOT, bornSec: BOOT, uptimeSec: 10 }, 'own', Infinity, BOOT + 5000);
    expect(clock?.bootSec).toBe(BOOT);
  });

  test('that was set forward after boot is worth nothing: no pid is called reused by its time', () => {
    for (const step of [5, 3600, 10 ** 9]) {
      for (const uptimeSec of [undefined, 5000]) {
        const shown = { bootSec: BOOT + step, bornSec: BOOT, uptimeSec };
        expect(clockOf(shown, 'own', Infinity, BOOT + step + 5000)).toBeUndefined();
      }
    }
  });

  test('is not known in a container, which has a /dev of its own, nor without a boot time', () => {
    expect(clockOf({ bootSec: BOOT, bornSec: BOOT, mounts: CONTAINER })).toBeUndefined();
    expect(clockOf({ bootSec: BOOT, bornSec: BOOT, mounts: '' })).toBeUndefined();
    expect(clockOf({ bornSec: BOOT })).toBeUndefined();
  });

  test('of a captured tree is not known where a segment is older than boot', () => {
    expect(clockOf({ bootSec: BOOT }, 'captured', BOOT - 100)).toBeUndefined();
    expect(clockOf({ bootSec: BOOT }, 'captured', BOOT + 100)).toEqual({ bootSec: BOOT, slackSec: 2 });
    expect(clockOf({ bootSec: BOOT }, 'captured')).toEqual({ bootSec: BOOT, slackSec: 2 });
  });

  test('that was set forward by any amount never makes a living creator another process', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 7), fc.nat(10 ** 6), fc.nat(1000), fc.boolean(), (step, started, worked, hasBirth) => {
        const shown = {
          bootSec: BOOT + step,
          bornSec: hasBirth ? BOOT : undefined,
          changedSec: BOOT + (hasBirth ? 0 : 15),
        };
        const creator = { comm: 'x', state: 'S', threads: 1, startTicks: started * 100 };
        expect(judgeMaker(12, creator, BOOT + started + worked, clockOf(shown)).state).toBe('alive');
      }),
    );
  });

  // /dev/null was removed by mistake and made again by mknod(1), or udev touched it days later: it witnesses nothing.
  test('is not known where its witness was made long after boot: what happened before that nobody can tell', () => {
    const day = 86_400;
    const step = 3600;
    for (const witness of [{ bornSec: BOOT + 10 * day }, { changedSec: BOOT + 10 * day }]) {
      const clock = clockOf({ bootSec: BOOT + step, ...witness });
      const creator = { comm: 'x', state: 'S', threads: 1, startTicks: 11 * day * 100 };
      expect(judgeMaker(12, creator, BOOT + 11 * day + 1, clock).state).toBe('alive');
    }
  });
});
