// The lease oracle on real files: free, busy, and every case in which its answer would be about something else.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  linkSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isLibc, type Libc, loadLibc } from '../../../src/native/libc.ts';
import { MAP_PRIVATE, MAP_SHARED, mmap, munmap, PROT_READ } from '../../../src/native/posix-shm.ts';
import type { ShmEntry } from '../../../src/probe/model/join/shm-entry.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { LeaseAsker } from '../../../src/probe/source/lease.ts';

const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;
// A tmpfs where there is one: an overlay would ask about a file that the mappings are not of.
const place = readdirSync('/dev').includes('shm') ? '/dev/shm' : tmpdir();

function libc(): Libc {
  if (!isLibc(loaded)) throw new Error(loaded.reason);
  return loaded;
}

function entryOf(reachedBy: string): ShmEntry {
  const stat = nodeIo().stat(reachedBy, 'nofollow');
  if (typeof stat === 'number') throw new Error(`no ${reachedBy}`);
  const place = { kind: 'whole', device: stat.device, rootInode: 1, isShownElsewhere: false } as const;
  return { ...stat, name: '/object', path: reachedBy, reachedBy, place, type: 'file' };
}

describe.skipIf(missing)(`the lease oracle${missing ? ` (skipped: ${missing})` : ''}`, () => {
  const ask = (entry: ShmEntry) => {
    const asker = new LeaseAsker(libc());
    const answer = asker.ask(entry);
    asker.close();
    return answer;
  };
  const fdsOfOurs = () => readdirSync('/proc/self/fd').length;

  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(place, 'shmtop-lease-'));
    path = join(folder, 'object');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(() => {
    rmSync(path, { force: true });
    writeFileSync(path, Buffer.alloc(4096));
  });

  test('says free of a file that nobody has, and leaves no descriptor open and no time changed', () => {
    const entry = entryOf(path);
    const open = fdsOfOurs();
    expect(ask(entry)).toBe('free');
    expect(fdsOfOurs()).toBe(open);
    expect(entryOf(path)).toEqual(entry);
  });

  test('says busy while it is open, and free after that', () => {
    for (const flags of ['r', 'r+', 'a']) {
      const fd = openSync(path, flags);
      expect(ask(entryOf(path))).toBe('busy');
      closeSync(fd);
      expect(ask(entryOf(path))).toBe('free');
    }
  });

  test('says busy while it is mapped, shared or private, though no descriptor is open', () => {
    for (const kind of [MAP_SHARED, MAP_PRIVATE]) {
      const fd = openSync(path, 'r');
      const address = mmap(libc(), 4096, PROT_READ, kind, fd);
      closeSync(fd);
      expect(ask(entryOf(path))).toBe('busy');
      munmap(libc(), address, 4096);
      expect(ask(entryOf(path))).toBe('free');
    }
  });

  test('says busy while it is open under another name', () => {
    linkSync(path, `${path}2`);
    const fd = openSync(`${path}2`, 'r');
    expect(ask(entryOf(path))).toBe('busy');
    closeSync(fd);
    unlinkSync(`${path}2`);
  });

  test('never says free of another file that has taken the name', () => {
    const entry = entryOf(path);
    writeFileSync(`${path}-new`, '');
    renameSync(`${path}-new`, path);
    expect(ask(entry)).toBe('unavailable');
  });

  test('never says free of a name that is gone, or has become a link, a fifo or a folder', () => {
    const entry = entryOf(path);
    unlinkSync(path);
    expect(ask(entry)).toBe('unavailable');
    symlinkSync('/etc/passwd', path);
    expect(ask(entry)).toBe('unavailable');
    unlinkSync(path);
    execFileSync('mkfifo', [path]);
    expect(ask(entry)).toBe('unavailable');
    expect(ask(entryOf(path))).toBe('unavailable');
    unlinkSync(path);
    expect(ask({ ...entry, reachedBy: folder })).toBe('unavailable');
  });

  test('opens nothing for writing: the times of the file stay, and so does its size', () => {
    const before = statSync(path, { bigint: true });
    expect(ask(entryOf(path))).toBe('free');
    const after = statSync(path, { bigint: true });
    expect([after.mtimeNs, after.ctimeNs, after.atimeNs, after.size]).toEqual([
      before.mtimeNs,
      before.ctimeNs,
      before.atimeNs,
      before.size,
    ]);
  });
});

// An overlay maps the file below and closes its own: a lease on its inode is granted though the memory is mapped.
const overlay = `
  import { execFileSync } from 'node:child_process';
  import { closeSync, openSync, writeFileSync } from 'node:fs';
  const [native, posix, lease, io] = await Promise.all(
    ['native/libc', 'native/posix-shm', 'probe/source/lease', 'probe/source/io-node'].map((name) => import(SOURCES + name + '.ts')));
  const libc = native.loadLibc();
  writeFileSync('/mnt/merged/object', Buffer.alloc(4096));
  writeFileSync('/mnt/name', '');
  execFileSync('mount', ['--bind', '/mnt/merged/object', '/mnt/name']);
  const fd = openSync('/mnt/merged/object', 'r+');
  const address = posix.mmap(libc, 4096, 1, 1, fd);
  if (address < 0) throw new Error('mmap');
  closeSync(fd);
  const asker = new lease.LeaseAsker(libc);
  // Its own name, and a name of the tmpfs that it is mounted over: the folder there is one whose answers are believed.
  for (const path of ['/mnt/merged/object', '/mnt/name']) {
    const stat = io.nodeIo().stat(path, 'nofollow');
    console.log(asker.ask({ ...stat, name: '/object', path, reachedBy: path, type: 'file' }));
  }
`;
const mountOverlay = `mount -t tmpfs shmtop /mnt && mkdir /mnt/lower /mnt/upper /mnt/work /mnt/merged &&
  mount -t overlay overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /mnt/merged`;
const noOverlay =
  missing ??
  (spawnSync('unshare', ['--mount', 'sh', '-c', mountOverlay], { stdio: 'ignore' }).status === 0
    ? undefined
    : 'no overlay can be mounted here');

describe.skipIf(noOverlay)(`on an overlay${noOverlay ? ` (skipped: ${noOverlay})` : ''}`, () => {
  test('the oracle does not say free of a file that is mapped, nor where that is mounted over a name of a tmpfs', () => {
    const sources = fileURLToPath(new URL('../../../src/', import.meta.url));
    const script = `const SOURCES = ${JSON.stringify(sources)};${overlay}`;
    const inside = `${mountOverlay} && exec "$@"`;
    const command = [process.execPath, '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', inside, 'sh', ...command], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout.trim()).toMatch(/^(?:busy|unavailable)\n(?:busy|unavailable)$/);
  });
});
