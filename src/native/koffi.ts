// Loads koffi's binary, and nothing else of koffi: its own loader opens standard error and costs 6 ms at each start, and its package has
// a script that npm asks about at each installation.
import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { singleFile } from '../single-file/single-file.ts';

export type Koffi = typeof import('koffi');

/** Throws where it cannot be loaded: the package of this platform is missing, or Node is too old for it. */
export function loadKoffi(): Koffi {
  const inside = singleFile();
  if (inside) return carried(inside.koffiPath());
  const { arch } = process;
  const name = `@koromix/koffi-linux-${arch}`;
  const manifest = findAbove(fileURLToPath(import.meta.url), `${name}/package.json`);
  if (manifest === undefined) throw new Error(`Cannot find module '${name}'`);
  const libc = isForMusl(arch) ? 'musl' : 'linux';
  return createRequire(import.meta.url)(join(dirname(manifest), `${libc}_${arch}/koffi.node`));
}

/** Where musl's loader is installed, Node may be built for either. */
function isForMusl(arch: string): boolean {
  if (!existsSync(`/lib/ld-musl-${arch === 'x64' ? 'x86_64' : 'aarch64'}.so.1`)) return false;
  const report = process.report.getReport();
  const header: unknown = Reflect.get(report, 'header');
  return typeof header === 'object' && header !== null && !('glibcVersionRuntime' in header);
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
