// C of the tests: compiled once, whatever number of files needs it, and again when a byte of it or of what it includes changes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const STORE = fileURLToPath(new URL('../../node_modules/.cache/shmtop-c', import.meta.url));

/** Makes the program `target`, which everybody may run, of these sources. Throws what cc says of a fault in them. */
export function compileC(target: string, sources: readonly string[], flags: readonly string[] = []): void {
  const hash = createHash('sha256').update(JSON.stringify(flags));
  for (const source of sources) readInto(hash, source);
  const kept = join(STORE, hash.digest('hex'));
  if (!existsSync(kept)) {
    mkdirSync(STORE, { recursive: true });
    const fresh = `${kept}.${process.pid}`;
    execFileSync('cc', ['-O1', '-Wall', ...flags, '-o', fresh, ...sources, '-pthread'], { stdio: 'pipe' });
    renameSync(fresh, kept); // whole, also for another process that compiles the same now
  }
  copyFileSync(kept, target);
  chmodSync(target, 0o755);
}

/** The file, and what it includes of our own (`"lab.h"`, seen from where it lies). */
function readInto(hash: ReturnType<typeof createHash>, path: string): void {
  const text = readFileSync(path, 'utf8');
  hash.update(`${path.length} ${path} ${text.length}\n`).update(text);
  for (const [, name = ''] of text.matchAll(/^#include "([^"]+)"/gm)) readInto(hash, resolve(dirname(path), name));
}
