// Whoever reads in our place is waited for until the deadline, and not longer, whatever signals come meanwhile.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isLibc, loadLibc } from '../../../../src/native/libc.ts';
import { COMPILED_SOURCES } from '../../../support/compiled-sources.ts';

const PROGRAM = fileURLToPath(new URL('./reader/interrupted.ts', import.meta.url));
const loaded = loadLibc();

test.skipIf(!isLibc(loaded))('a reader that stands still is given up in time, though children end meanwhile', () => {
  const env = { ...process.env, ...COMPILED_SOURCES };
  const options = { env, encoding: 'utf8', timeout: 15_000, killSignal: 'SIGKILL' } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', PROGRAM], options);
  expect(stdout, stderr).toBe('{"answer":"no-answer","isInTime":true,"children":3}\n');
});
