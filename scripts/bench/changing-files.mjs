// Test load for bench-ui: N files in /dev/shm; with `changing`, each grows by a page every second. Ends with its standard input.
import { appendFileSync, writeFileSync } from 'node:fs';

const [count = '45', how = 'still'] = process.argv.slice(2);
const names = Array.from({ length: Number(count) }, (_, at) => `/dev/shm/bench_${String(at).padStart(3, '0')}`);
const old = new Date(Date.now() - 86_400_000);
for (const name of names) writeFileSync(name, Buffer.alloc(65_536));
if (how === 'changing') {
  const page = Buffer.alloc(4096, 1);
  setInterval(() => {
    for (const name of names) appendFileSync(name, page);
  }, 1000);
} else {
  const { utimesSync } = await import('node:fs');
  for (const name of names) utimesSync(name, old, old);
}
process.stdin.on('end', () => process.exit(0)).resume();
console.log('ready');
