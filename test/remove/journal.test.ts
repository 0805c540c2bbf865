// The journal: what is written before and after, and what is read back from it, whatever has been done to the file.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import { type JournalClosed, type JournalOpen, journalCandidates, openJournal } from '../../src/remove/journal.ts';
import { parseHistory } from '../../src/remove/model/history.ts';
import { plan } from '../../src/remove/model/plan.ts';
import { refuse } from '../../src/remove/model/refusal.ts';
import { parseSidecar, sidecarText } from '../../src/remove/model/sidecar.ts';
import { readHistory, readOpen } from '../../src/remove/read-history.ts';
import { putBackLeftovers } from '../../src/remove/recovery.ts';

const dir = mkdtempSync(join(tmpdir(), 'shmtop-journal-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const object: ShmObject = {
  id: 'posix:0:27:2',
  shortId: 'posix:/a\\x0ab',
  kind: 'posix',
  rawName: '/a\nb\xff',
  rawPath: '/dev/shm/a\nb\xff',
  type: 'file',
  device: '0:27',
  inode: 2,
  links: 1,
  sizeBytes: 10,
  allocatedBytes: 4096,
  perms: '640',
  uid: 5,
  gid: 6,
  status: [],
  holders: [],
  verdict: { state: 'abandoned', evidence: [{ code: 'lease-free' }, { code: 'name-pid-dead', pid: 77 }] },
};
const [onePlan] = plan([object], { force: false, isNamed: true, listedAtMs: 0 });

function opened(result: JournalOpen | JournalClosed) {
  if ('problem' in result) throw new Error(result.problem);
  return result.journal;
}

test.each([
  ['is put back under its name', 'directory'],
  ['stays where it is and is told, where a link took the place of its directory', 'link'],
] as const)('what a killed removal had left aside %s', (_, kind) => {
  const libc = loadLibc();
  if (!isLibc(libc)) throw new Error(libc.reason);
  const shm = join(dir, `recovery-${kind}`);
  const folder = `${shm}/.shmtop-77-${'ab'.repeat(12)}`;
  for (const path of [shm, folder, `${shm}/victim`]) mkdirSync(path, { mode: 0o700 });
  writeFileSync(`${folder}/0`, 'content');
  if (kind === 'link') symlinkSync('victim', `${shm}/his`);
  else mkdirSync(`${shm}/his`);
  const [his] = plan([{ ...object, rawName: '/his/name', rawPath: `${shm}/his/name` }], {
    force: false,
    isNamed: true,
    listedAtMs: 0,
  });
  if (!his) throw new Error('no plan');
  const paths = [join(shm, 'journal', 'removals.jsonl')];
  const killed = opened(openJournal(paths, 'rm'));
  killed.begin([{ plan: his, seq: 0, aside: `${folder}/0` }]);
  killed.close();
  const next = opened(openJournal(paths, 'rm'));
  const {
    notes: [told],
  } = putBackLeftovers(libc, next);
  next.close();
  expect(readdirSync(`${shm}/victim`)).toEqual([]);
  if (kind === 'link') {
    expect(told).toContain(`left name in ${folder}`);
    expect(readFileSync(`${folder}/0`, 'utf8')).toBe('content');
  } else {
    expect(told).toContain('it is back');
    expect(readFileSync(`${shm}/his/name`, 'utf8')).toBe('content');
  }
});

test('a journal in which all is ended is not read again, and what is begun after that is found', () => {
  const libc = loadLibc();
  if (!isLibc(libc)) throw new Error(libc.reason);
  if (!onePlan) throw new Error('no plan');
  const path = join(dir, 'ended', 'removals.jsonl');
  const open = () => {
    const found = readOpen(path);
    if ('problem' in found) throw new Error(found.problem);
    return found.entries.filter(({ state }) => state === 'begun').map(({ seq }) => seq);
  };
  const run = (seqs: readonly number[], endsAll: boolean) => {
    const journal = opened(openJournal([path], 'rm'));
    const { isAllEnded } = putBackLeftovers(libc, journal);
    journal.begin(seqs.map((seq) => ({ plan: onePlan, seq, aside: `/dev/shm/.shmtop-1-${'ab'.repeat(12)}/${seq}` })));
    for (const seq of endsAll ? seqs : seqs.slice(1)) journal.end(seq, { plan: onePlan }, refuse('changed', 'x'));
    expect(journal.sync()).toBeUndefined();
    if (isAllEnded) journal.markAllEnded();
    journal.close();
  };
  const many = Array.from({ length: 60 }, (_, seq) => seq);
  run(many, true);
  const found = readOpen(path);
  expect('entries' in found && found.entries).toEqual([]);
  const whole = readHistory(path);
  expect('entries' in whole && [whole.entries.length, whole.malformed]).toEqual([60, 0]);
  run([5, 6], false); // killed at its first
  expect(open()).toEqual([5]);
  // A mark that was cut off is none, and more than the end of the file is looked through where it has none.
  writeFileSync(path, `${readFileSync(path, 'utf8')}{"event":"all-en`);
  run(many, false);
  expect(open().sort()).toEqual([0, 5]);
  run([9], true);
  expect(open().sort()).toEqual([0, 5]);
});

test('a line that a full disk or a kill has cut off takes no other with it', () => {
  if (!onePlan) throw new Error('no plan');
  const path = join(dir, 'torn', 'removals.jsonl');
  const first = opened(openJournal([path], 'rm'));
  first.begin([{ plan: onePlan, seq: 0 }]);
  first.close();
  const whole = readFileSync(path, 'utf8');
  for (const length of [1, whole.length >> 1, whole.length - 1]) {
    writeFileSync(path, whole.slice(0, length));
    const journal = opened(openJournal([path], 'rm'));
    journal.begin([{ plan: onePlan, seq: 7 }]);
    journal.close();
    const { entries } = parseHistory(readFileSync(path, 'utf8'));
    expect(entries.map(({ seq }) => seq).at(-1)).toBe(7);
  }
});

test('each removal is begun with evidence and bytes, ended with what became of it, and one line however hostile the name', () => {
  if (!onePlan) throw new Error('no plan');
  const path = join(dir, 'one', 'removals.jsonl');
  const journal = opened(openJournal([path], 'rm'));
  journal.begin([
    { plan: onePlan, seq: 0, aside: '/dev/shm/.shmtop-1-x/0' },
    { plan: onePlan, seq: 1 },
    { plan: onePlan, seq: 2 },
  ]);
  journal.end(0, { plan: onePlan }, { kind: 'removed', how: 'freed-now', freedBytes: 4096 });
  journal.end(1, { plan: onePlan }, refuse('changed', 'changed since it was listed'));
  journal.close();
  const text = readFileSync(path, 'utf8');
  expect(text.split('\n')).toHaveLength(6);
  expect(text).not.toMatch(/[^\n\x20-\x7e]/);
  const { entries, malformed } = parseHistory(text);
  expect(malformed).toBe(0);
  expect(entries.map(({ state }) => state)).toEqual(['done', 'refused', 'begun']);
  expect(entries[0]).toMatchObject({
    id: object.id,
    bytes: 4096,
    freedBytes: 4096,
    evidence: ['lease-free', 'name-pid-dead 77'],
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a torn last line, binary and foreign JSON are counted and the rest is read', () => {
  const line = '{"event":"begun","run":"r","seq":0,"id":"sysv:1:2","at":"2026-01-01T00:00:00.000Z"}';
  const { entries, malformed } = parseHistory(
    `${line}\n\u0000\u0001\n[1]\n"x"\nnull\n{"event":"done","run":"r","seq":0,"id":"sysv:1`,
  );
  expect(entries.map(({ state }) => state)).toEqual(['begun']);
  expect(malformed).toBe(5);
});

test('a journal that is a symbolic link is not written, the next place is', () => {
  const target = join(dir, 'target');
  writeFileSync(target, '');
  symlinkSync(target, join(dir, 'link.jsonl'));
  const journal = opened(openJournal([join(dir, 'link.jsonl'), join(dir, 'other.jsonl')], 'rm'));
  expect(journal.path).toBe(join(dir, 'other.jsonl'));
  journal.close();
  expect(openJournal([join(dir, 'link.jsonl')], 'rm')).toMatchObject({ problem: expect.stringContaining('is a link') });
});

test('XDG_STATE_HOME comes first, then the log of the machine for root, then the home of the user', () => {
  const { homedir } = userInfo();
  expect(journalCandidates({ XDG_STATE_HOME: '/s', HOME: '/h' }, 0)).toEqual([
    '/s/shmtop/removals.jsonl',
    '/var/log/shmtop/removals.jsonl',
    '/h/.local/state/shmtop/removals.jsonl',
  ]);
  expect(journalCandidates({ XDG_STATE_HOME: 'relative', HOME: '/h' }, 1000)).toEqual([
    '/h/.local/state/shmtop/removals.jsonl',
    `${homedir}/.local/state/shmtop/removals.jsonl`,
  ]);
});

test('a sidecar gives back name, owner and permissions, and nothing that leads out of the directory', () => {
  const text = sidecarText(object, 'content', 10, new Date(0));
  expect(parseSidecar(text)).toEqual({
    kind: 'posix',
    content: 'content',
    sizeBytes: 10,
    mode: 0o640,
    uid: 5,
    gid: 6,
    rawName: '/a\nb\xff',
  });
  const forged = (change: object) => parseSidecar(JSON.stringify({ ...JSON.parse(text), ...change }));
  expect(forged({ nameBytes: btoa('/../etc/passwd') })).toHaveProperty('problem');
  expect(forged({ content: '../x' })).toHaveProperty('problem');
  expect(forged({ perms: '7777' })).toHaveProperty('problem');
  expect(forged({ version: 2 })).toHaveProperty('problem');
  expect(parseSidecar('[]')).toHaveProperty('problem');
});
