// What a package of a distribution lays down: the single executable, manual, completions, units (all of them off), an example, licences.
import { chmodSync, copyFileSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { completionScript } from '../../src/cli/completion.ts';
import { manualPages } from '../man.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const DOC = 'usr/share/doc/shmtop';
export const MAINTAINER = 'shmtop <shmtop@users.noreply.github.com>';
const COMPLETIONS = {
  bash: 'usr/share/bash-completion/completions/shmtop',
  zsh: 'usr/share/zsh/vendor-completions/_shmtop',
  fish: 'usr/share/fish/vendor_completions.d/shmtop.fish',
};

/** Files below `folder`, each with its mode; what is laid down, as paths below `/`. */
export function layTree(folder, { program, licences, atMs }) {
  const paths = [];
  const lay = (path, content, mode = 0o644) => {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    if (content === undefined) copyFileSync(program, target);
    else writeFileSync(target, content);
    chmodSync(target, mode);
    paths.push(`/${path}`);
  };
  lay('usr/bin/shmtop', undefined, 0o755);
  for (const [name, page] of Object.entries(manualPages(atMs))) {
    const section = /\.(\d)$/.exec(name)?.[1];
    if (section === undefined) lay(`${DOC}/examples/${name.replace('.example', '')}`, page);
    else lay(`usr/share/man/man${section}/${name}.gz`, packed(page));
  }
  for (const [shell, path] of Object.entries(COMPLETIONS)) lay(path, completionScript(shell));
  for (const [name, unit] of Object.entries(units())) lay(`usr/lib/systemd/system/${name}`, unit);
  lay(
    `${DOC}/copyright`,
    `shmtop\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}\nThe licences of what it contains: /usr/share/doc/shmtop/THIRD-PARTY-NOTICES.gz\n`,
  );
  lay(`${DOC}/THIRD-PARTY-NOTICES.gz`, packed(licences));
  lay(`${DOC}/changelog.gz`, packed(debianChangelog(atMs)));
  lay(`${DOC}/CHANGELOG.md.gz`, packed(readFileSync(join(root, 'CHANGELOG.md'))));
  // Node carries its own.
  lay('usr/share/lintian/overrides/shmtop', 'shmtop: embedded-library *zlib*\nshmtop: hardening-no-pie *\n');
  lay(`${DOC}/README.md.gz`, packed(readFileSync(join(root, 'README.md'))));
  return paths;
}

/** deb-changelog(5): what is new stands in CHANGELOG.md. */
function debianChangelog(atMs) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const date = new Date(atMs).toUTCString().replace('GMT', '+0000');
  return `shmtop (${version}) unstable; urgency=medium\n\n  * See CHANGELOG.md.gz.\n\n -- ${MAINTAINER}  ${date}\n`;
}

/** Without name and time: the same input, the same bytes. */
const packed = (content) => gzipSync(content, { level: 9 });

/** Of packaging/systemd, all of them off: text by name. Where the program lies is known here. */
export function units() {
  return Object.fromEntries(
    globSync('packaging/systemd/*.{service,timer}', { cwd: root })
      .sort()
      .map((path) => [
        basename(path),
        readFileSync(join(root, path), 'utf8').replace(
          /^ExecStart=\/usr\/bin\/env shmtop /m,
          'ExecStart=/usr/bin/shmtop ',
        ),
      ]),
  );
}
