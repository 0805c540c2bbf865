// The bundle in dist/: what is shared must not start anything by being imported.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const mentions = (file: string, word: string) => readFileSync(`${dist}/${file}`, 'latin1').includes(word);

test('threads start where their own file is loaded, never by a chunk that others load too', () => {
  const workers = globSync('*-worker.js', { cwd: dist });
  expect(workers).toEqual(expect.arrayContaining(['poll-worker.js', 'replay-worker.js', 'sampler-worker.js']));
  expect(globSync('chunks/*.js', { cwd: dist }).filter((file) => mentions(file, 'parentPort'))).toEqual([]);
  expect(workers.filter((file) => mentions(file, 'parentPort'))).toHaveLength(workers.length - 1); // the load's is a process
});
