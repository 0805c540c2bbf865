// Loads koffi. Its own loader reads every export of node:util, which opens standard error and costs 6 ms at each start, so its
// binary is taken directly where that is the one of this machine; in every other case the loader decides.
import { existsSync, realpathSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Koffi = typeof import('koffi');

/** Throws what koffi throws where it cannot be loaded: its platform package is missing, or Node is too old. */
export function loadKoffi(): Koffi {
  const require = createRequire(import.meta.url);
  const { arch } = process;
  try {
    // Where musl is installed, this Node may be built for it and need the other binary.
    const mayBeMusl = existsSync(`/lib/ld-musl-${arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`);
    const koffi = mayBeMusl ? undefined : findAbove(fileURLToPath(import.meta.url), 'koffi/package.json');
    // As seen from koffi: it is its dependency, not ours.
    const binary = koffi && findAbove(realpathSync(koffi), `@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`);
    if (binary) return require(binary);
  } catch {
    // ERR_DLOPEN_FAILED: built on this machine, or laid out otherwise
  }
  withInstalledPackagesOnly();
  return require('koffi');
}

/** What Node would find in node_modules of the folders above, and nowhere else. */
function findAbove(path: string, name: string): string | undefined {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) return undefined;
  }
}

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
