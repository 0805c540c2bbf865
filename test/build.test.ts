// What the build made (dist/): how it is cut into files.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

test('what a thread does when it starts stands in its own file: in a shared one, every other thread would do it too', () => {
  const mentions = (file: string) => readFileSync(`${dist}/${file}`, 'latin1').includes('parentPort');
  const chunks = globSync('chunks/*.js', { cwd: dist });
  expect(chunks.length).toBeGreaterThan(10);
  expect(chunks.filter(mentions)).toEqual([]);
  const threads = [
    'container-worker.js',
    'poll-worker.js',
    'removal-worker.js',
    'replay-worker.js',
    'sampler-worker.js',
  ];
  expect(globSync('*-worker.js', { cwd: dist }).filter(mentions).sort()).toEqual(threads);
});

test('what every command needs at its start is one file, and the start itself a small one', () => {
  const imports = (file: string) =>
    Array.from(
      readFileSync(`${dist}/${file}`, 'utf8').matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([^"']+)["']/g),
      ([, name]) => name,
    );
  const [start = ''] = globSync('chunks/start-*.js', { cwd: dist }).filter((file) => !file.includes('dashboard'));
  expect(start).not.toBe('');
  expect(imports(start).filter((name) => !/^(app|rolldown-runtime)-/.test(name ?? ''))).toEqual([]);
});

test('the process that reads in our place is a file of its own, and the start loads nothing of it', () => {
  expect(globSync('asker.js', { cwd: dist })).toEqual(['asker.js']);
  const common = globSync('chunks/app-*.js', { cwd: dist });
  expect(common.length).toBe(1);
  // The guard and the one door stand in the chunk that every command loads: no further file at the start.
  expect(readFileSync(`${dist}/${common[0]}`, 'latin1')).toContain('SHMTOP_RESTARTED');
});

test('what a witness has seen is read by one further file, which a start without a store does not load', () => {
  const read = (file: string) => readFileSync(`${dist}/${file}`, 'latin1');
  const [common = ''] = globSync('chunks/app-*.js', { cwd: dist });
  const loads = /getBuiltinModule\(.node:sqlite/;
  expect(read(common)).not.toMatch(loads);
  const readers = globSync('chunks/*.js', { cwd: dist }).filter((file) => loads.test(read(file)));
  expect(readers.length).toBe(1);
  expect(readers[0]).toMatch(/^chunks\/witnessed-/);
});

test('the program is ASCII: a single other character would make V8 keep all of a file in two bytes a char', () => {
  const files = globSync('**/*.js', { cwd: dist });
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => readFileSync(`${dist}/${file}`).some((byte) => byte > 0x7f))).toEqual([]);
});
