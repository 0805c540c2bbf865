import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { OutputClosed, OutputFailed, openTerminal } from '../../src/cli/terminal.ts';

const dir = mkdtempSync(join(tmpdir(), 'shmtop-terminal-'));
afterAll(() => rmSync(dir, { recursive: true }));

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

describe('openTerminal', () => {
  it('has written everything when write returns, text and bytes, short and long', () => {
    const path = join(dir, 'out');
    const fd = openSync(path, 'w');
    const { write, isTty, columns } = openTerminal(fd, () => 80);
    write('é');
    write('x'.repeat(1_000_000));
    write(Uint8Array.of(10));
    closeSync(fd);
    expect(readFileSync(path, 'utf8')).toBe(`é${'x'.repeat(1_000_000)}\n`);
    expect([isTty, columns]).toEqual([false, undefined]);
  });

  it('goes on after a short write and waits where the reader is behind', () => {
    const written: number[] = [];
    let calls = 0;
    const write = (_: number, bytes: Uint8Array, offset: number, length: number) => {
      if (calls++ % 2 === 0) return failing('EAGAIN')();
      const part = Math.min(3, length);
      written.push(...bytes.subarray(offset, offset + part));
      return part;
    };
    openTerminal(1, () => 80, { isTty: () => false, write }).write('hello world');
    expect(new TextDecoder().decode(Uint8Array.from(written))).toBe('hello world');
  });

  it('throws OutputClosed when nobody reads and OutputFailed for the rest', () => {
    const open = (code: string) => openTerminal(1, () => 80, { isTty: () => true, write: failing(code) });
    expect(() => open('EPIPE').write('x')).toThrow(OutputClosed);
    expect(() => open('ENOSPC').write('x')).toThrow(OutputFailed);
    expect(open('EPIPE').columns).toBe(80);
  });

  it('takes a closed descriptor for no terminal', () => {
    expect(openTerminal(987_654, () => 80).isTty).toBe(false);
  });
});
