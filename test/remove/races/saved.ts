// Names that are saved first, of which somebody changes half between the lease and the second look: `node saved.ts RACER COUNT`.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { assertPrivate, clean, planAll, remove, sleep, Tally } from './world.ts';

assertPrivate();
const [, , , countText = '8'] = process.argv;
const tally = new Tally();
const names = Array.from({ length: Number(countText) }, (_, at) => `kept${at}`);
for (const name of names) writeFileSync(`/dev/shm/${name}`, name.padEnd(5000));
sleep(1200); // times that are compared have whole seconds

const plans = planAll(false, ({ rawName }) => rawName.startsWith('/kept'));
tally.expect(plans.length === names.length, `${plans.length} of ${names.length} planned`);
const isMeddled = (rawName: string) => Number(rawName.slice('/kept'.length)) % 2 === 1;
const { results, notes } = remove(plans, {
  saveDirectory: '/mnt/saved',
  onStep: (step, { object: { rawName } }) => {
    if (step === 'leased' && isMeddled(rawName)) chmodSync(`/dev/shm${rawName}`, 0o640);
  },
});
for (const { plan, outcome } of results) {
  const { rawName, shortId } = plan.object;
  const isThere = existsSync(`/dev/shm${rawName}`);
  const what = `${rawName}: ${JSON.stringify(outcome)}, ${notes.join('; ')}`;
  const told = notes
    .map((note) => new RegExp(`^a copy of ${shortId} as it was is in (.*)$`).exec(note)?.[1])
    .find(Boolean);
  if (isMeddled(rawName)) {
    tally.add('refused with a copy');
    tally.expect(outcome.kind === 'refused' && outcome.code === 'changed' && isThere, what);
    tally.expect(told !== undefined && readFileSync(told, 'latin1') === rawName.slice(1).padEnd(5000), what);
  } else {
    tally.add('removed');
    tally.expect(outcome.kind === 'removed' && outcome.savedAs !== undefined && !isThere && told === undefined, what);
  }
}
clean();
tally.print();
