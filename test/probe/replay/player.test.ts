// Recordings: written, cut, damaged, and played: the objects as they were at each moment.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepMost } from '../../../src/probe/model/assemble/ceiling.ts';
import { eventLine, headerLine, snapshotLine } from '../../../src/probe/model/decode/recording.ts';
import type { ShmEvent } from '../../../src/probe/model/event/event.ts';
import type { EvidenceCode } from '../../../src/probe/model/judge/evidence.ts';
import type { ShmObject } from '../../../src/probe/model/object.ts';
import type { Snapshot } from '../../../src/probe/model/snapshot.ts';
import { type Played, Player } from '../../../src/probe/replay/player.ts';
import { RecordingFile } from '../../../src/probe/replay/recording-file.ts';
import { head, NOW_MS, named, segment } from '../../ui/sample-objects.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-recording-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const snapshot = (seconds: number, objects: readonly ShmObject[]): Snapshot => ({
  ...head(),
  takenAtMs: NOW_MS + seconds * 1000,
  objects,
});
const event = (seconds: number, name: ShmEvent['event'], more: Partial<ShmEvent> = {}): ShmEvent => ({
  atMs: NOW_MS + seconds * 1000,
  event: name,
  source: 'perf',
  count: 1,
  id: segment(1).id,
  shortId: 'sysv:1',
  kind: 'sysv',
  rawName: '0x0052e2c1',
  pid: 9,
  comm: 'app',
  ...more,
});
const header = headerLine(NOW_MS, [{ name: 'perf', isActive: true, text: 'all' }]);

function open(text: string): RecordingFile {
  const path = join(folder, 'recording');
  writeFileSync(path, text);
  const file = RecordingFile.open(path);
  if (typeof file === 'string') throw new Error(file);
  return file;
}
const refused = (text: string) => {
  const path = join(folder, 'refused');
  writeFileSync(path, text);
  return RecordingFile.open(path);
};

describe('a recording in its file', () => {
  test('gives back what was written, raw names too, in order of time', () => {
    const hostile = named('x', { rawName: '/\x1b\xff\n', shortId: 'posix:/\\x1b\\xff\\x0a' });
    const late = event(1, 'attached');
    const file = open(
      header + snapshotLine(snapshot(0, [hostile])) + eventLine(event(2, 'detached')) + eventLine(late),
    );
    expect(file.damagedLines).toBe(0);
    const entries = [...file.entries()];
    expect(entries.map((entry) => entry?.atMs)).toEqual([NOW_MS, NOW_MS + 1000, NOW_MS + 2000]);
    expect(entries[0]).toMatchObject({ snapshot: { objects: [{ rawName: '/\x1b\xff\n' }] } });
    expect(entries[1]).toEqual({ type: 'event', atMs: late.atMs, event: late });
  });

  test('that was cut off is read up to there, and the rest is counted', () => {
    const text = header + snapshotLine(snapshot(0, [])) + eventLine(event(1, 'attached'));
    for (let cut = 2; cut < 90; cut += 7) {
      const file = open(text.slice(0, -cut));
      expect([file.count, file.damagedLines]).toEqual([1, 1]);
      file.close();
    }
    expect(open(text.slice(0, -1)).count).toBe(2); // only the end of the line is missing
  });

  test('lines longer than a chunk and empty lines do not matter', () => {
    const many = Array.from({ length: 3000 }, (_, at) => segment(at));
    const file = open(`${header}\n\n${snapshotLine(snapshot(0, many))}\n${eventLine(event(1, 'attached'))}`);
    expect([file.count, file.damagedLines]).toEqual([2, 0]);
    expect([...file.entries()][0]).toMatchObject({ snapshot: { objects: { length: 3000 } } });
  });

  test('that is none is refused with the reason', () => {
    expect(refused('')).toBe('it is empty');
    expect(refused('{}')).toMatch(/not a recording/);
    expect(refused('\x00\x01\xff garbage')).toMatch(/not a recording/);
    expect(refused(header.replace('"version":2', '"version":7'))).toMatch(/version 7/);
    expect(refused(header.replace('"version":2', '"version":0'))).toMatch(/version 0/);
    expect(RecordingFile.open(join(folder, 'nothing'))).toBe('there is no such file');
    expect(RecordingFile.open(folder)).toContain('is not a regular file');
  });

  test('of version 1 is read, and calls proven only what a rule of its software proved', () => {
    const judged = (shmid: number, ...codes: EvidenceCode[]) =>
      segment(shmid, { verdict: { state: 'abandoned', evidence: codes.map((code) => ({ code })) } });
    const old = [
      judged(1, 'creator-dead', 'last-user-dead'),
      judged(2, 'software-leftover'),
      segment(3, { verdict: { state: 'in-use', evidence: [] } }),
    ];
    const states = (version: string) => {
      const file = open(header.replace('"version":2', `"version":${version}`) + snapshotLine(snapshot(0, old)));
      const [entry] = [...file.entries()];
      return entry?.type === 'snapshot' ? entry.snapshot.objects.map(({ verdict }) => verdict.state) : undefined;
    };
    expect(states('1')).toEqual(['orphaned', 'abandoned', 'in-use']);
    expect(states('2')).toEqual(['abandoned', 'abandoned', 'in-use']);
  });

  test('of version 1 that left something out has none of it called proven', () => {
    const { leftOut } = keepMost([segment(1), segment(2), segment(3)], 1);
    const line = snapshotLine({ ...snapshot(0, [segment(1)]), leftOut }).replace(/"orphaned":\{[^}]*\},?/, '');
    const file = open(header.replace('"version":2', '"version":1') + line);
    const [entry] = [...file.entries()];
    const byVerdict = entry?.type === 'snapshot' ? entry.snapshot.leftOut?.byVerdict : undefined;
    expect([byVerdict?.abandoned.objects, byVerdict?.orphaned.objects]).toEqual([0, 2]);
  });

  test('whose entries lack what the program stands on is damaged, not believed', () => {
    const whole = snapshotLine(snapshot(0, [segment(1)]));
    const broken = [
      whole.replace('"holders":[]', '"holders":7'),
      whole.replace('"state":"abandoned"', '"state":"sure"'),
      whole.replace('"shortId"', '"short"'),
      eventLine(event(1, 'attached')).replace('attached', 'exploded'),
    ];
    const file = open(header + broken.join(''));
    expect([...file.entries()]).toEqual(broken.map(() => undefined));
  });
});

