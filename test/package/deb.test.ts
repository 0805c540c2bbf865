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
  readonly units: () => string[];
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

  it('lays down units only of commands that there are, none of them enabled', () => {
    const known = COMMANDS.map(({ name }) => name);
    for (const unit of packaging.units()) {
      const [, command = ''] = /^ExecStart=\/usr\/bin\/shmtop (\S+)/m.exec(readFileSync(unit, 'utf8')) ?? [];
      expect(known).toContain(command);
    }
    expect(paths.filter((path) => /\.wants\/|\/etc\//.test(path))).toEqual([]);
  });

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
