// `npm run bench:remove [-- ROUNDS COUNT]`: how fast 2,000 segments go, against ipcrm --all=shm, in a private IPC namespace.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arenaMissing, race } from '../test/remove/arena.ts';
import { compileRacer } from '../test/remove/racer.ts';

const [rounds = '7', count = '2000'] = process.argv.slice(2);
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const missing = arenaMissing() ?? (existsSync(main) ? undefined : 'dist/main.js is not built');
if (missing !== undefined) {
  console.error(`bench-remove: ${missing}`);
  process.exit(1);
}
const dir = mkdtempSync(join(tmpdir(), 'shmtop-bench-'));
try {
  const { medians, spread } = await race('bench', compileRacer(dir), [rounds, count, main], 300_000);
  for (const [name, ms] of Object.entries(medians)) {
    const [least, most] = spread[name];
    const ratio = (ms / medians.ipcrm).toFixed(1);
    console.log(
      `${name.padEnd(18)} ${ms.toFixed(1).padStart(7)} ms  (${least.toFixed(1)}-${most.toFixed(1)})  ${ratio} x`,
    );
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
