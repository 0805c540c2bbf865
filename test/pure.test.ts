// The walls of the pure folders as the compiler sees them: nothing of Node is even known there.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { sourceFiles } from './imports.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(root, 'node_modules/.bin/tsc');
const PURE = /^(fault|filter|probe\/(model|parse|merge)|(load|remove|witness)\/model|ui\/(state|format|draw))\//;

it('every file of a pure folder is compiled behind the walls, and nothing that is not pure', () => {
  const compiled = execFileSync(compiler, ['-p', 'tsconfig.pure.json', '--listFilesOnly'], { cwd: root })
    .toString()
    .split('\n')
    .map((file) => relative(join(root, 'src'), file))
    .filter((file) => file !== '' && !file.startsWith('..'));
  const pure = sourceFiles.filter((file) => PURE.test(file));
  expect(pure.length).toBeGreaterThan(100);
  expect(compiled.sort()).toEqual([...pure, 'ui/theme.ts'].sort());
});

it('what Node has beside the language is an error there, and so is an item that may be missing', () => {
  const directory = mkdtempSync(join(tmpdir(), 'shmtop-pure-'));
  try {
    const names = ['Buffer', 'process', 'setTimeout', 'performance', 'console', 'atob', 'TextEncoder'];
    writeFileSync(join(directory, 'leak.ts'), names.map((name) => `export const of_${name} = ${name};\n`).join(''));
    writeFileSync(join(directory, 'index.ts'), 'export const first = (list: readonly string[]): string => list[0];\n');
    writeFileSync(join(directory, 'sound.ts'), 'export const sum = [1, 2].map((n) => n + 1);\n');
    const config = { extends: join(root, 'tsconfig.pure.json'), include: ['*.ts'] };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
    const { stdout, status } = spawnSync(compiler, ['-p', directory], { cwd: root, encoding: 'utf8' });
    expect(status).not.toBe(0);
    for (const name of names) expect(stdout).toContain(`'${name}'`);
    expect(stdout).toMatch(/index\.ts\(1,\d+\): error TS2322/);
    expect(stdout).not.toContain('sound.ts');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
