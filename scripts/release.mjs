// `npm run release`: all that is given away, made and checked, in packages/, with its checksums: the package of npm, and for each processor
// the single executable, a .deb and (where rpmbuild is there) an .rpm. Takes minutes: xz.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDeb } from './package/deb.mjs';
import { ARCHES } from './package/parts.mjs';
import { makeRpm } from './package/rpm.mjs';
import { layTree } from './package/tree.mjs';
import { OUT, singleFileFor, VERSION } from './package.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const ABOUT = {
  title: 'top for Linux shared memory',
  lines: [
    'Shows every System V segment, POSIX object and shared mapping of the machine,',
    'who holds each, what it costs, and whether anybody still needs it; removes what',
    'is proven to be left over.',
    '.',
    'One executable with all that it needs but the C library.',
  ],
};

/** Below `out`, for one processor: paths. `compression` of the .deb: see dpkg-deb. */
export async function packagesFor(arch, out = OUT, { compression = 'xz', isRpmWanted = hasRpm() } = {}) {
  const { path: program, licences } = await singleFileFor(arch, out);
  const work = join(out, 'work', arch);
  const tree = join(work, 'tree');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  chmodSync(tree, 0o755);
  const paths = layTree(tree, { program, licences, atMs: madeAtMs() });
  const made = [program];
  if (isRpmWanted) {
    const target = join(out, `shmtop-${VERSION}-1.${arch === 'x64' ? 'x86_64' : 'aarch64'}.rpm`);
    made.push(makeRpm({ tree, paths, version: VERSION, arch, folder: join(work, 'rpm'), target, about: ABOUT }));
  }
  const target = join(out, `shmtop_${VERSION}_${arch === 'x64' ? 'amd64' : 'arm64'}.deb`);
  made.push(makeDeb({ tree, version: VERSION, arch, target, about: ABOUT, compression }));
  return made;
}

/** Of the commit: made again, the packages are the same. */
function madeAtMs() {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH !== undefined) return Number(SOURCE_DATE_EPOCH) * 1000;
  const { stdout, status } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  return status === 0 ? Number(stdout) * 1000 : Date.now();
}

function hasRpm() {
  return spawnSync('rpmbuild', ['--version']).status === 0;
}

async function release() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', OUT], { cwd: root, encoding: 'utf8' });
  const made = [join(OUT, JSON.parse(packed.slice(packed.indexOf('[')))[0].filename)];
  for (const arch of ARCHES) made.push(...(await packagesFor(arch)));
  for (const path of made.filter((path) => path.endsWith(`linux-${process.arch}`))) {
    const said = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    if (said !== VERSION) throw new Error(`${path} says that it is ${said}`);
  }
  const sum = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');
  writeFileSync(join(OUT, 'SHA256SUMS'), made.map((path) => `${sum(path)}  ${basename(path)}\n`).join(''));
  execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: OUT });
  for (const path of made) console.log(`${(statSync(path).size / 1e6).toFixed(1).padStart(7)} MB  ${path}`);
  if (!hasRpm()) console.log('no .rpm: there is no rpmbuild here');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await release();
