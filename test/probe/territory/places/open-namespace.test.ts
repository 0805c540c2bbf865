// Only the file that a namespace is gets opened: nothing that somebody put there meanwhile, whatever number it has.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENOENT } from '../../../../src/native/errno.ts';
import * as file from '../../../../src/native/file.ts';
import { isLibc, type Libc, loadLibc } from '../../../../src/native/libc.ts';
import { openNamespace } from '../../../../src/probe/territory/places/open-namespace.ts';

describe('the file of a namespace', () => {
  let folder: string;
  let libc: Libc;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-test-'));
    const loaded = loadLibc();
    if (!isLibc(loaded)) throw new Error(loaded.reason);
    libc = loaded;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is opened by its number', () => {
    const { ino } = statSync('/proc/self/ns/ipc');
    const fd = openNamespace(libc, '/proc/self/ns/ipc', ino);
    expect(fd).toBeGreaterThanOrEqual(0);
    file.close(libc, fd);
    expect(openNamespace(libc, '/proc/self/ns/ipc', ino + 1)).toBe(-ENOENT);
  });

  it('is no file of another file system that has the same number', () => {
    const path = join(folder, 'file');
    writeFileSync(path, '');
    expect(openNamespace(libc, path, statSync(path).ino)).toBe(-ENOENT);
  });
});
