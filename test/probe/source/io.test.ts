// The two ways to read, libc and node:fs, say the same of files, links and directories of every kind, errors included.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../src/native/libc.ts';
import { type Io, listPids, readText } from '../../../src/probe/source/io.ts';
import { nativeIo } from '../../../src/probe/source/io-native.ts';
import { nodeIo } from '../../../src/probe/source/io-node.ts';

const { EFBIG } = constants.errno;
const loaded = loadLibc();
const missing = isLibc(loaded) ? undefined : loaded.reason;
let folder = '';

const HOSTILE = ['\xff\xfe', 'a\nb', '\x1b[2J', '-rf', ' ', 'x'.repeat(255), '\xc3\xa9', '\xe2\x80\xae'];
const path = (name: string) => `${folder}/${name}`;
const raw = (name: string) => Buffer.from(path(name), 'latin1');

function makeFiles(): void {
  writeFileSync(path('empty'), '');
  writeFileSync(path('file'), Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
  truncateSync(Buffer.from(path('file')), 5000);
  writeFileSync(path('large'), Buffer.alloc(300_001, 'x'));
  writeFileSync(path('sparse'), '');
  truncateSync(path('sparse'), 2 ** 40);
  utimesSync(path('empty'), 1, 2 ** 33);
  linkSync(path('file'), path('second name'));
  symlinkSync('file', path('link'));
  symlinkSync('nowhere', path('dangling'));
  symlinkSync('loop', path('loop'));
  symlinkSync(Buffer.from('\xff\n target', 'latin1'), raw('hostile link\xff'));
  mkdirSync(path('folder'));
  chmodSync(path('folder'), 0o1777);
  for (const name of HOSTILE) writeFileSync(raw(`folder/${name}`), '');
  for (let i = 0; i < 3000; i++) writeFileSync(path(`folder/${'n'.repeat(40)}${i}`), '');
  execFileSync('mkfifo', [path('fifo')]);
}

const PATHS = [
  'empty',
  'file',
  'second name',
  'link',
  'dangling',
  'loop',
  'hostile link\xff',
  'folder',
  'fifo',
  'none',
  'file/below',
  'folder/\xff\xfe',
  'folder/a\nb',
  'x'.repeat(256),
];

describe.skipIf(missing)(`reading by libc and by node:fs${missing ? ` (skipped: ${missing})` : ''}`, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'shmtop-io-'));
    makeFiles();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const native: Io = isLibc(loaded) ? nativeIo(loaded) : nodeIo();
  const node = nodeIo();
  const shown = (bytes: Uint8Array | number) =>
    typeof bytes === 'number' ? bytes : Buffer.from(bytes).toString('base64');

  test.each([...PATHS.filter((name) => name !== 'fifo'), 'large'])(
    'gives the same content, or error, of %j',
    (name) => {
      expect(shown(native.readFile(path(name)))).toBe(shown(node.readFile(path(name))));
    },
  );

  test('does not wait for somebody to write into a fifo', () => {
    expect(shown(native.readFile(path('fifo')))).toBe(shown(node.readFile(path('fifo'))));
  });

  test.each([...PATHS, 'sparse'])('gives the same status of %j, followed or not', (name) => {
    for (const link of ['follow', 'nofollow'] as const) {
      expect(native.stat(path(name), link)).toEqual(node.stat(path(name), link));
    }
  });

  test.each(PATHS)('gives the same names in %j, as raw bytes', (name) => {
    const sorted = (names: string[] | number) => (typeof names === 'number' ? names : names.sort());
    expect(sorted(native.readDir(path(name)))).toEqual(sorted(node.readDir(path(name))));
  });

  test('lists a folder with more names than one system call gives, none left out and none twice', () => {
    const names = native.readDir(path('folder'));
    expect(typeof names === 'number' ? names : names.length).toBe(HOSTILE.length + 3000);
    expect(new Set(typeof names === 'number' ? [] : names).size).toBe(HOSTILE.length + 3000);
    expect(names).toEqual(expect.arrayContaining(HOSTILE));
  });

  test.each(PATHS)('gives the same target of %j', (name) => {
    expect(native.readLink(path(name))).toEqual(node.readLink(path(name)));
  });

  test('gives the whole of a file of the kernel that has no size', () => {
    for (const io of [native, node]) {
      const text = readText(io, '/proc/self/maps');
      expect(text).toMatch(/\n$/);
      expect(text).toContain('[stack]');
    }
  });

  test('finds the same processes, and this one among them', () => {
    for (const io of [native, node]) expect(listPids(io, '/proc')).toContain(process.pid);
    expect(listPids(native, path('none'))).toBe(listPids(node, path('none')));
    expect(listPids(native, path('folder'))).toEqual([]);
  });

  test('reads a file up to its cap, and says so beyond it instead of reading on; or its first bytes', () => {
    for (const io of [native, node]) {
      expect(shown(io.readFile(path('large'), 300_000))).toBe(-EFBIG);
      const whole = io.readFile(path('large'), 300_001);
      expect(typeof whole === 'number' ? whole : whole.length).toBe(300_001);
      const start = io.readFile(path('large'), 4096, 'cut');
      expect(typeof start === 'number' ? start : start.length).toBe(4096);
      // A terabyte of zeros: neither memory nor time is spent on it.
      expect(shown(io.readFile(path('sparse')))).toBe(-EFBIG);
    }
  });

  test('hands on lines until enough is known, or until the cap, which is told', () => {
    const text = Array.from({ length: 40_000 }, (_, at) => `line ${at}\n`).join('');
    writeFileSync(path('lines'), text);
    for (const io of [native, node]) {
      let seen = '';
      const add = (piece: Uint8Array) => {
        seen += Buffer.from(piece).toString('latin1');
      };
      expect(io.readLines(path('lines'), add)).toBe(0);
      expect(seen).toBe(text);
      seen = '';
      expect(io.readLines(path('lines'), add, 200_000)).toBe(-EFBIG);
      expect(text.startsWith(seen)).toBe(true);
      expect(seen.endsWith('\n')).toBe(true);
      let pieces = 0;
      expect(io.readLines(path('lines'), () => ++pieces < 1)).toBe(0);
      expect(pieces).toBe(1);
      // One line without an end, larger than any file may be.
      expect(io.readLines(path('sparse'), () => true)).toBe(-EFBIG);
    }
  });

  test('content stays as it was read until the next file is read, also after a larger one', () => {
    for (const io of [native, node]) {
      const large = io.readFile(path('large'));
      expect(typeof large === 'number' ? large : large.length).toBe(300_001);
      const empty = io.readFile(path('empty'));
      expect(typeof empty === 'number' ? empty : empty.length).toBe(0);
    }
  });
});
