// The built program on a Node that is too old for it says so in one line, instead of a syntax error.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs it with a Node that gives itself out for this version. */
function runOn(version: string) {
  const disguise = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const script = `${disguise}; process.argv.push('main.js', '--version'); await import('${main}')`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

test.each(['18.20.4', '20.20.2', '22.11.0'])('on Node %s', (version) => {
  const { stdout, stderr, status } = runOn(version);
  expect([stdout, status]).toEqual(['', 1]);
  expect(stderr).toBe(
    `shmtop: this is Node ${version}, and shmtop needs Node 22.13 or later: install it (nodejs.org) and put it first in PATH.\n`,
  );
});

test.each(['22.13.0', '24.21.0', '100.0.0'])('on Node %s it runs', (version) => {
  expect(runOn(version)).toEqual({ stdout: `${packageJson.version}\n`, stderr: '', status: 0 });
});

test('what is asked for is what package.json says', () => {
  expect(packageJson.engines.node).toBe('>=22.13');
});
