// Loads koffi. Its own loader reads every export of node:util, which opens standard error and costs 6 ms at each start, so its
// binary is taken directly where that is the one of this machine; in every other case the loader decides.
import { existsSync, realpathSync, statSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { singleFile } from '../single-file/single-file.ts';

export type Koffi = typeof import('koffi');

/** Throws what koffi throws where it cannot be loaded: its platform package is missing, or Node is too old. */
export function loadKoffi(): Koffi {
  const inside = singleFile();
  if (inside) return carried(inside.koffiPath());
  const require = createRequire(import.meta.url);
  const { arch } = process;
  const manifest = findAbove(fileURLToPath(import.meta.url), 'koffi/package.json');
  if (manifest === undefined) throw new Error("Cannot find module 'koffi'");
  try {
    // Where musl is installed, this Node may be built for it and need the other binary.
    const mayBeMusl = existsSync(`/lib/ld-musl-${arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`);
    // As seen from koffi: it is its dependency, not ours.
    const binary = mayBeMusl
      ? undefined
      : findAbove(realpathSync(manifest), `@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`);
    if (binary) return require(binary);
  } catch {
    // ERR_DLOPEN_FAILED: built on this machine, or laid out otherwise
  }
  withInstalledPackagesOnly();
  return require(dirname(manifest));
}

function carried(path: string | undefined): Koffi {
  if (path === undefined) throw new Error('the kernel gave no memory file for it (memfd_create(2))');
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports as Koffi;
}

/**
 * What Node would find in node_modules of the folders above, but not beyond one in which everybody may make such a folder: a
 * program that lies below /tmp does not load what others put into /tmp/node_modules.
 */
function findAbove(path: string, name: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & WRITABLE_BY_ALL) !== 0) return undefined;
    const found = join(folder, 'node_modules', name);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

const WRITABLE_BY_ALL = 0o002;

/**
 * `require` falls back to NODE_PATH, ~/.node_modules and ~/.node_libraries: with HOME of another user (sudo) that would be his code.
 * Node reads both at its start; `_initPaths` is what its own tests use to make it read them again.
 */
function withInstalledPackagesOnly(): void {
  const { HOME, NODE_PATH } = process.env;
  const init: unknown = Reflect.get(Module, '_initPaths');
  if (typeof init !== 'function') return;
  delete process.env.HOME;
  delete process.env.NODE_PATH;
  init.call(Module);
  if (HOME !== undefined) process.env.HOME = HOME;
  if (NODE_PATH !== undefined) process.env.NODE_PATH = NODE_PATH;
}
