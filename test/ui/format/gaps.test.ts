import { describe, expect, it } from 'vitest';
import type { Gap } from '../../../src/probe/model/gap.ts';
import { gapLines } from '../../../src/ui/format/gaps.ts';
import { SERVER, UNPRIVILEGED } from '../../cli/examples.ts';

const withGaps = (processes: number, inspected: number, gaps: readonly Gap[], uid = 0, others: readonly Gap[] = []) =>
  gapLines({
    host: { ...SERVER.host, uid },
    visibility: { processes, inspected, complete: false, gaps },
    gaps: others,
  });

describe('gapLines', () => {
  it('says nothing when all was seen', () => {
    expect(gapLines(SERVER)).toEqual([]);
  });

  it('counts processes once, however much of them was refused, and tells a user what to do', () => {
    expect(gapLines(UNPRIVILEGED)).toEqual([
      '3 of 212 processes could not be looked into (permission denied): run as root to see what they hold.',
    ]);
    const twice = withGaps(
      10,
      8,
      [
        { source: 'maps', reason: 'permission', count: 2, pids: [1, 2] },
        { source: 'fd', reason: 'permission', count: 2, pids: [1, 2] },
      ],
      1000,
    );
    expect(twice).toHaveLength(1);
    expect(twice[0]).toMatch(/^2 of 10 processes/);
  });

  it('does not tell root to become root', () => {
    const [line] = withGaps(2, 1, [{ source: 'maps', reason: 'permission', count: 1, pids: [1] }]);
    expect(line).toBe(
      '1 of 2 processes could not be looked into (permission denied): it may hold objects shown as unheld or unknown.',
    );
  });

  it('counts no process twice or beyond those that there are, and names who does not answer', () => {
    // One ended between the question for its namespace and the one for its mappings.
    const raced = withGaps(3, 1, [{ source: 'maps', reason: 'permission', count: 2, pids: [1, 2] }], 1000, [
      { source: 'ns', reason: 'permission', count: 4, pids: [1, 2, 8, 9] },
    ]);
    expect(raced).toEqual([
      '3 of 3 processes could not be looked into (permission denied): run as root to see what they hold.',
    ]);
    const silent = withGaps(9, 7, [{ source: 'maps', reason: 'no-answer', count: 2, pids: [45, 46] }], 1000);
    expect(silent).toEqual([
      '2 of 9 processes could not be looked into: they may hold objects shown as unheld or unknown.',
      'Not seen: the mappings of processes 45, 46 (no answer in time).',
    ]);
  });

  it('says of a /dev/shm on disk no more than what it is', () => {
    const detail = '/dev/shm lies on ext4, not on a tmpfs: no shared memory, so only what processes map there is shown';
    const gap: Gap = { source: 'dev-shm', reason: 'unsupported', count: 1, detail };
    expect(withGaps(1, 1, [], 0, [gap])).toEqual([`${detail}.`]);
    expect(withGaps(1, 1, [], 0, [gap, gap])).toEqual([`${detail}. 1 more place like that.`]);
  });

  it('says what is lost without native calls, and where to read what to do', () => {
    const detail = 'no lease check, no other IPC namespaces (no binary of koffi)';
    const lines = withGaps(1, 1, [], 0, [{ source: 'native', reason: 'unsupported', count: 1, detail }]);
    expect(lines).toEqual([`Without native calls ${detail}; shmtop doctor says what to do.`]);
  });

  it('mentions processes that ended, and every other source in a sentence of its own', () => {
    const lines = withGaps(5, 4, [{ source: 'maps', reason: 'vanished', count: 1, pids: [9] }], 0, [
      { source: 'sysv', reason: 'malformed', count: 2 },
      { source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/a\x1b: EACCES' },
      { source: 'dev-shm', reason: 'permission', count: 1, detail: '/dev/shm/b: EACCES' },
    ]);
    expect(lines).toEqual([
      'Not seen: the table of System V segments (not understood, 2 in all).',
      'Not seen: names in a shared memory file system (permission denied, 2 in all), such as /dev/shm/a\\x1b: EACCES.',
      '1 process ended while being looked into.',
    ]);
  });
});
