// Files that somebody else wrote or put in the place of ours: recordings, saved objects, the journal, settings. What must hold:
// no wait, no crash, no memory without end, no control character on the terminal, and nothing restored that was not saved.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventLine, headerLine, snapshotLine } from '../../src/probe/model/decode/recording.ts';
import { head, NOW_MS, segment } from '../ui/sample-objects.ts';
import { rawControls, runProgram, runScript } from './input-files/children.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'shmtop-input-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = headerLine(NOW_MS, [{ name: 'perf', isActive: true, text: 'all' }]);
const SNAPSHOT = { ...head(), objects: [segment(1)] };
const EVENT = {
  atMs: NOW_MS,
  event: 'attached',
  source: 'perf',
  count: 1,
  id: segment(1).id,
  shortId: 'sysv:1',
  pid: 9,
  comm: 'app',
} as const;

/** A place of its own with something at `name` in it. */
function planted(what: 'fifo' | 'link' | 'device link' | 'directory' | 'endless', name: string): string {
  const path = join(mkdtempSync(join(folder, 'p-')), name);
  if (what === 'fifo') execFileSync('mkfifo', [path]);
  else if (what === 'link') symlinkSync('/etc/hostname', path);
  else if (what === 'device link') symlinkSync('/dev/zero', path);
  else if (what === 'directory') mkdirSync(path);
  else {
    const fd = openSync(path, 'wx');
    ftruncateSync(fd, 2 ** 43);
    closeSync(fd);
  }
  return path;
}

const PLANTS = ['fifo', 'link', 'device link', 'directory', 'endless'] as const;

describe.each(PLANTS)('a %s in the place of', (what) => {
  test('a recording is refused at once', () => {
    const { status, text } = runProgram(['replay', planted(what, 'r.jsonl')]);
    expect([status, text]).toEqual([1, expect.stringMatching(/^shmtop: cannot replay .*\n$/)]);
  });

  // A link of our own, in a folder that nobody else can write, is where we want it: see files.test.ts for those of others.
  const isOurLink = what === 'link';
  const refused = isOurLink ? [] : ['a sidecar, or of the content beside a good one, is refused at once'];
  test.each(refused)('%s', () => {
    const sidecar = planted(what, 'x.json');
    const path = planted(what, 'content');
    writeFileSync(`${path}.json`, JSON.stringify({ ...SAVED, content: 'content' }));
    for (const file of [sidecar, path]) {
      const { status, text } = runProgram(['restore', file]);
      expect([status, text]).toEqual([1, expect.stringMatching(/^shmtop: .*give a file|^shmtop: .*look for another/)]);
    }
  });

  test('the journal is told when it is read', () => {
    const path = planted(what, 'removals.jsonl');
    const { text } = runScript(
      `import { readHistory } from 'src/remove/read-history.ts';
       const found = readHistory(${JSON.stringify(path)});
       console.log('problem' in found ? 'problem' : found.entries.length);`,
    );
    expect(text).toBe(what === 'endless' || isOurLink ? '0\n' : 'problem\n');
  });

  test('settings and what is remembered of them counts for nothing', () => {
    const place = mkdtempSync(join(folder, 's-'));
    mkdirSync(join(place, 'shmtop'));
    for (const name of ['config.toml', 'state.json']) {
      execFileSync('mv', [planted(what, name), join(place, 'shmtop', name)]);
    }
    const readIn = (home: string) =>
      runScript(
        `import { readConfig, StateFile } from 'src/ui/settings-file.ts';
       const env = { XDG_CONFIG_HOME: ${JSON.stringify(home)}, XDG_STATE_HOME: ${JSON.stringify(home)} };
       console.log(JSON.stringify([readConfig(env).settings, new StateFile(env).read()]));`,
      ).text;
    // What this user's own home says counts in its place.
    expect([readIn('relative'), isOurLink ? '[{},{}]\n' : undefined]).toContain(readIn(place));
  });
});

const SAVED = {
  format: 'shmtop-saved',
  version: 1,
  kind: 'posix',
  content: 'content',
  nameBytes: btoa('/shmtop-attack-restored'),
  sizeBytes: 3,
  perms: '600',
  uid: 0,
  gid: 0,
};

