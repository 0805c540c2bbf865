// An RPM package of a tree, with rpmbuild.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ARCHITECTURES = { x64: 'x86_64', arm64: 'aarch64' };

/** Its path. `paths`: what tree.mjs laid below `tree`. */
export function makeRpm({ tree, paths, version, arch, folder, target, about }) {
  mkdirSync(folder, { recursive: true });
  const spec = join(folder, 'shmtop.spec');
  // Nothing is compiled, stripped or searched for dependencies: the file is whole, and strip would break it.
  writeFileSync(
    spec,
    `%global debug_package %{nil}
%global _build_id_links none
%global __os_install_post %{nil}
Name: shmtop
Version: ${version}
Release: 1
Summary: ${about.title}
License: MIT
AutoReqProv: no
Requires: glibc >= 2.28, libstdc++, libgcc
%description
${about.lines.map((line) => (line === '.' ? '' : line)).join('\n')}
%install
cp -a ${tree}/usr %{buildroot}/
%files
${paths.join('\n')}
`,
  );
  execFileSync(
    'rpmbuild',
    [
      '-bb',
      '--target',
      `${ARCHITECTURES[arch]}-linux`,
      '--define',
      `_topdir ${folder}`,
      '--define',
      '_binary_payload w6T0.xzdio',
      '--quiet',
      spec,
    ],
    { stdio: 'pipe' },
  );
  const [built] = globSync('RPMS/*/*.rpm', { cwd: folder });
  renameSync(join(folder, built), target);
  return target;
}
