// /proc/PID/stat, /proc/PID/status and the boot time in /proc/stat.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBootTime, parsePidStat, parsePidStatus } from '../../../src/probe/parse/pid-stat.ts';

/** As Linux 6.18 prints it; the fields that we read have values of their own. */
function statLine(
  comm: string,
  { state = 'S', ppid = 1, flags = 4194304, threads = 1, startTicks = 9000 } = {},
): string {
  return `1234 (${comm}) ${state} ${ppid} 1234 1234 34816 1234 ${flags} 97 0 0 0 1 2 0 0 20 0 ${threads} 0 ${startTicks} 3133440 382 18446744073709551615 94 95 140 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 96 97 98 99 100 101 102 0\n`;
}

describe('a line of /proc/PID/stat', () => {
  test('is read with state, parent, threads and start time', () => {
    expect(parsePidStat(statLine('postgres', { state: 'Z', ppid: 17, threads: 3, startTicks: 77_001 }))).toEqual({
      comm: 'postgres',
      state: 'Z',
      ppid: 17,
      session: 1234,
      hasTerminal: true,
      isKernelThread: false,
      threads: 3,
      startTicks: 77_001,
    });
  });

  test.each([
    'a) (b',
    ') S 1 2 3 (',
    'line\nbreak',
    ')))',
    '(((',
    '',
    ' ',
    '\x1b[2J\xff',
    ') Z 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 5 (',
  ])('takes %j as a command name and none of it as fields', (comm) => {
    expect(parsePidStat(statLine(comm, { startTicks: 42 }))).toMatchObject({
      comm,
      state: 'S',
      ppid: 1,
      startTicks: 42,
    });
  });

  test('of a kernel thread says so by its flags', () => {
    expect(parsePidStat(statLine('kworker/0:1', { flags: 69238880 }))?.isKernelThread).toBe(true);
    expect(parsePidStat(statLine('cat', { flags: 0x80000000 }))?.isKernelThread).toBe(false);
  });

  test.each([
    ['empty', ''],
    ['without brackets', '1234 cat S 1 1'],
    ['cut within the name', '1234 (ca'],
    ['cut after the name', '1234 (cat)'],
    ['cut after the state', '1234 (cat) S'],
    ['cut before the start time', statLine('cat').split(' ').slice(0, 20).join(' ')],
    ['with a state of two letters', statLine('cat').replace(') S', ') SS')],
    ['with a start time that is no number', statLine('cat').replace(' 9000 ', ' soon ')],
    ['with brackets the wrong way round', '1234 )cat( S 1 1'],
  ])('that is %s gives nothing', (_, text) => {
    expect(parsePidStat(text)).toBeUndefined();
  });

  test('reads back whatever command name a process has given itself', () => {
    const comm = fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 15 });
    fc.assert(
      fc.property(comm, fc.nat(), (name, startTicks) => {
        expect(parsePidStat(statLine(name, { startTicks }))).toMatchObject({ comm: name, startTicks });
      }),
    );
  });
});

describe('/proc/PID/status', () => {
  test('gives the effective user, and the pids in nested namespaces with ours first', () => {
    const text =
      'Name:\tsleep\nUmask:\t0022\nState:\tS (sleeping)\nUid:\t1000\t2000\t3000\t4000\nNSpid:\t512\t7\t1\nThreads:\t1\n';
    expect(parsePidStatus(text)).toEqual({ uid: 2000, uids: [1000, 2000, 3000, 4000], nsPids: [512, 7, 1] });
  });

  test('gives one pid for a process of our own namespace', () => {
    expect(parsePidStatus('NSpid:\t512\nNSpgid:\t512\n').nsPids).toEqual([512]);
  });

  test('of a kernel before 4.1 has no nested pids, which are absent', () => {
    expect(parsePidStatus('Name:\tsleep\nUid:\t0\t0\t0\t0\n')).toMatchObject({ uid: 0, nsPids: undefined });
  });

  test('takes nothing from the command name: the kernel escapes its newlines', () => {
    const text = 'Name:\tUid:\\n\t5\t5\nUid:\t1\t2\t3\t4\nNSpid:\t9\n';
    expect(parsePidStatus(text)).toMatchObject({ uid: 2, nsPids: [9] });
  });

  test('that is empty or cut gives nothing', () => {
    expect(parsePidStatus('')).toMatchObject({ uid: undefined, nsPids: undefined });
    expect(parsePidStatus('Name:\tsleep\nUid:\t')).toMatchObject({ uid: undefined });
  });
});

describe('boot time', () => {
  test('is the line btime of /proc/stat, wherever it stands', () => {
    expect(parseBootTime('cpu  1 2 3\nintr 5 0 0\nctxt 77\nbtime 1795232150\nprocesses 29\n')).toBe(1795232150);
  });

  test('is absent where the file has no such line', () => {
    expect(parseBootTime('')).toBeUndefined();
    expect(parseBootTime('cpu 1 2\nxbtime 5\nbtime soon\n')).toBeUndefined();
  });
});
