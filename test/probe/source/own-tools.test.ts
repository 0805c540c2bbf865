import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeIo } from '../../../src/probe/source/io-node.ts';
import { OwnTools } from '../../../src/probe/source/own-tools.ts';

const path = mkdtempSync(join(tmpdir(), 'shmtop-own-tools-'));
afterAll(() => rmSync(path, { recursive: true }));

/** What this process has open below the folder, as the kernel calls it. */
function openBelow(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(path) ? [target] : [];
    } catch {
      return []; // ENOENT: that of the listing itself
    }
  });
}

const announce = () => new OwnTools(nodeIo(), true, [{ path, uid: process.geteuid?.() ?? 0 }]).announce();

describe('what a shmtop says of itself', () => {
  it('is one file, however many threads of it say so: none stays open without a name, which would be an object in /run', () => {
    for (let thread = 0; thread < 3; thread++) announce();
    expect(openBelow()).toEqual([join(path, String(process.pid))]);
    expect(readdirSync(path)).toEqual([String(process.pid)]);
  });

  it('replaces what somebody else left under its pid', () => {
    const entry = join(path, String(process.pid));
    const own = readFileSync(entry, 'utf8');
    writeFileSync(entry, '1 1\n');
    announce();
    expect(readFileSync(entry, 'utf8')).toBe(own);
  });
});
