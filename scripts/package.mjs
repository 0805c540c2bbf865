// `npm run package [-- ARCH]`: the single executable, in packages/. For this machine's processor with compiled code; for another one
// without, since only that one could make it.
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledBy, RECORDER } from './package/compiled.mjs';
import { notices } from './package/notices.mjs';
import { ARCHES, partsFor } from './package/parts.mjs';
import { makeSingleFile, programs } from './package/single-file.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
export const OUT = join(root, 'packages');
/** The one place where it is said. */
export const { version: VERSION } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Below `out`: its path, and the licences of all that is in it. */
export async function singleFileFor(arch, out = OUT) {
  const work = join(out, 'work', arch);
  mkdirSync(work, { recursive: true });
  const { packages, files } = await programs(join(work, 'programs'));
  const parts = partsFor(arch, work);
  const what = { ...parts, arch, folder: work, files };
  let caches = {};
  if (arch === process.arch) {
    const first = join(work, 'first');
    makeSingleFile({ ...what, target: first, epilogue: RECORDER });
    caches = await compiledBy(first, join(work, 'compiled'));
    rmSync(first);
  }
  const path = join(out, `shmtop-${VERSION}-linux-${arch}`);
  makeSingleFile({ ...what, target: path, caches });
  const node = readFileSync(join(dirname(parts.node), '../LICENSE'), 'utf8');
  return { path, licences: notices([...packages, 'koffi'], { 'Node.js, with what it contains': node }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arch = process.argv[2] ?? process.arch;
  if (!ARCHES.includes(arch)) throw new Error(`one of ${ARCHES.join(' ')}`);
  const { path } = await singleFileFor(arch);
  console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
}
