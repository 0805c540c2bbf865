// Who deletes shared memory unasked: what logind's configuration comes to, for whom.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forcedRemoval, logindRemoval } from '../../../src/probe/doctor/removers.ts';
import { witnessCapability } from '../../../src/probe/doctor/witness-capability.ts';
import type { Life } from '../../../src/probe/model/life/life.ts';
import { removeIpcOf } from '../../../src/probe/parse/logind-conf.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { NOTHING } from '../../cli/examples.ts';
import { NOW_MS, watch } from '../../witness/lives.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shmtop-removers-'));
  mkdirSync(join(root, 'run/systemd/seats'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const snapshot = NOTHING;
const asUser = (uid: number) => ({ ...snapshot, host: { ...snapshot.host, uid, user: `u${uid}` } });
const state = (uid = 1000) => logindRemoval(nodeIo(), asUser(uid), root).state;

describe('RemoveIPC', () => {
  it('is on unless it is said otherwise, for ordinary users', () => {
    expect(state()).toBe('partly');
    expect([0, 999, 61_184].map(state)).toEqual(['yes', 'yes', 'yes']);
    put('etc/systemd/logind.conf', '[Login]\n#RemoveIPC=yes\nRemoveIPC = no\n');
    expect(state()).toBe('yes');
  });

  it('is what the last file says, of drop-ins too, of two with one name only the nearer', () => {
    put('etc/systemd/logind.conf', '[Login]\nRemoveIPC=no\n');
    put('usr/lib/systemd/logind.conf.d/50-a.conf', '[Login]\nRemoveIPC=yes\n');
    expect(state()).toBe('partly');
    put('etc/systemd/logind.conf.d/50-a.conf', '[Login]\nRemoveIPC=0\n');
    expect(state()).toBe('yes');
    put('run/systemd/logind.conf.d/60-b.conf', '[Login]\nRemoveIPC=\n');
    expect(state()).toBe('partly');
  });

  it('does not concern who lingers, nor anybody where no logind runs', () => {
    put('var/lib/systemd/linger/u1000', '');
    expect(state()).toBe('yes');
    expect(state(1001)).toBe('partly');
    rmSync(join(root, 'run/systemd/seats'), { recursive: true });
    expect(state(1001)).toBe('yes');
  });

  it.each([
    ['[Login]\nRemoveIPC=off\n[Other]\nRemoveIPC=on\n', false],
    ['RemoveIPC=no\n', undefined],
    ['[Login]\nRemoveIPC=maybe\n', undefined],
    ['[Login]\nRemoveIPC=YES\n', true],
  ])('%j reads as %s', (text, value) => {
    expect(removeIpcOf([text])).toBe(value);
  });
});

it('the kernel’s own removal is a warning where it is on', () => {
  const withForced = (shmRmidForced: boolean) => ({ ...snapshot, limits: { ...snapshot.limits, shmRmidForced } });
  expect(forcedRemoval(withForced(false)).state).toBe('yes');
  expect(forcedRemoval(withForced(true))).toMatchObject({
    state: 'partly',
    lost: expect.stringContaining('every segment'),
  });
});

describe('a witness', () => {
  const lives: readonly Life[] = [];
  it('is missed where none runs, and named with its sources and gaps where one does', () => {
    expect(witnessCapability({ lives }, NOW_MS)).toMatchObject({
      state: 'no',
      found: expect.stringContaining('none ran'),
    });
    expect(witnessCapability('x\x1b is damaged', NOW_MS)).toMatchObject({ state: 'no', found: 'x\\x1b is damaged' });
    expect(witnessCapability({ watch: watch({ isRunning: false }), lives }, NOW_MS)).toMatchObject({ state: 'no' });
    expect(witnessCapability({ watch: watch(), lives }, NOW_MS)).toMatchObject({
      state: 'yes',
      found: expect.stringMatching(/^process 50, 0 objects seen since .*; by fanotify$/),
    });
  });

  it.each([
    ['a gap', { gaps: [{ fromMs: NOW_MS - 60_000, untilMs: NOW_MS - 50_000, why: 'overflow\x07' }] }, 'overflow\\x07'],
    ['silence', { seenMs: NOW_MS - 60_000 }, 'no sign of life'],
    ['no room', { leftOut: 3 }, '3 objects for which there was no room'],
    [
      'a source that is missing',
      { sources: [{ name: 'taskstats', isActive: false, text: 'EPERM' }] },
      'taskstats (EPERM)',
    ],
  ])('%s is said', (_, more, word) => {
    expect(witnessCapability({ watch: watch(more), lives }, NOW_MS)).toMatchObject({
      state: 'partly',
      lost: expect.stringContaining(word),
    });
  });
});