test.each([
  ['user 2^32, which would become root', { uid: 2 ** 32 }],
  ['user 2^32 - 1, which chown takes as "leave it"', { uid: 2 ** 32 - 1 }],
  ['group 2^32', { gid: 2 ** 32 }],
  ['half a user', { uid: 0.5 }],
  ['user "0"', { uid: '0' }],
  ['no user', { uid: null }],
  ['a size of 2^60', { sizeBytes: 2 ** 60 }],
  ['a size below 0', { sizeBytes: -1 }],
  ['set-user-ID', { perms: '4755' }],
  ['permissions as a number', { perms: 600 }],
  ['a way out by ..', { nameBytes: btoa('/../tmp/x') }],
  ['a name without its slash', { nameBytes: btoa('x') }],
  ['a name with NUL', { nameBytes: btoa('/a\0b') }],
  ['base64 that is none', { nameBytes: '/-\x1b[31m' }],
  ['content elsewhere', { content: '../content' }],
  ['content that is the directory', { content: '.' }],
  ['a list for the content', { content: ['content'] }],
  ['an unknown kind', { kind: '__proto__' }],
  ['an ESC in the version', { version: '\x1b]0;pwned\x07\x9b31m' }],
])('restore refuses a saved object with %s, and says so without a control character', (_, change) => {
  const place = mkdtempSync(join(folder, 'f-'));
  writeFileSync(join(place, 'content'), 'abc');
  writeFileSync(join(place, 'content.json'), JSON.stringify({ ...SAVED, ...change }));
  const { status, text } = runProgram(['restore', join(place, 'content.json')]);
  expect([status, rawControls(text)]).toEqual([1, []]);
  expect(text).toMatch(/^shmtop: .*cannot be used/);
});

const HOSTILE: readonly unknown[] = [
  '\x1b]52;c;AAAA\x07',
  '\x9b31mC1',
  '\x7f',
  '\u202egnp',
  -1,
  0.5,
  1e308,
  2 ** 60,
  null,
  true,
  [],
  {},
  ['\x1b'],
  { toString: 1 },
];

test.each([
  ['event', EVENT, (value: object) => `{"event":${JSON.stringify(value)}}\n`],
  [
    'object',
    SNAPSHOT.objects[0],
    (value: object) => `{"snapshot":${JSON.stringify({ ...SNAPSHOT, objects: [value] })}}\n`,
  ],
  ['snapshot', SNAPSHOT, (value: object) => `{"snapshot":${JSON.stringify(value)}}\n`],
])(
  'every field of the %s as anything: replayed or counted, no crash, no control character, as text and as JSON',
  (_, whole, line) => {
    const lines = Object.keys(whole ?? {}).flatMap((field) =>
      HOSTILE.map((value) => line({ ...whole, [field]: value })),
    );
    const path = join(folder, 'fields.jsonl');
    writeFileSync(path, HEADER + snapshotLine(SNAPSHOT) + lines.join('') + eventLine(EVENT));
    for (const format of [[], ['--json']]) {
      const { status, text } = runProgram(['replay', ...format, path]);
      expect(rawControls(text)).toEqual([]);
      expect(text).not.toMatch(/\n {4}at |TypeError|RangeError/);
      expect(text).toContain('sysv:');
      expect([0, 1]).toContain(status);
      expect(text).toMatch(/\d+ lines of .* could not be read/);
    }
  },
);

test.each([
  ['a recording of one line of 10^7 lists in each other', () => HEADER + '['.repeat(1e7)],
  ['one of 2^25 empty lists', () => `${HEADER}{"event":[${'[],'.repeat(2 ** 25)}[]]}\n`],
  [
    'one of 2^20 keys',
    () => `${HEADER}{"event":{${Array.from({ length: 2 ** 20 }, (_, at) => `"k${at}":1`).join(',')}}}\n`,
  ],
  ['one with a time of 300 digits', () => `${HEADER}{"event":{"atMs":${'9'.repeat(300)},"count":1}}\n`],
  ['one of 10^6 lines of nothing', () => HEADER + '{}\n'.repeat(1e6)],
])('%s is counted as damage within seconds and within the memory of a terminal program', (_, text) => {
  const path = join(folder, 'large.jsonl');
  writeFileSync(path, text());
  const ended = runProgram(['replay', path]);
  expect(ended).toMatchObject({ status: 1, text: expect.stringMatching(/could not be read/) });
});

test('a journal written by an enemy is told line by line, without his control characters, or counted', () => {
  const begun = {
    event: 'begun',
    run: 'r',
    seq: 0,
    id: 'sysv:1:2',
    at: '2026-01-01T00:00:00.000Z',
    user: 'u',
    name: 'n',
  };
  const ends = { event: 'done', run: 'r', seq: 0, id: 'sysv:1:2', how: 'x', savedAs: 'x', reason: 'x', freedBytes: 1 };
  const lines = [begun, ends].flatMap((whole) =>
    Object.keys({ ...whole, path: 1, aside: 1, evidence: 1, identity: 1 }).flatMap((field) =>
      HOSTILE.map((value, at) => JSON.stringify({ ...whole, seq: at, [field]: value })),
    ),
  );
  const place = mkdtempSync(join(folder, 'j-'));
  mkdirSync(join(place, 'shmtop'), { mode: 0o700 });
  writeFileSync(join(place, 'shmtop/removals.jsonl'), `${lines.join('\n')}\n`, { mode: 0o600 });
  for (const format of [[], ['--json']]) {
    const { status, text } = runProgram(['rm', '--history', ...format], { XDG_STATE_HOME: place });
    expect([status, rawControls(text)]).toEqual([0, []]);
    expect(text).toMatch(/sysv:1:2/);
    expect(text).toMatch(/malformed|could not be read/);
  }
});
