// Sizes, offsets and constants of src/native against what the C compiler of this machine prints.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as layout from '../../src/native/layout.ts';
import { isLibc, loadLibc } from '../../src/native/libc.ts';
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from '../../src/native/posix-shm.ts';

const SOURCE = fileURLToPath(new URL('layout.c', import.meta.url));
const compiler = spawnSync('cc', ['--version'], { stdio: 'ignore' }).error ? 'no program "cc"' : undefined;

function printedByC(): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'shmtop-layout-'));
  try {
    const program = join(folder, 'layout');
    execFileSync('cc', ['-Wall', '-o', program, SOURCE]);
    return JSON.parse(execFileSync(program, { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `SHMID_DS.size` → 112, and constants outside a group by their own name. */
function flattened(groups: Record<string, unknown>): Record<string, number> {
  const flat: Record<string, number> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (typeof value === 'number') flat[name] = value;
    else if (typeof value === 'object' && value !== null) {
      for (const [field, number] of Object.entries(value)) flat[`${name}.${field}`] = Number(number);
    }
  }
  return flat;
}

describe.skipIf(compiler)(`structures and constants${compiler ? ` (skipped: ${compiler})` : ''}`, () => {
  const c = compiler ? {} : printedByC();
  const ours = flattened({ ...layout, PROT_READ, PROT_WRITE, MAP_SHARED, MAP_PRIVATE, MAP_ANONYMOUS });

  test('every size, offset and constant of layout.ts is what the C compiler says', () => {
    const said = Object.fromEntries(Object.keys(ours).map((name) => [name, c[name]]));
    expect(Object.keys(ours).length).toBeGreaterThan(100);
    expect(ours).toEqual(said);
  });

  test('the record of a directory entry has no gap before its name, so that names start right after the type', () => {
    expect(layout.DIRENT64.name).toBe(layout.DIRENT64.type + 1);
  });

  test('system call numbers are those of this architecture', () => {
    const libc = loadLibc();
    if (!isLibc(libc)) return;
    // Older headers lack the newest calls; those have one number on every architecture.
    const newest: Readonly<Record<string, number>> = { statmount: 457, listmount: 458 };
    const said = Object.keys(libc.numbers).map((name) => [name, c[`numbers.${name}`] ?? newest[name]]);
    expect(libc.numbers).toEqual(Object.fromEntries(said));
  });
});
