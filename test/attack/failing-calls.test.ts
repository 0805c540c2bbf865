// The machine runs short of everything (descriptors, memory), or an attacker makes it so: every single system call of a look fails once.
// What could not be read must be a gap, and must never make anything look abandoned, or vanish, without a word.
import { describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import type { SoftwareRow } from '../../src/probe/model/judge/software.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import { type Fixture, fixtureNames, openFixture } from '../support/fixture.ts';
import { failNth } from './failing-calls/fail-nth.ts';

const libc = loadLibc();
const ERRNOS = { ENOMEM: 12, EMFILE: 24 };

describe.skipIf(!isLibc(libc))('one system call of a look fails', () => {
  for (const name of fixtureNames()) {
    for (const [errnoName, errno] of Object.entries(ERRNOS)) {
      test(`${name}, with ${errnoName}: nothing becomes abandoned, and nothing vanishes without a gap`, () => {
        if (!isLibc(libc)) return;
        using fixture = openFixture(name);
        const look = () => fixture.sample();
        const reference = look();
        const faults: string[] = [];
        for (let n = 0; ; n++) {
          const failing = failNth(libc, n, errno);
          let now: Snapshot;
          try {
            now = look();
          } finally {
            failing.restore();
          }
          if (failing.failed === undefined) break;
          for (const fault of differences(reference, now)) faults.push(`${failing.failed}: ${fault}`);
        }
        expect(faults).toEqual([]);
      });
    }
  }
});

const ROW: SoftwareRow = {
  match: { on: 'posix', path: /^torch_(?<pid>\d+)$/ },
  name: 'T',
  role: 'test',
  outlives: false,
  leftover: { when: 'name-pid-dead' },
  source: 'this test',
  mark: 'V',
};
const rowWith = (leftover: SoftwareRow['leftover']): SoftwareRow => ({ ...ROW, leftover });

describe.skipIf(!isLibc(libc))('a name is wanted by a process that only one file of /proc tells of', () => {
  const WANTED: Record<string, { row: SoftwareRow; prepare: (fixture: Fixture) => void }> = {
    'the executable': {
      row: rowWith({ when: 'no-process', comm: /^python3$/, of: 'any' }),
      prepare: (fixture) => fixture.link('700/exe', '/usr/bin/python3'),
    },
    'its first argument': {
      row: rowWith({ when: 'no-process', comm: /^python3$/, of: 'any' }),
      prepare: (fixture) => fixture.write('700/cmdline', '/usr/bin/python3\0-c\0'),
    },
    'a library': {
      row: rowWith({ when: 'no-process', comm: /^no-such$/, of: 'any', library: /libpython3/ }),
      prepare: (fixture) =>
        fixture.edit(
          '700/maps',
          (text) => `${text}7f0000000000-7f0000001000 r-xp 00000000 fe:00 99 /usr/lib/libpython3.11.so\n`,
        ),
    },
    'its pids in a container': {
      row: ROW,
      prepare: (fixture) => fixture.edit('700/status', (text) => text.replace(/^NSpid:.*$/m, 'NSpid:\t700\t4194304')),
    },
  };
  for (const [part, { row, prepare }] of Object.entries(WANTED)) {
    test.each(Object.entries(ERRNOS))(`${part}: whichever call fails with %s, it is not abandoned`, (_, errno) => {
      if (!isLibc(libc)) return;
      using fixture = openFixture('linux-6.18');
      fixture.remove('1');
      fixture.addShm({ name: '/torch_4194304', type: 'file', sizeBytes: 4096 });
      const look = () =>
        fixture
          .sample({ table: [row], nowMs: () => Date.now() + 3_600_000 })
          .objects.find(({ rawName }) => rawName === '/torch_4194304');
      // Without the process it would be: the test can fail.
      expect(look()?.verdict.state).toBe('abandoned');
      prepare(fixture);
      expect(look()?.verdict.state).not.toBe('abandoned');
      const faults: string[] = [];
      for (let n = 0; ; n++) {
        const failing = failNth(libc, n, errno);
        try {
          if (look()?.verdict.state === 'abandoned') faults.push(failing.failed ?? 'nothing failed');
        } finally {
          failing.restore();
        }
        if (failing.failed === undefined) break;
      }
      expect(faults).toEqual([]);
    });
  }
});

function* differences(before: Snapshot, now: Snapshot): Generator<string> {
  const was = new Map(before.objects.map((object) => [identityOf(object), object]));
  for (const object of now.objects) {
    const state = was.get(identityOf(object))?.verdict.state;
    if (object.verdict.state === 'abandoned' && state !== 'abandoned')
      yield `${object.id} was ${state} and is abandoned`;
  }
  if (gapsOf(now).some((gap) => !gapsOf(before).includes(gap))) return;
  const is = new Map(now.objects.map((object) => [identityOf(object), object]));
  for (const [identity, { id, holders }] of was) {
    const found = is.get(identity);
    if (!found) yield `${id} vanished without a gap`;
    else if (found.holders.length < holders.length) yield `${id} lost a holder without a gap`;
  }
}

/** Where our own IPC namespace is not told its segments have another id; which one they are is told by the rest. */
const identityOf = ({ id, shmid, ctimeSec, creator }: ShmObject) =>
  shmid === undefined ? id : `sysv ${shmid} ${ctimeSec} ${creator?.pid}`;

const gapsOf = ({ gaps, visibility }: Snapshot) => [...gaps, ...visibility.gaps].map((gap) => JSON.stringify(gap));
