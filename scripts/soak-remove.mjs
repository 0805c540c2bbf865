// `npm run soak:remove [-- SECONDS]`: races removals until the time is over (default 120 s) and counts the wrong ones. Exit 1 if any.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arenaMissing, race } from '../test/remove/arena.ts';
import { compileRacer } from '../test/remove/racer.ts';

const seconds = Number(process.argv[2] ?? 120);
const missing = arenaMissing();
if (missing !== undefined) {
  console.error(`soak-remove: ${missing}`);
  process.exit(1);
}
/** Name, words after the racer's path (a seed is added to the stepped ones). */
const ROUNDS = [
  ['segments-stepped', [2000]],
  ['free', ['attach-user', 2000]],
  ['names-stepped', [1500]],
  ['free', ['attach-root', 2000]],
  ['free', ['rename', 400]],
  ['free', ['open', 400]],
  ['two', [500]],
  ['kill', [1]],
];

const dir = mkdtempSync(join(tmpdir(), 'shmtop-soak-'));
const sums = new Map();
let removals = 0;
let wrong = 0;
const until = Date.now() + seconds * 1000;
try {
  const racer = compileRacer(dir);
  for (let round = 0; round === 0 || Date.now() < until; round++) {
    for (const [name, words] of ROUNDS) {
      if (round > 0 && Date.now() > until) break;
      const seed = name.endsWith('stepped') ? [Date.now() % 1_000_000] : [];
      const result = await race(name, racer, [...words, ...seed], 120_000);
      const title = name === 'free' ? `${name} ${words[0]}` : name;
      const sum = sums.get(title) ?? {};
      for (const [key, value] of Object.entries(result)) {
        if (typeof value === 'number') sum[key] = (sum[key] ?? 0) + value;
      }
      sums.set(title, sum);
      removals += (result.removed ?? 0) + (result.refused ?? 0) + (result.nothing ?? 0);
      wrong += result.wrong;
      for (const example of result.examples) console.error(`WRONG ${title} ${seed}: ${example}`);
    }
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}
for (const [title, sum] of sums)
  console.log(
    `${title}: ${Object.entries(sum)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}`,
  );
console.log(`${removals} removals raced, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
