// Records of taskstats: found where this kernel puts the fields, though versions have moved them.
import { describe, expect, test } from 'vitest';
import { findTaskLayout, parseTaskEnd } from '../../../src/probe/parse/taskstats-record.ts';

const STATS = 36;

/** A message as the kernel writes it, with `moved` bytes more before the name, and twice as many before the process. */
function message({ version = 14, moved = 0, tid = 7, pid = 7, status = 0, flag = 0x20, comm = 'worker' } = {}) {
  const length = STATS + 420 + 2 * moved;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint16(20, length - 20, true);
  view.setUint16(22, 4, true); // AGGR_PID
  view.setUint16(24, 8, true);
  view.setUint16(26, 1, true); // PID
  view.setUint16(32, length - 32, true);
  view.setUint16(34, 3, true); // STATS
  view.setUint16(STATS, version, true);
  view.setUint32(STATS + 4, status, true);
  bytes[STATS + 8] = flag;
  bytes.set(Buffer.from(comm, 'latin1'), STATS + 80 + moved);
  view.setUint32(STATS + 120 + moved, 1000, true);
  view.setUint32(STATS + 128 + moved, tid, true);
  view.setUint32(STATS + 132 + moved, 1, true);
  view.setUint32(STATS + 368 + 2 * moved, pid, true);
  return bytes;
}

describe('a record of taskstats', () => {
  test.each([0, 24, 48])('is read where the fields lie %i bytes further', (moved) => {
    const own = message({ moved, tid: 42, pid: 42, comm: 'shmtop' });
    const layout = findTaskLayout(own, own.length, 42, 'shmtop');
    expect(layout).toEqual({ comm: 80 + moved, tgid: 368 + 2 * moved });
    const end = message({ moved, status: 9 });
    expect(layout && parseTaskEnd(end, end.length, layout)).toEqual({
      ...{ tid: 7, pid: 7, parent: 1, uid: 1000, comm: 'worker', status: 9, isLast: true },
    });
  });

  test('of a thread tells its process, and that others are left', () => {
    const end = message({ tid: 8, pid: 7, flag: 0 });
    expect(parseTaskEnd(end, end.length, { comm: 80, tgid: 368 })).toMatchObject({ tid: 8, pid: 7, isLast: false });
  });

  test('of a kernel that does not tell the process, or that tells of another one, gives no layout', () => {
    const old = message({ version: 11, tid: 42, pid: 42, comm: 'shmtop' });
    expect(findTaskLayout(old, old.length, 42, 'shmtop')).toBeUndefined();
    const other = message({ tid: 43, pid: 43, comm: 'shmtop' });
    expect(findTaskLayout(other, other.length, 42, 'shmtop')).toBeUndefined();
  });

  test('cut short, or another message, is none', () => {
    const end = message();
    const layout = { comm: 80, tgid: 368 };
    for (let length = 0; length < STATS + 372; length++) expect(parseTaskEnd(end, length, layout)).toBeUndefined();
    end[22] = 5;
    expect(parseTaskEnd(end, end.length, layout)).toBeUndefined();
  });
});
