// Runs the program, or a piece of it, as a process of its own: what hangs or grows is ended by time and told as such.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED_SOURCES } from '../../support/compiled-sources.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DEADLINE_MS = 8000;

export interface Ended {
  /** Absent: it had to be killed. */
  readonly status: number | null;
  readonly text: string;
  readonly milliseconds: number;
}

export function runProgram(words: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
  return run([`${ROOT}/dist/main.js`, ...words], env);
}

/** JavaScript that may import from `src`. */
export function runScript(script: string, env: Readonly<Record<string, string>> = {}): Ended {
  return run(['--input-type=module', '-e', script.replaceAll('src/', `${ROOT}/src/`)], { ...COMPILED_SOURCES, ...env });
}

function run(words: readonly string[], env: Readonly<Record<string, string>>): Ended {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=1500', ...words], {
    encoding: 'latin1',
    env: { PATH: process.env.PATH, HOME: '/nonexistent', LANG: 'C.UTF-8', ...env },
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
    maxBuffer: 64 << 20,
  });
  return { status, text: stdout + stderr, milliseconds: performance.now() - start };
}

/** Bytes that a terminal may take for orders: C0 but newline, DEL, and C1 both as bytes of their own and in UTF-8. */
export function rawControls(bytes: string): readonly string[] {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return Array.from(text.matchAll(/[^\P{Cc}\n]/gu), ([found]) => found);
}
