// `npm run package [-- ARCH]`: the single executable, in packages/. For this machine's processor with compiled code; for another one
// without, since only that one could make it.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledBy, RECORDER } from './package/compiled.mjs';
import { ARCHES, partsFor } from './package/parts.mjs';
import { makeSingleFile, programs } from './package/single-file.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(root, 'packages');

/** Below `out`; its path. */
export async function packageFor(arch, out = OUT) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const work = join(out, 'work', arch);
  mkdirSync(work, { recursive: true });
  const what = { ...partsFor(arch, work), arch, folder: work, files: await programs(join(work, 'programs')) };
  const first = join(work, 'first');
  let caches = {};
  if (arch === process.arch) {
    makeSingleFile({ ...what, target: first, epilogue: RECORDER });
    caches = await compiledBy(first, join(work, 'compiled'));
  }
  const target = join(out, `shmtop-${version}-linux-${arch}`);
  makeSingleFile({ ...what, target, caches });
  return target;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const arch = process.argv[2] ?? process.arch;
  if (!ARCHES.includes(arch)) throw new Error(`one of ${ARCHES.join(' ')}`);
  const path = await packageFor(arch);
  console.log(`${path}: ${(statSync(path).size / 1e6).toFixed(1)} MB`);
}
