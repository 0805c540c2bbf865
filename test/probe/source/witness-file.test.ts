// Reading beside a running witness: its latest batch, cheaply, and nothing from a store that cannot be trusted.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { witnessing } from '../../../src/probe/look/witnessed.ts';
import { identityOf } from '../../../src/probe/model/life/identity-of.ts';
import type { Actor, Knowledge, Life } from '../../../src/probe/model/life/life.ts';
import { nativeIo } from '../../../src/probe/source/io-native.ts';
import { ownView } from '../../../src/probe/source/own-view.ts';
import { PidBook } from '../../../src/probe/source/pid-book.ts';
import { isStat, readPidStat } from '../../../src/probe/source/pid-stat.ts';
import { presentMachine } from '../../../src/probe/source/present-machine.ts';
import { freshNotes } from '../../../src/probe/source/process-notes.ts';
import { WitnessFile } from '../../../src/probe/source/witness-file.ts';
import { openStore } from '../../../src/witness/open-store.ts';
import type { WitnessStore } from '../../../src/witness/store.ts';
import { actor, life, NOW_MS, watch } from '../../witness/lives.ts';

const BOOT = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
const loaded = loadLibc();
if (!isLibc(loaded)) throw new Error(loaded.reason);
const libc = loaded;
const io = nativeIo(libc);

let place: string;
let store: WitnessStore | undefined;
let file: WitnessFile;

beforeEach(() => {
  place = mkdtempSync(join(homedir(), '.shmtop-test-reader-'));
  file = new WitnessFile([join(place, 'none'), place], io, libc);
});

afterEach(() => {
  file.close();
  store?.close();
  store = undefined;
  rmSync(place, { recursive: true, force: true });
});

function witness(bootId = BOOT): WitnessStore {
  const opened = openStore(place, bootId);
  if ('problem' in opened) throw new Error(opened.problem);
  store = opened;
  return opened;
}

const write = (lives: readonly Life[], seenMs = NOW_MS) =>
  store?.write({ lives, forgotten: [], watch: watch({ bootId: BOOT, seenMs, isRunning: true }) });

const ofInode = (inode: number) => ({
  kind: 'posix' as const,
  device: '0:27',
  inode,
  birthNs: `${NOW_MS - 3_600_000}000000`,
});

