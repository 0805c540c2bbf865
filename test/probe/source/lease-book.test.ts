// How often the kernel is asked: once per object and change, again when an answer is too old or somebody opened the file.
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { close, read } from '../../../src/native/file.ts';
import { IN, inotifyAddWatch, inotifyInit } from '../../../src/native/inotify.ts';
import { isLibc, type Libc, loadLibc } from '../../../src/native/libc.ts';
import { fileId } from '../../../src/probe/model/identity.ts';
import type { ShmEntry } from '../../../src/probe/model/join/shm-entry.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { LeaseBook } from '../../../src/probe/source/lease-book.ts';

const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;
const uid = process.geteuid?.() ?? 0;

function libc(): Libc {
  if (!isLibc(loaded)) throw new Error(loaded.reason);
  return loaded;
}

describe.skipIf(missing)(`the book of leases${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let path: string;
  let watch = -1;
  let announced = 0;
  const book = (owner = uid, asksForAll = false) =>
    new LeaseBook(
      libc(),
      owner,
      () => asksForAll,
      () => announced++,
    );
  const entry = (): ShmEntry => {
    const stat = nodeIo().stat(path, 'nofollow');
    if (typeof stat === 'number') throw new Error(`no ${path}`);
    const place = { kind: 'given', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
    return { ...stat, place, name: '/object', path, reachedBy: path, type: 'file' };
  };
  const wasOpened = () => read(libc(), watch, libc().allocate(4096).address, 4096) > 0;

  beforeAll(() => {
    folder = mkdtempSync(join(readdirSync('/dev').includes('shm') ? '/dev/shm' : tmpdir(), 'shmtop-book-'));
    path = join(folder, 'object');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    writeFileSync(path, 'x');
    watch = inotifyInit(libc());
    inotifyAddWatch(libc(), watch, folder, IN.OPEN);
    announced = 0;
  });
  afterEach(() => close(libc(), watch));

  test('opens a file once, and not again while nothing changed and the answer is young enough', () => {
    const leases = book();
    const question = { entry: entry(), keptMs: 1000 };
    expect(leases.ask([question], 0)).toEqual(['free']);
    expect(wasOpened()).toBe(true);
    expect(leases.ask([question], 999)).toEqual(['free']);
    expect(wasOpened()).toBe(false);
    expect(leases.ask([question], 1000)).toEqual(['free']);
    expect(wasOpened()).toBe(true);
    expect(announced).toBe(2);
  });

  test('asks again when the file changed, when somebody was seen to open it, and when it was not asked about in between', () => {
    const leases = book();
    const ask = () => leases.ask([{ entry: entry(), keptMs: 60_000 }], 0);
    ask();
    utimesSync(path, 1, 1);
    expect(wasOpened()).toBe(true);
    ask();
    expect(wasOpened()).toBe(true);
    ask();
    expect(wasOpened()).toBe(false);
    const { device, inode } = entry();
    leases.forget(fileId('posix', device, inode));
    ask();
    expect(wasOpened()).toBe(true);
    leases.ask([], 0);
    ask();
    expect(wasOpened()).toBe(true);
  });

  test('an answer of this very look is never an old one', () => {
    const leases = book();
    expect(leases.ask([{ entry: entry(), keptMs: 0 }], 0)).toEqual(['free']);
    const fd = openSync(path, 'r');
    expect(leases.ask([{ entry: entry(), keptMs: 0 }], 0)).toEqual(['busy']);
    closeSync(fd);
    expect(leases.ask([{ entry: entry(), keptMs: 0 }], 0)).toEqual(['free']);
  });

  test('does not open the file of somebody else whom the kernel would not tell about', () => {
    expect(book(uid + 1).ask([{ entry: entry(), keptMs: 0 }], 0)).toEqual(['denied']);
    expect(wasOpened()).toBe(false);
    expect(book(uid + 1, true).ask([{ entry: entry(), keptMs: 0 }], 0)).toEqual(['free']);
  });
});
