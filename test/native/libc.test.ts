// Loading libc, the result of a call, scratch paths and native memory; and the reason where native calls are switched off.
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errnoName } from '../../src/native/errno.ts';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { readU64, readU64Text, writeU64 } from '../../src/native/memory.ts';
import { libc, missing, titled } from './workbench.ts';

const LIBC = fileURLToPath(new URL('../../src/native/libc.ts', import.meta.url));

/** What `loadLibc` gives in a process of its own with this environment. */
function loadedWith(env: Record<string, string>, before = ''): unknown {
  const script = `${before}
    const { loadLibc } = await import(${JSON.stringify(LIBC)});
    const loaded = loadLibc();
    console.log(JSON.stringify('raw' in loaded ? { functions: Object.keys(loaded.raw).length } : loaded));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('loading libc', () => {
  test('SHMTOP_NATIVE=off gives a reason instead of functions', () => {
    expect(loadedWith({ SHMTOP_NATIVE: 'off' })).toEqual({ reason: 'switched off by SHMTOP_NATIVE=off' });
  });

  test('a koffi that cannot be loaded gives a reason of one line, not an exception', () => {
    const breakIt = `import { Module } from 'node:module';
      Module._load = () => { throw new Error('Cannot find the native Koffi module\\nsecond line'); };`;
    expect(loadedWith({ SHMTOP_NATIVE: '' }, breakIt)).toEqual({ reason: 'Cannot find the native Koffi module' });
  });

  test.skipIf(missing)(titled('functions are bound once, and the same ones are given again'), () => {
    expect(isLibc(loadLibc())).toBe(true);
    expect(loadLibc()).toBe(loadLibc());
  });
});

describe('names of errors', () => {
  test('a result below zero has the name of the man pages, an unknown one keeps its number', () => {
    expect([-1, -2, -11, -13, -22, -43, -110].map(errnoName)).toEqual([
      'EPERM',
      'ENOENT',
      'EAGAIN',
      'EACCES',
      'EINVAL',
      'EIDRM',
      'ETIMEDOUT',
    ]);
    expect(errnoName(-999)).toBe('errno 999');
    expect(errnoName(constants.errno.ENOENT)).toBe('ENOENT');
  });

  test('no name of errno.ts is undefined, which would make every comparison with it false', async () => {
    const module = await import('../../src/native/errno.ts');
    const numbers = Object.entries(module).filter(([name]) => /^E[A-Z]+$/.test(name));
    expect(numbers.filter(([, number]) => typeof number !== 'number')).toEqual([]);
  });
});

describe.skipIf(missing)(titled('calls into libc'), () => {
  test('a result of -1 becomes -errno, everything else stays', () => {
    expect(libc().result(libc().raw.close(-1))).toBe(-constants.errno.EBADF);
    expect([0, 1, 7, 2 ** 46].map(libc().result)).toEqual([0, 1, 7, 2 ** 46]);
  });

  test('an old errno is not taken for a failure of a call that succeeded', () => {
    libc().raw.close(-1);
    expect(libc().result(Number(libc().raw.geteuid()))).toBe(process.geteuid?.());
  });

  test('a path is written as raw bytes with a zero at its end, whatever stood there before', () => {
    const long = libc().path('x'.repeat(5000));
    const address = libc().path('/a\xff\x1b');
    expect(address).toBe(long);
    const written = Buffer.from(libc().koffi.view(BigInt(address), 8)).toString('latin1');
    expect(written).toBe('/a\xff\x1b\0xxx');
  });

  test('memory is zeroed, rounded up to words, and where it says it is', () => {
    for (const size of [1, 8, 24, 64, 112, 4096]) {
      const memory = libc().allocate(size);
      expect(memory.bytes.length).toBe(Math.ceil(size / 8) * 8);
      expect(memory.bytes.every((byte) => byte === 0)).toBe(true);
      memory.bytes[0] = 0x5a;
      expect(Buffer.from(libc().koffi.view(BigInt(memory.address), 1))[0]).toBe(0x5a);
    }
  });

  test('64-bit words written below 2^53 read back as they were, as number and as text', () => {
    const { u32 } = libc().allocate(16);
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        writeU64(u32, 2, value);
        expect(readU64(u32, 2)).toBe(value);
        expect(readU64Text(u32, 2)).toBe(String(value));
      }),
    );
    u32.fill(0xffffffff);
    expect(readU64Text(u32, 0)).toBe('18446744073709551615');
  });
});
