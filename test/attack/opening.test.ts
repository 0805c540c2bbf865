// Nothing is opened by its name: whatever is put in the place of an object while root looks is not opened by it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { close, read } from '../../src/native/file.ts';
import { IN, inotifyAddWatch, inotifyInit } from '../../src/native/inotify.ts';
import { isLibc, type Libc, loadLibc } from '../../src/native/libc.ts';
import type { ShmObject } from '../../src/probe/model/object.ts';
import { peekContent } from '../../src/probe/source/content.ts';
import { nodeIo } from '../../src/probe/source/io-node.ts';
import { LeaseAsker } from '../../src/probe/source/lease.ts';
import { PIN_SCRATCH_BYTES, pin } from '../../src/probe/source/pinned.ts';
import { saveInto } from '../../src/remove/save.ts';
import { type Lab, labMissing, labTitle, openLab } from '../support/lab.ts';

const SWAP = fileURLToPath(new URL('opening/swap.py', import.meta.url));
const loaded = loadLibc();
const missing = labMissing() ?? (isLibc(loaded) ? undefined : loaded.reason);
const AT_FDCWD = -100;

function libc(): Libc {
  if (!isLibc(loaded)) throw new Error(loaded.reason);
  return loaded;
}

describe.skipIf(missing)(labTitle('what took the place of an object', missing), () => {
  let folder: string;
  let path: string;
  let watch = -1;

  beforeAll(() => {
    folder = mkdtempSync(join(readdirSync('/dev').includes('shm') ? '/dev/shm' : tmpdir(), 'shmtop-opening-'));
    path = join(folder, 'object');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => writeFileSync(path, 'shared memory'));
  afterEach(() => {
    if (watch >= 0) close(libc(), watch);
    watch = -1;
    rmSync(path, { force: true });
  });

  const TRICKS: Record<string, () => void> = {
    'a fifo': () => execFileSync('mkfifo', [path]),
    'a device': () => execFileSync('mknod', [path, 'c', '1', '3']),
    'a link to a file of root': () => {
      writeFileSync(join(folder, 'secret'), 'secret');
      symlinkSync(join(folder, 'secret'), path);
    },
    'another file': () => writeFileSync(path, 'another'),
  };

  /** Puts it in the place of the object, and counts from then on whether anything in the folder is opened. */
  function swap(trick: string): void {
    unlinkSync(path);
    TRICKS[trick]?.();
    watch = inotifyInit(libc());
    expect(inotifyAddWatch(libc(), watch, folder, IN.OPEN)).toBeGreaterThanOrEqual(0);
  }
  const wasOpened = () => read(libc(), watch, libc().allocate(4096).address, 4096) > 0;

  function objectAt(holderFd?: number): ShmObject {
    const stat = nodeIo().stat(path, 'nofollow');
    if (typeof stat === 'number') throw new Error(`no ${path}`);
    const { device, inode, uid, mtimeSec, ctimeSec } = stat;
    return {
      id: 'posix:0:0:0',
      shortId: 'posix:/object',
      kind: 'posix',
      type: 'file',
      rawName: '/object',
      rawPath: holderFd === undefined ? path : undefined,
      device: `${Math.floor(device / 0x100000)}:${device % 0x100000}`,
      inode,
      uid,
      mtimeSec,
      ctimeSec,
      status: [],
      holders: holderFd === undefined ? [] : [{ pid: process.pid, mappings: [], fds: [holderFd] }],
      verdict: { state: 'unheld', evidence: [] },
    };
  }

  test.each(Object.keys(TRICKS))('%s is not opened by the lease oracle', (trick) => {
    const stat = nodeIo().stat(path, 'nofollow');
    if (typeof stat === 'number') throw new Error('no file');
    const place = { kind: 'given', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
    const entry = { ...stat, place, name: '/object', path, reachedBy: path, type: 'file' } as const;
    swap(trick);
    expect(new LeaseAsker(libc()).ask(entry)).toBe('unavailable');
    expect(wasOpened()).toBe(false);
  });

  test.each(Object.keys(TRICKS))('%s is not opened to show the content', (trick) => {
    const object = objectAt();
    expect(peekContent(object, 0, 6)).toMatchObject({ bytes: new Uint8Array(Buffer.from('shared')) });
    swap(trick);
    expect(peekContent(object, 0, 6)).toHaveProperty('refused');
    expect(wasOpened()).toBe(false);
  });

  test('a descriptor of the holder that has become another file is not opened to show the content', () => {
    const fd = openSync(path, 'r');
    const object = objectAt(fd);
    expect(peekContent(object, 0, 6)).toMatchObject({ via: `descriptor ${fd} of process ${process.pid}` });
    swap('a device');
    close(libc(), fd);
    const opened = openSync(path, 'r');
    expect(opened).toBe(fd);
    while (wasOpened());
    expect(peekContent(object, 0, 6)).toHaveProperty('refused');
    expect(wasOpened()).toBe(false);
    close(libc(), opened);
  });

  test.each(Object.keys(TRICKS))('%s is not opened to save the content', (trick) => {
    const object = objectAt();
    const dirfd = openSync(folder, 'r');
    const save = () =>
      saveInto(libc(), join(folder, '..', `shmtop-saved-${process.pid}`)).name(
        { object, isForced: true } as Parameters<ReturnType<typeof saveInto>['name']>[0],
        { dirfd, base: 'object' },
        undefined,
      );
    swap(trick);
    expect(save()).toMatchObject({ kind: 'refused' });
    expect(wasOpened()).toBe(false);
    close(libc(), dirfd);
  });

  test('to be told at all, an open of the object itself is seen', () => {
    const entry = {
      ...(nodeIo().stat(path, 'nofollow') as object),
      name: '/object',
      path,
      reachedBy: path,
      type: 'file',
    };
    watch = inotifyInit(libc());
    inotifyAddWatch(libc(), watch, folder, IN.OPEN);
    const pinned = pin(libc(), AT_FDCWD, path, 'nofollow', libc().allocate(PIN_SCRATCH_BYTES), () => true);
    expect(pinned).toBeGreaterThanOrEqual(0);
    close(libc(), pinned ?? -1);
    expect(wasOpened()).toBe(false); // pinning tells nobody
    expect(new LeaseAsker(libc()).ask(entry as Parameters<LeaseAsker['ask']>[0])).toBe('free');
    expect(wasOpened()).toBe(true);
  });
});

describe.skipIf(missing)(labTitle('a user who exchanges his files without pause', missing), () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab('machine-pids');
  });
  afterAll(() => lab?.close());

  test('makes root open neither his fifo, nor his device, nor a secret of root', async () => {
    const theirs = '/dev/shm/theirs';
    const secret = join(lab.scratch, 'secret');
    await lab.run(['sh', '-ec', `mkdir ${theirs}; chown 65534 ${theirs}; umask 77; echo secret > ${secret}`]);
    const attacker = lab.start(['python3', SWAP, theirs, secret]);
    const said = text(attacker.stdout);
    const end = Date.now() + 6000;
    let looks = 0;
    while (Date.now() < end || looks <= 2) {
      const { objects } = await lab.ls(['--min-age', '0']);
      const name = objects.find(({ type, name: shown }) => type === 'file' && shown.includes('swap'))?.name;
      if (name !== undefined) await lab.shmtop(['show', `posix:${name}`, '--hex', '--length', '16']);
      looks++;
    }
    attacker.stdin.end();
    const answer = (await said).split('\n');
    expect(answer[0]).toBe('ready');
    expect(JSON.parse(answer[1] ?? '')).toEqual({ fifo: 0, device: 0, secret: 0 });
    expect(looks).toBeGreaterThan(2);
  }, 60_000);
});
