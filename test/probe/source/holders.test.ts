// What one pass over the processes takes from the notes of the pass before, and what it reads again.
import { describe, expect, test } from 'vitest';
import { GapList } from '../../../src/probe/model/gap.ts';
import type { ShmEntry } from '../../../src/probe/model/join/shm-entry.ts';
import { HolderScanner } from '../../../src/probe/source/holders.ts';
import type { HolderRequest } from '../../../src/probe/source/holdings.ts';
import type { Io } from '../../../src/probe/source/io.ts';
import { freshNotes } from '../../../src/probe/source/process-notes.ts';

const ENOENT = 2;
const EACCES = 13;
const SHM = 27;

const entry = (name: string, inode: number): ShmEntry => ({
  ...{ device: SHM, inode, name, path: `/dev/shm${name}`, reachedBy: `/dev/shm${name}`, type: 'file', mode: 0o600 },
  place: { kind: 'whole', device: SHM, rootInode: 1, isShownElsewhere: false },
  ...{ links: 1, uid: 0, gid: 0, sizeBytes: 0, allocatedBytes: 0, atimeSec: 1, mtimeSec: 1, ctimeSec: 1 },
});

/** A scanner of a /proc in which each process has these maps, or -errno; notes are kept from pass to pass. */
function scannerOf(maps: Record<number, string | number>) {
  const read: number[] = [];
  const io: Io = {
    readFile: (path) => Buffer.from(`${path.split('/')[2]} (x) S 1 1 1 0 -1 64${' 0'.repeat(10)} 1 0 5 0 0`),
    readDir: () => [],
    readPids: () => -ENOENT,
    readLines: (path, use) => {
      const pid = Number(/^\/proc\/(\d+)\/maps$/.exec(path)?.[1]);
      const text = maps[pid] ?? -ENOENT;
      read.push(pid);
      if (typeof text === 'number') return text;
      if (text !== '') use(Buffer.from(text));
      return 0;
    },
    readLink: () => -ENOENT,
    stat: () => -ENOENT,
  };
  const scanner = new HolderScanner(io, undefined, '/proc');
  const notes = freshNotes();
  return (request: Partial<HolderRequest> = {}) => {
    read.length = 0;
    const devices = new Set([SHM]);
    const whole = {
      privateDevices: devices,
      fdDevices: new Set([1, SHM]),
      namedDevices: devices,
      entries: [],
      hasAllNames: true,
    };
    const gaps = new GapList();
    const scan = scanner.scan(
      Object.keys(maps).map(Number),
      { ...whole, includeFiles: false, ...request },
      gaps,
      notes,
    );
    return { ...scan, read: [...read], gaps: gaps.list() };
  };
}

const line = (perms: string, device: string, inode: number, name: string) =>
  `7f0000000000-7f0000001000 ${perms} 00000000 ${device} ${inode}    ${name}\n`;
const SEGMENT = line('rw-s', '00:01', 5, '/SYSV00000001 (deleted)');
const PLAIN = line('r-xp', 'fe:00', 3, '/usr/bin/true');
const NAMED = line('rw-s', '00:1b', 9, '/dev/shm/x');

describe('a second pass', () => {
  test('reads nothing again where nothing was asked otherwise, and says the same', () => {
    const scan = scannerOf({ 10: SEGMENT, 11: PLAIN, 12: NAMED });
    const first = scan();
    expect(first.read).toEqual([10, 11, 12]);
    const second = scan();
    expect(second.read).toEqual([]);
    expect({ ...second, read: [] }).toEqual({ ...first, read: [] });
  });

  test('counts again what may not be read, and tries again what failed otherwise', () => {
    const scan = scannerOf({ 10: -EACCES, 11: -5, 12: 'no such line\n' });
    const first = scan();
    const second = scan();
    expect(second.gaps).toEqual(first.gaps);
    expect([second.processes, second.inspected]).toEqual([first.processes, first.inspected]);
    expect(second.read).toEqual([11, 12]);
  });

  test('reads again whoever holds something with a name in /dev/shm, once a name there has changed', () => {
    const scan = scannerOf({ 10: SEGMENT, 11: NAMED });
    const entries = [entry('/x', 9), entry('/y', 8)];
    scan({ entries });
    expect(scan({ entries: [...entries] }).read).toEqual([]);
    expect(scan({ entries: [entry('/z', 9), entry('/y', 8)] }).read).toEqual([11]);
    expect(scan({ entries: [entry('/z', 9)] }).read).toEqual([11]);
  });

  test('reads everything again where another device is to be looked for', () => {
    const scan = scannerOf({ 10: SEGMENT, 11: PLAIN });
    scan();
    expect(scan({ fdDevices: new Set([1, SHM, 28]) }).read).toEqual([10, 11]);
  });

  test('reads everything again once there is a file that could be mapped privately, and not when the next one comes', () => {
    const scan = scannerOf({ 10: SEGMENT, 11: PLAIN });
    const nothing = { privateDevices: new Set<number>() };
    scan(nothing);
    expect(scan(nothing).read).toEqual([]);
    expect(scan().read).toEqual([10, 11]);
    for (const request of [nothing, {}, nothing, {}]) expect(scan(request).read).toEqual([]);
  });

  test('never keeps a name that could change unseen: of a mount that was not found, and of ordinary files where they are shown', () => {
    const unknown = scannerOf({ 10: line('rw-s', '00:63', 3, '/dev/shm/other') });
    unknown();
    expect(unknown().read).toEqual([10]);
    const ordinary = scannerOf({ 10: line('r--s', 'fe:00', 3, '/usr/lib/cache') });
    ordinary();
    expect(ordinary().read).toEqual([]);
    const partly = scannerOf({ 10: NAMED, 11: SEGMENT });
    partly({ hasAllNames: false });
    expect(partly({ hasAllNames: false }).read).toEqual([10]);
    ordinary({ includeFiles: true });
    expect(ordinary({ includeFiles: true }).read).toEqual([10]);
  });
});
