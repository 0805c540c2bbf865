// Two shmtops remove the same objects at once: `node two.ts RACER COUNT`. Each object goes once; nobody is taken for a user of it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, planAll, remove, sleep, Tally } from './world.ts';

assertPrivate();
const [, script = '', binary = '', countText = '500', go] = process.argv;
const COUNT = Number(countText);

if (go === undefined) await main();
else worker(go);

async function main(): Promise<void> {
  const tally = new Tally();
  const racer = new Racer(binary);
  racer.ask(`make ${COUNT} ${0x7000000} 4096 0`);
  for (let at = 0; at < COUNT; at++) writeFileSync(`/dev/shm/w${at}`, 'old');
  for (let at = 0; at < COUNT; at++) writeFileSync(`/mnt/sentinel${at}`, 'precious');
  racer.ask('age');
  const said = [1, 2].map(() => {
    const words = [script, binary, countText, '/mnt/go'];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  });
  // One that still looks while the other removes would find it at work, and take it for somebody who came.
  for (const lines of said) tally.expect((await lines.next()).value === 'ready', 'one did not come to its plans');
  writeFileSync('/mnt/go', '');
  const reports: readonly { removed: string[]; refused: string[] }[] = await Promise.all(
    said.map(async (lines) => JSON.parse((await lines.next()).value ?? '')),
  );
  const removed = reports.flatMap((report) => report.removed);
  const refused = reports.flatMap((report) => report.refused);
  tally.add('removed', removed.length);
  tally.add('refused', refused.length);
  tally.expect(new Set(removed).size === removed.length, 'something was removed twice');
  tally.expect(
    removed.length === 2 * COUNT,
    `${removed.length} of ${2 * COUNT} removed; refused: ${refused.slice(0, 3).join('; ')}`,
  );
  tally.expect(readdirSync('/dev/shm').length === 0, `left: ${readdirSync('/dev/shm').slice(0, 5).join(' ')}`);
  rmSync('/mnt/go');
  clean();
  racer.close();
  tally.print();
}

function worker(start: string): void {
  const plans = planAll();
  process.stdout.write('ready\n');
  while (!existsSync(start)) sleep(1);
  const { results } = remove(plans);
  const removed = results.filter(({ outcome }) => outcome.kind === 'removed').map(({ plan }) => plan.object.id);
  const refused = results.flatMap(({ outcome }) => (outcome.kind === 'refused' ? [outcome.reason] : []));
  process.stdout.write(JSON.stringify({ removed, refused }));
}
