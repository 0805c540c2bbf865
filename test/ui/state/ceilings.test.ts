// Screen 6: each limit with its bar; its details say who fills it and what helps, and y copies that as a command line.
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { ceilingsOf } from '../../../src/probe/model/ceilings.ts';
import { drawCeilings } from '../../../src/ui/draw/ceiling-list.ts';
import { remedyOf } from '../../../src/ui/format/ceiling-remedy.ts';
import type { Intent } from '../../../src/ui/state/intent.ts';
import { reduce } from '../../../src/ui/state/reducer.ts';
import { copiedOf, rowIds } from '../../../src/ui/state/select.ts';
import type { State } from '../../../src/ui/state/state.ts';
import { renderState } from '../render.ts';
import { head, named, segment, stateWith, tick } from '../sample-objects.ts';

const MIB = 1024 ** 2;
const SHM = { path: '/dev/shm', device: '0:27', sizeBytes: 64 * MIB, usedBytes: 60 * MIB, inodes: 100, inodesUsed: 8 };
const limits = (more: object = {}) => ({ ...head().limits, mounts: [SHM], ...more });
const press = (state: State, ...intents: Intent[]): State =>
  intents.reduce((now, intent) => reduce(now, { type: 'intent', intent }), state);
function screen(more: Partial<State> = {}): State {
  const objects = [named('spool', { allocatedBytes: 22 * MIB }), segment(1)];
  const state = reduce(stateWith(objects, { columns: 80, rows: 24, ...more }), {
    type: 'tick',
    tick: tick([], { head: head({ limits: limits(), takenAtMs: head().takenAtMs + 1000 }) }),
  });
  return press(state, 'screen-6');
}
const remedies = (more: object = {}) =>
  ceilingsOf(limits(more), { totalBytes: 16e9, shmemBytes: 1e9 }, []).map((ceiling) => remedyOf(ceiling, 4096));

describe('the Ceilings screen', () => {
  test('has a bar and the error of each at 80 columns, and what alarms stands first', () => {
    expect(rowIds(screen())[0]).toBe('bytes:0:27');
    const lines = drawCeilings(screen()).map((line) => line.replace(/\x1b\[[\d;]*m/g, ''));
    expect(lines[1]).toMatch(/\/dev\/shm +━+─* +93% +60\.0M of 64\.0M/);
    expect(lines[2]).toMatch(/when full: write or ftruncate: No space left on device/);
    expect(lines.filter((line) => line.includes('when full'))).toHaveLength(6);
  });

  test('Enter tells who fills it and what helps; w leads to all of them, from the list and from the details', async () => {
    const opened = press(screen(), 'open');
    const text = (await renderState(opened)).lines.join('\n');
    expect(text).toMatch(/22\.0M +37% .*python3\[4711\]/);
    expect(text).toContain('mount -o remount,size=128M /dev/shm');
    expect(text).toMatch(/Esc ?Back.*w ?Who.*y ?Copy/);
    for (const state of [opened, screen()]) {
      expect(press(state, 'who').whereOf?.ceilingId).toBe('bytes:0:27');
      expect(press(state, 'down', 'who').screen).toBe('where');
    }
    expect(press(screen(), 'last', 'who').whereOf?.ceilingId).toBe(rowIds(screen()).at(-1));
  });

  test('y copies the command line whole, where an object is copied as one word', () => {
    expect(copiedOf(screen())).toEqual({
      text: 'mount -o remount,size=128M /dev/shm',
      pasted: 'mount -o remount,size=128M /dev/shm',
    });
    const quoted = press(stateWith([named("it's")]), 'first');
    expect(copiedOf(quoted)).toEqual({ text: "posix:/it's", pasted: "'posix:/it'\\''s'" });
  });
});

describe('remedies', () => {
  test('are twice what there is', () => {
    expect(remedies({ shmall: '1000', shmmax: '8192' })).toEqual([
      'shmtop rm --abandoned --dry-run',
      'sysctl -w kernel.shmmni=8192',
      'sysctl -w kernel.shmall=2000',
      'sysctl -w kernel.shmmax=16384',
      'mount -o remount,size=128M /dev/shm',
      'mount -o remount,nr_inodes=200 /dev/shm',
    ]);
  });

  test('there is none without a limit, none beyond what the kernel allows, none from absurd numbers', () => {
    expect(remedies({ shmmni: '32768' })[1]).toBeUndefined();
    expect(remedies({ shmmni: '20000' })[1]).toBe('sysctl -w kernel.shmmni=32768');
    expect(remedies({ shmall: undefined, shmmni: '0', shmmax: '18446744073692774399' }).slice(1, 4)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const sizeBytes of [undefined, 0, -1, 1e300, 2 ** 53])
      expect(remedies({ mounts: [{ ...SHM, sizeBytes }] })[4]).toBeUndefined();
  });

  test('nobody is told to enter the mount namespace of another: what lies there would run as root', () => {
    const mounts = [{ ...SHM, path: '/proc/4711/root/dev/shm' }];
    expect(remedies({ mounts }).slice(4)).toEqual([undefined, undefined]);
  });

  test.each(['/mnt/a b', "/mnt/'; touch /tmp/x; '", '/mnt/$(id)', '/mnt/`id`'])(
    'a mount point %s is one word of it',
    (path) => {
      const line = remedies({ mounts: [{ ...SHM, path }] })[4] ?? '';
      const { stdout } = spawnSync('sh', ['-c', `mount() { printf '<%s>' "$@"; }; ${line}`], { encoding: 'utf8' });
      expect(stdout).toBe(`<-o><remount,size=128M><${path}>`);
    },
  );

  test('of semaphores changes one of the four numbers and keeps the others, at most what the kernel takes', () => {
    const of = (kind: string, limit: number) => remedies({ others: [{ kind, used: 1, limit }] }).at(-1);
    const sets = (line = '') =>
      spawnSync('sh', ['-c', `sysctl() { echo "$@"; }; ${line.replace('/proc/sys/kernel/sem', '')}`], {
        input: '250\t1024000000\t500\t32000\n',
        encoding: 'utf8',
      }).stdout.trim();
    expect(sets(of('semaphore-sets', 32))).toBe('-w kernel.sem=250 1024000000 500 64');
    expect(sets(of('semaphores', 320))).toBe('-w kernel.sem=250 640 500 32000');
    expect(sets(of('semaphore-sets', 32_000))).toBe('-w kernel.sem=250 1024000000 500 32768');
    expect(of('queues', 32_000)).toBe('sysctl -w kernel.msgmni=32768');
    for (const kind of ['semaphore-sets', 'queues']) expect(of(kind, 32_768)).toBeUndefined();
    expect(of('semaphores', 2 ** 31 - 1)).toBeUndefined();
  });

  test('one that cannot be typed as it is shown has none', () => {
    for (const path of ['/mnt/a\nreboot', '/mnt/\x1b[2J', '/mnt/\u202e', '/mnt/ä', '/mnt/a\\x0ab'])
      expect(remedies({ mounts: [{ ...SHM, path }] })[4]).toBeUndefined();
  });
});
