// Who stands in a directory: by its inode, through any path, and nobody where that cannot be told.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../../src/native/libc.ts';
import type { ShmEntry } from '../../../../src/probe/model/join/shm-entry.ts';
import { nativeIo } from '../../../../src/probe/source/io-native.ts';
import { readStanding, whoStandsIn } from '../../../../src/probe/territory/places/stands-in.ts';

const loaded = loadLibc();
const libc = isLibc(loaded) ? loaded : undefined;

describe.skipIf(!libc)('a directory', () => {
  const dir = mkdtempSync(join(tmpdir(), 'shmtop-standing-'));
  let child: ChildProcess;
  beforeAll(() => {
    mkdirSync(join(dir, 'here'));
    mkdirSync(join(dir, 'empty'));
    child = spawn('sleep', ['60'], { cwd: join(dir, 'here') });
  });
  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true });
  });

  const entryOf = (name: string): ShmEntry => {
    if (!libc) throw new Error('no libc');
    const stat = nativeIo(libc).stat(join(dir, name), 'nofollow');
    if (typeof stat === 'number') throw new Error(`no ${name}`);
    expect(stat.inode).toBe(statSync(join(dir, name)).ino);
    const place = { kind: 'given', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
    return { ...stat, name: `/${name}`, reachedBy: join(dir, name), place, type: 'directory' };
  };

  test('that is the working directory of a process is stood in; one that is nobody’s is not', () => {
    const standing = readStanding(libc, '/proc', [process.pid, child.pid ?? 0]);
    expect(standing.isWhole).toBe(true);
    expect(whoStandsIn(standing, entryOf('here'))).toBe(child.pid);
    expect(whoStandsIn(standing, entryOf('empty'))).toBe('no');
  });

  test('a process that has gone stands nowhere; without native calls nothing is known', () => {
    expect(readStanding(libc, '/proc', [4_194_304])).toMatchObject({ isWhole: true });
    expect(whoStandsIn(readStanding(undefined, '/proc', [process.pid]), entryOf('empty'))).toBe('unknown');
  });
});
