// A Debian package of a tree, with dpkg-deb; no scripts run at its installation or removal, so nothing of it stays.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAINTAINER } from './tree.mjs';

const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/** Its path. `tree`: a folder that tree.mjs laid. `compression`: an option of dpkg-deb. */
export function makeDeb({ tree, version, arch, target, about, compression = 'xz' }) {
  const files = globSync('**/*', { cwd: tree })
    .filter((path) => statSync(join(tree, path)).isFile())
    .sort();
  const bytes = files.reduce((sum, path) => sum + statSync(join(tree, path)).size, 0);
  const control = join(tree, 'DEBIAN');
  mkdirSync(control, { recursive: true });
  const fields = {
    Package: 'shmtop',
    Version: version,
    Architecture: ARCHITECTURES[arch],
    Maintainer: MAINTAINER,
    'Installed-Size': Math.ceil(bytes / 1024),
    Depends: 'libc6 (>= 2.28), libstdc++6 (>= 8), libgcc-s1',
    Section: 'admin',
    Priority: 'optional',
    Description: `${about.title}\n${about.lines.map((line) => ` ${line}`).join('\n')}`,
  };
  writeFileSync(
    join(control, 'control'),
    Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
  );
  const sums = files.map(
    (path) =>
      `${createHash('md5')
        .update(readFileSync(join(tree, path)))
        .digest('hex')}  ${path}\n`,
  );
  writeFileSync(join(control, 'md5sums'), sums.join(''));
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', tree, target], { stdio: 'pipe' });
  return target;
}