describe('playing', () => {
  const objects = (played: Played | undefined) => played?.changed.map(({ shortId, nattch }) => `${shortId} ${nattch}`);

  test('shows nothing before the first snapshot, then the objects, then what events make of them', () => {
    const player = new Player(
      open(
        header +
          snapshotLine(snapshot(1, [segment(1), segment(2)])) +
          eventLine(event(2, 'attached', { nattch: 1 })) +
          eventLine(event(3, 'detached', { nattch: 0 })) +
          eventLine(event(4, 'destroyed')),
      ),
    );
    expect(player.playTo(NOW_MS)).toBeUndefined();
    expect(objects(player.playTo(NOW_MS + 1500))).toEqual(['sysv:1 0', 'sysv:2 0']);
    const held = player.playTo(NOW_MS + 2500);
    expect(held?.changed).toMatchObject([
      { nattch: 1, holders: [{ pid: 9, comm: 'app' }], verdict: { state: 'in-use' }, atimeSec: NOW_MS / 1000 + 2 },
    ]);
    expect(held?.head.takenAtMs).toBe(NOW_MS + 2500);
    expect(player.playTo(NOW_MS + 2600)).toMatchObject({ changed: [], removed: [], events: [] });
    const free = player.playTo(NOW_MS + 3500);
    expect(free?.changed).toMatchObject([
      { nattch: 0, holders: [], verdict: { state: 'unheld', evidence: [{ code: 'too-young' }] } },
    ]);
    expect(player.playTo(NOW_MS + 9000)?.removed).toEqual([segment(1).id]);
  });

  test('never judges anything abandoned by itself: only a snapshot did', () => {
    const kept = segment(1, { nattch: 1, verdict: { state: 'in-use', evidence: [{ code: 'attached', count: 1 }] } });
    const player = new Player(
      open(header + snapshotLine(snapshot(0, [kept])) + eventLine(event(1, 'detached', { nattch: 0 }))),
    );
    expect(player.playTo(NOW_MS + 90_000)?.changed).toMatchObject([{ verdict: { state: 'unheld' } }]);
  });

  test('a process that holds it twice holds it until it has let go twice', () => {
    const two = segment(1, {
      nattch: 2,
      holders: [
        { pid: 9, comm: 'app', mappings: [1, 2].map((start) => ({ start, end: start + 1, perms: 'rw-s' })), fds: [] },
      ],
    });
    const detach = (at: number) => eventLine(event(at, 'detached'));
    const player = new Player(open(header + snapshotLine(snapshot(0, [two])) + detach(1) + detach(2)));
    expect(player.playTo(NOW_MS + 1000)?.changed).toMatchObject([{ nattch: 1, holders: [{ pid: 9 }] }]);
    expect(player.playTo(NOW_MS + 2000)?.changed).toMatchObject([{ nattch: 0, holders: [] }]);
  });

  test('an unlinked name goes on under the id that a snapshot would give it, a marked segment gets its status', () => {
    const file = named('a', { id: 'posix:0:27:9', inode: 9 });
    const mark = event(1, 'marked', { id: 'posix:0:27:9', kind: 'posix' });
    const player = new Player(
      open(header + snapshotLine(snapshot(0, [file, segment(1)])) + eventLine(mark) + eventLine(event(1, 'marked'))),
    );
    player.playTo(NOW_MS);
    const played = player.playTo(NOW_MS + 1000);
    expect(played?.removed).toEqual(['posix:0:27:9']);
    expect(played?.changed).toMatchObject([
      { id: segment(1).id, status: ['dest'] },
      { id: 'unlinked:0:27:9', kind: 'unlinked', links: 0 },
    ]);
  });

  test('a close after the end makes nothing again', () => {
    const closed = event(1, 'closed', { id: 'posix:0:27:5', kind: 'posix', shortId: 'posix:/x' });
    const player = new Player(open(header + snapshotLine(snapshot(0, [])) + eventLine(closed)));
    expect(player.playTo(NOW_MS + 1000)).toMatchObject({ changed: [], events: [{ event: 'closed' }] });
  });

  test('goes straight to a moment: of several snapshots the last counts, and every event on the way is told', () => {
    const text = Array.from(
      { length: 30 },
      (_, at) =>
        snapshotLine(snapshot(at, [segment(at)])) + eventLine(event(at + 0.5, 'created', { id: segment(100 + at).id })),
    );
    const player = new Player(open(header + text.join('')));
    const played = player.playTo(NOW_MS + 29_000);
    expect(objects(played)).toEqual(['sysv:29 0']);
    expect(played?.events).toHaveLength(29);
  });

  test('plays the same again after it was rewound', () => {
    const text = header + snapshotLine(snapshot(0, [segment(1)])) + eventLine(event(1, 'attached', { nattch: 1 }));
    const player = new Player(open(text));
    const first = player.playTo(NOW_MS + 1000);
    player.rewind();
    expect(player.playTo(NOW_MS + 1000)).toEqual(first);
  });
});
