// What the build made (dist/): how it is cut into files.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const dist = fileURLToPath(new URL('../dist', import.meta.url));

test('what a thread does when it starts stands in its own file: in a shared one, every other thread would do it too', () => {
  const chunks = globSync('chunks/*.js', { cwd: dist });
  expect(chunks.length).toBeGreaterThan(10);
  expect(chunks.filter((name) => readFileSync(`${dist}/${name}`, 'utf8').includes('parentPort'))).toEqual([]);
});
