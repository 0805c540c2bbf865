// Records captured on Linux 6.18: perf's ring, fanotify, inotify, the process connector.
import { describe, expect, test } from 'vitest';
import { type FanotifyEvent, parseFanotifyEvents } from '../../../src/probe/parse/fanotify-record.ts';
import { type InotifyEvent, parseInotifyEvents } from '../../../src/probe/parse/inotify-record.ts';
import { parsePerfRecord } from '../../../src/probe/parse/perf-record.ts';
import { parseProcEvent } from '../../../src/probe/parse/proc-event.ts';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** shmat of shmid 196649 (0x30029) by pid 30422. */
const MMAP2 = bytes(
  '0a00000002207800d6760000d67600000090036cbd7f00000000010000000000000000000000000000000000010000002900030000000000f2c06e84000000000300000001000000' +
    '2f535953563030303030303030202864656c657465642900d6760000d6760000b63700aa810400000100000000000000',
);
const KERNEL_SHM = 1;

describe('a MMAP2 record', () => {
  test('is a mapping with pid, range, device, inode and name', () => {
    expect(parsePerfRecord(MMAP2, 0, MMAP2.length, new Set([KERNEL_SHM]))).toMatchObject({
      type: 'map',
      pid: 30422,
      start: 0x7fbd6c039000,
      end: 0x7fbd6c049000,
      isShared: true,
      device: KERNEL_SHM,
      inode: 196649,
      name: '/SYSV00000000 (deleted)',
      prot: 3,
    });
  });

  test('of a device that nobody asked for is skipped', () => {
    expect(parsePerfRecord(MMAP2, 0, MMAP2.length, new Set([99]))).toBeUndefined();
  });

  test('reads the same at another place of the ring', () => {
    const shifted = new Uint8Array(MMAP2.length + 16);
    shifted.set(MMAP2, 16);
    expect(parsePerfRecord(shifted, 16, MMAP2.length, new Set([KERNEL_SHM]))).toEqual(
      parsePerfRecord(MMAP2, 0, MMAP2.length, new Set([KERNEL_SHM])),
    );
  });
});

function fanotify(hex: string): FanotifyEvent[] {
  const events: FanotifyEvent[] = [];
  parseFanotifyEvents(bytes(hex), hex.length / 2, (event) => events.push(event));
  return events;
}

describe('fanotify events', () => {
  test('the close of a segment carries pid and, in its handle, the shmid', () => {
    const close =
      '38000000030018000800000000000000ffffffffd67600000100200077067844640a06490c00000001000000f2c06e842900030000000000';
    expect(fanotify(close)).toEqual([
      { mask: 8, pid: 30422, inode: 196649, generation: 2221850866, fsid: [1148716663, 1225132644] },
    ]);
  });

  test('what was done to a name comes merged, then the end of the file', () => {
    const merged =
      '60000000030018002a03000000000000ffffffffd6760000020028000b8370ddd529c2820c000000010000000b2a4b3c01000000000000007765787000000000' +
      '010020000b8370ddd529c2820c000000010000000425b48ba80000000000000038000000030018000004000000000000ffffffffd6760000010020000b8370ddd529c2820c000000010000000425b48ba800000000000000';
    const file = { inode: 168, generation: 2343838980, fsid: [3715138315, 2193762773] };
    expect(fanotify(merged)).toEqual([
      { mask: 0x32a, pid: 30422, ...file, directory: 1, name: 'wexp' },
      { mask: 0x400, pid: 30422, ...file },
    ]);
  });

  test('damaged lengths end the reading', () => {
    expect(fanotify(`04000000${'00'.repeat(40)}`)).toEqual([]);
  });
});

test('inotify events carry watch, mask and the name up to its NUL', () => {
  const record = `0100000000010000000000001000000061${'62'.repeat(3)}${'00'.repeat(12)}`;
  const overflow = `ffffffff00400000${'00'.repeat(8)}`;
  const events: InotifyEvent[] = [];
  parseInotifyEvents(bytes(record + overflow), (record.length + overflow.length) / 2, (event) => events.push(event));
  expect(events).toEqual([
    { watch: 1, mask: 0x100, name: 'abbb' },
    { watch: -1, mask: 0x4000, name: undefined },
  ]);
});

test('process events: the exit of a thread is none of a process', () => {
  const message = new Uint8Array(80);
  const view = new DataView(message.buffer);
  view.setUint32(36, 0x80000000, true);
  view.setBigUint64(44, 5_000_000_000n, true);
  view.setUint32(52, 7, true);
  view.setUint32(56, 7, true);
  expect(parseProcEvent(message, 80)).toEqual({ type: 'exit', timeMs: 5000, pid: 7, status: 0 });
  view.setUint32(60, 9, true);
  expect(parseProcEvent(message, 80)).toMatchObject({ pid: 7, status: 9 });
  view.setUint32(52, 8, true);
  expect(parseProcEvent(message, 80)).toBeUndefined();
  expect(parseProcEvent(message, 40)).toBeUndefined();
});
