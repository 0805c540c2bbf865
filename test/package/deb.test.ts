// The .deb and what it lays down: installed and purged in a root of its own, nothing stays.
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { COMMANDS } from '../../src/cli/commands.ts';
import { onPath } from './tools.ts';

const missing = process.getuid?.() !== 0 ? 'dpkg needs root' : onPath('dpkg-deb') ? undefined : 'no dpkg';
const script = (name: string) => fileURLToPath(new URL(`../../scripts/package/${name}.mjs`, import.meta.url));

interface Packaging {
  readonly layTree: (folder: string, what: { program: string; licences: string; atMs: number }) => string[];
  readonly units: () => Readonly<Record<string, string>>;
  readonly makeDeb: (what: Record<string, unknown>) => string;
}

describe.skipIf(missing !== undefined)(`the .deb${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder = '';
  let deb = '';
  let packaging: Packaging;
  let paths: readonly string[] = [];

  beforeAll(async () => {
    packaging = { ...(await import(script('tree'))), ...(await import(script('deb'))) };
    folder = mkdtempSync(join(tmpdir(), 'shmtop-deb-'));
    const tree = join(folder, 'tree');
    mkdirSync(tree, { mode: 0o755 });
    // What the executable can do is single-file.test.ts.
    const program = join(folder, 'shmtop');
    writeFileSync(program, '#!/bin/sh\necho stands in\n');
    paths = packaging.layTree(tree, { program, licences: 'licences\n', atMs: 0 });
    deb = packaging.makeDeb({
      tree,
      version: packageJson.version,
      arch: 'x64',
      target: join(folder, 'shmtop.deb'),
      about: { title: 'a title', lines: ['a line'] },
      compression: 'none',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has program, manual, completions, licences and an example, readable by all and writable by root alone', () => {
    for (const part of [
      'bin/shmtop',
      'man1/shmtop.1.gz',
      'completions/shmtop',
      '_shmtop',
      'shmtop.fish',
      'copyright',
      'config.toml',
    ])
      expect(
        paths.some((path) => path.endsWith(part)),
        part,
      ).toBe(true);
    const { stdout } = spawnSync('dpkg-deb', ['-c', deb], { encoding: 'utf8' });
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^(drwxr-xr-x|-rw[x-]r-[x-]r-[x-]) root\/root /);
    const manual = gunzipSync(readFileSync(join(folder, 'tree/usr/share/man/man1/shmtop.1.gz'))).toString();
    for (const { name } of COMMANDS) expect(manual).toContain(`.Ss "${name}"`);
  });

  it('lays down every unit that there is, each of a command that there is and none enabled', () => {
    const known = COMMANDS.map(({ name }) => name);
    const units = Object.entries(packaging.units());
    expect(units.map(([name]) => name)).toEqual([
      'shmtop-metrics.service',
      'shmtop-textfile.service',
      'shmtop-textfile.timer',
      'shmtop-witness.service',
    ]);
    for (const [name, unit] of units) {
      expect(paths).toContain(`/usr/lib/systemd/system/${name}`);
      if (name.endsWith('.timer')) continue;
      const [, command = ''] = /^ExecStart=\/usr\/bin\/shmtop (\S+)/m.exec(unit) ?? [];
      expect(known).toContain(command);
    }
    expect(paths.filter((path) => /\.wants\/|\/etc\//.test(path))).toEqual([]);
  });

  const verifier = onPath('systemd-analyze') ? undefined : 'no systemd-analyze';
  it.skipIf(verifier)(
    `has units that systemd understands to the last word${verifier ? ` (skipped: ${verifier})` : ''}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'shmtop-units-'));
      const program = join(folder, 'shmtop');
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
      const names = Object.entries(packaging.units()).map(([name, unit]) => {
        // Where nothing is installed, the program is not there, nor its manual.
        writeFileSync(
          join(folder, name),
          unit.replace(/^ExecStart=\/usr\/bin\/shmtop/m, `ExecStart=${program}`).replace(/^Documentation=.*\n/m, ''),
        );
        return join(folder, name);
      });
      const { stderr, status } = spawnSync(
        'systemd-analyze',
        ['verify', '--man=no', '--recursive-errors=no', ...names],
        { encoding: 'utf8' },
      );
      rmSync(folder, { recursive: true });
      expect({ status, stderr: stderr.split('\n').filter((line) => line.includes(folder)) }).toEqual({
        status: 0,
        stderr: [],
      });
    },
  );

  it('is installed and purged without a script, and leaves nothing', () => {
    const root = join(folder, 'root');
    for (const path of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/log'])
      mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'var/lib/dpkg/status'), '');
    writeFileSync(join(root, 'var/lib/dpkg/available'), '');
    const inRoot = () => globSync('**/*', { cwd: root }).filter((path) => !path.startsWith('var'));
    const dpkg = (...words: string[]) =>
      spawnSync('dpkg', [`--root=${root}`, '--force-depends', '--force-architecture', ...words], { encoding: 'utf8' });
    for (const turn of ['first', 'again']) expect(dpkg('-i', deb).status, turn).toBe(0);
    expect(inRoot()).toContain('usr/bin/shmtop');
    expect(statSync(join(root, 'usr/bin/shmtop')).mode & 0o7777).toBe(0o755);
    expect(dpkg('-P', 'shmtop').status).toBe(0);
    expect(inRoot()).toEqual([]);
  });
});