describe('a witness that runs', () => {
  it('is read up to its latest batch, again and again', () => {
    expect(file.knowledge()).toBeUndefined();
    witness();
    write([life(1)]);
    const first = file.knowledge();
    expect(first?.watch).toEqual(watch({ bootId: BOOT, isRunning: true, pid: process.pid, role: 'witness' }));
    expect(first?.lifeOf(ofInode(1))).toEqual(life(1));
    expect(first?.lifeOf(ofInode(2))).toBeUndefined();
    write([life(2), life(1, { goneMs: NOW_MS })], NOW_MS + 1000);
    const second = file.knowledge();
    expect(second?.watch?.seenMs).toBe(NOW_MS + 1000);
    expect(second?.lifeOf(ofInode(1))?.goneMs).toBe(NOW_MS);
    expect(second?.lifeOf(ofInode(2))).toEqual(life(2));
    expect(file.lives()).toEqual({ watch: second?.watch, lives: [life(1, { goneMs: NOW_MS }), life(2)] });
    expect(file.lives('posix:0:27:2')).toEqual({ watch: second?.watch, lives: [life(2)] });
  });

  it('tells of thousands what it tells of each: of a damaged one and of others nothing, and anew at the next look', () => {
    const COUNT = 600;
    const made = Array.from({ length: COUNT }, (_, at) => life(at + 1, { sizeBytes: at }));
    witness();
    write(made);
    const raw = new DatabaseSync(join(place, 'witness.db'));
    // One that is read alone, and one that is read with all the others.
    for (const inode of [5, 500])
      raw
        .prepare('UPDATE life SET life = replace(life, \'"deeds"\', \'"deed"\') WHERE object = ?')
        .run(`posix:0:27:${inode}`);
    raw.close();
    const told = (knowledge: Knowledge | undefined) =>
      Array.from({ length: COUNT + 10 }, (_, at) => knowledge?.lifeOf(ofInode(at + 1)));
    const first = told(file.knowledge());
    expect(first.map((each) => each?.sizeBytes)).toEqual([
      ...made.map(({ sizeBytes }, at) => (at === 4 || at === 499 ? undefined : sizeBytes)),
      ...Array.from({ length: 10 }, () => undefined),
    ]);
    expect(first[550]).toEqual(made[550]);
    write([life(551, { goneMs: NOW_MS }), life(COUNT + 3)]);
    const second = told(file.knowledge());
    expect(second[550]?.goneMs).toBe(NOW_MS);
    expect(second[COUNT + 2]).toEqual(life(COUNT + 3));
  });

  it('has its last batch read when it has ended, but is not said to run', () => {
    witness();
    write([life(1)]);
    expect(file.knowledge()?.watch?.isRunning).toBe(true);
    store?.close();
    store = undefined;
    expect(file.knowledge()?.watch).toMatchObject({ isRunning: false, seenMs: NOW_MS });
    expect(file.knowledge()?.lifeOf(ofInode(1))).toEqual(life(1));
  });

  it('that begins anew after damage is found', () => {
    witness();
    write([life(1)]);
    expect(file.knowledge()?.lifeOf(ofInode(1))).toBeDefined();
    store?.close();
    renameSync(join(place, 'witness.db'), join(place, 'old'));
    witness();
    expect(file.knowledge()).toBeUndefined();
    write([life(2)]);
    expect(file.knowledge()?.lifeOf(ofInode(1))).toBeUndefined();
    expect(file.knowledge()?.lifeOf(ofInode(2))).toBeDefined();
  });

  it('is not waited for while its batch is under way', () => {
    witness();
    write([life(1)]);
    const knowledge = file.knowledge();
    const before = performance.now();
    for (let round = 0; round < 200; round++) {
      write([life(2, { sizeBytes: round })]);
      expect(knowledge?.lifeOf(ofInode(1))).toBeDefined();
    }
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

describe('a store that tells nothing', () => {
  it.each([
    ['is of another boot', () => witness('99999999-2222-3333-4444-555555555555').close(), 'is of another boot'],
    ['is open to others', () => withStore(() => chmodSync(place, 0o755)), 'must be 0700'],
    [
      'can be read by others',
      () => withStore(() => chmodSync(join(place, 'witness.db'), 0o644)),
      'can be read by others',
    ],
    ['is damaged', () => withStore(() => writeFileSync(join(place, 'witness.db'), 'x'.repeat(9000))), 'witness.db'],
    [
      'is of a writer who says nothing of himself',
      () => withStore(() => writeFileSync(join(place, 'witness.lock'), '1 2 3')),
      'another boot',
    ],
  ])('%s: it is said, and nothing is known', (_, prepare, reason) => {
    prepare();
    store = undefined;
    expect(file.knowledge()).toBeUndefined();
    expect(file.problem).toContain(reason);
    expect(file.lives()).toContain(reason);
  });

  it.each([0, 1, 2])('is written in other namespaces (%i): who runs there is not who runs here', (at) => {
    witness();
    write([life(1)]);
    const lockOf = (view: string) =>
      writeFileSync(join(place, 'witness.lock'), `${process.pid} ${BOOT} ${view} witness\n`);
    lockOf(ownView());
    expect(file.knowledge()?.watch?.isRunning).toBe(true);
    const numbers = ownView().split('.');
    lockOf(numbers.map((number, kind) => (kind === at ? String(Number(number) + 1) : number)).join('.'));
    expect(file.knowledge()?.watch?.isRunning).toBe(false);
  });

  function withStore(then: () => void) {
    witness();
    write([life(1)]);
    store?.close();
    then();
  }
});

it('the identity of an object is that of its life', () => {
  expect(identityOf(ofInode(7))).toBe(life(7).identity);
  expect(identityOf({ ...ofInode(7), birthNs: undefined })).toBeUndefined();
  const segment = {
    kind: 'sysv' as const,
    ipcNamespace: '4026531839',
    shmid: 5,
    ctimeSec: 10,
    cpid: 7,
    key: '0x00000001',
  };
  expect(identityOf(segment)).toBe('sysv 4026531839 5 10 7 0x00000001');
  expect(identityOf({ ...segment, cpid: undefined })).toBeUndefined();
});

describe('what lives now', () => {
  const machine = () => {
    const pids = (io.readPids('/proc') as { readonly pids: readonly number[] }).pids;
    const namespaces = { ipcOf: new Map(), mountOf: new Map(), refused: [], threadsLeft: [] };
    const notesOf = freshNotes();
    const book = new PidBook(io, '/proc', 'own', libc, pids, namespaces, notesOf);
    // Whatever this test runs in: here only single processes are in question.
    return { ...presentMachine({ io, procRoot: '/proc', pids, book, notesOf }), seesAll: true };
  };

  const startOf = (pid: number) => {
    const stat = readPidStat(io, '/proc', pid);
    if (!isStat(stat)) throw new Error('it has ended');
    return stat.startTicks;
  };

  const weigh = (actors: readonly Actor[]) => {
    if (!store) witness();
    write([life(1, { actors })]);
    const ask = witnessing(file.knowledge(), machine, { nowMs: NOW_MS, minAgeSec: 60 });
    return ask?.({ ...ofInode(1), usedSec: Math.floor(NOW_MS / 1000) - 3600 });
  };

  it('decides: a user, a parent, a member of its session that runs, until each has ended', async () => {
    const sleeper = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    await once(sleeper, 'spawn');
    const pid = sleeper.pid ?? 0;
    const startTicks = startOf(pid);
    const ended = { atMs: NOW_MS - 600_000, signal: 9 };
    const NOBODY = 2 ** 22 + 5;
    const cases: readonly (readonly Actor[])[] = [
      [actor(pid, { startTicks, ended: undefined })],
      [actor(NOBODY, { session: NOBODY, ended, parent: { pid, startTicks } })],
      [actor(NOBODY, { session: pid, ended })],
    ];
    for (const actors of cases) expect(weigh(actors)?.standing).toBe('awaited');
    // Somebody else who had the same pid before.
    expect(
      weigh([actor(NOBODY, { session: NOBODY, ended, parent: { pid, startTicks: startTicks - 1 } })])?.standing,
    ).toBe('proven');
    sleeper.kill('SIGKILL');
    await once(sleeper, 'exit');
    expect(cases.map((actors) => weigh(actors)?.standing)).toEqual(['ended', 'proven', 'proven']);
  });
});
