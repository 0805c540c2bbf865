// Names in /dev/shm, with the adversary acting at a chosen moment of each removal: `node names-stepped.ts RACER COUNT SEED`.
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Step } from '../../../src/remove/step.ts';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, planAll, randomFrom, remove, Tally } from './world.ts';

assertPrivate();
const [, , binary = '', countText = '1000', seedText = '1'] = process.argv;
const random = randomFrom(Number(seedText));
const racer = new Racer(binary);
const tally = new Tally();
const BATCH = 200;

const STEPS: readonly (Step | 'before')[] = ['before', 'found', 'leased', 'taken', 'verified', 'unlinked'];
const ACTIONS = ['none', 'keep', 'map', 'opener', 'replace', 'link', 'dir', 'make'] as const;
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] ?? items[0];
const SENTINEL = '/mnt/sentinel';
writeFileSync(SENTINEL, 'precious');

for (let left = Number(countText); left > 0; left -= BATCH) {
  const names = Array.from({ length: Math.min(BATCH, left) }, (_, at) => `victim${left}_${at}`);
  for (const name of names) writeFileSync(`/dev/shm/${name}`, 'old'.padEnd(5000));
  const plans = planAll(false, ({ rawName }) => rawName.startsWith('/victim'));
  tally.expect(plans.length === names.length, `${plans.length} of ${names.length} names planned`);
  for (const plan of plans) {
    const path = `/dev/shm${plan.object.rawName}`;
    if (plan.refusal) {
      // A shmtop outside asked for the lease in the moment of the listing: it counts as in use, which does no harm.
      tally.add('asked about when listed');
      rmSync(path);
      continue;
    }
    const action = pick(ACTIONS);
    const step = action === 'make' ? pick(['taken', 'verified', 'unlinked'] as const) : pick(STEPS);
    let answer = '';
    const act = () => {
      if (action === 'none') return;
      if (action === 'replace') answer = racer.ask(`replace ${path} ${path}.new`);
      else if (action === 'make') writeFileSync(path, 'new', { flag: 'wx' });
      // While the lease is held an open waits: it is asked for, and answered after the removal.
      else if (action === 'keep' && step === 'leased') answer = racer.ask(`opener ${path}`);
      else answer = racer.ask(`${action === 'map' && step === 'leased' ? 'opener' : action} ${path} ${SENTINEL}`);
    };
    if (step === 'before') act();
    const report = remove([plan], { onStep: (now) => now === step && act() });
    const outcome = report.results[0]?.outcome;
    const what = `${action} at ${step} (${answer}): ${JSON.stringify(outcome)}`;
    tally.add(`${outcome?.kind}`);
    tally.add('raced', action === 'none' ? 0 : 1);
    const isThere = existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    const isAfterTaking = step === 'taken' || step === 'verified' || step === 'unlinked';
    const isOpener = action === 'opener' || ((action === 'keep' || action === 'map') && step === 'leased');
    const isOpen = (action === 'keep' || action === 'map') && !isOpener;
    if (action === 'none') tally.expect(outcome?.kind === 'removed' && !isThere, what);
    if (isOpen && !isAfterTaking) {
      // Somebody came in time: it stays under its name, whole.
      tally.expect(outcome?.kind === 'refused' && isThere && lstatSync(path).size === 5000, what);
    }
    if (isOpen && isAfterTaking) tally.expect(outcome?.kind === 'removed' && !isThere, what);
    if (isOpener) {
      // It found the name or it did not; it never has a file that lost its name under it. Who only looked in has gone again.
      const links = Number(racer.ask('opened'));
      const isLeft = step === 'before' || step === 'found';
      const isRight = links === 1 ? isLeft || (outcome?.kind === 'refused' && isThere) : links === -2 && !isThere;
      tally.add(links === 1 ? 'openers served' : 'openers too late');
      tally.expect(isRight, `${what}: the opener found ${links} links`);
    }
    if (action === 'replace') tally.expect(isThere && readFileSync(path, 'utf8') === 'new', what);
    if (action === 'make') tally.expect(isThere && readFileSync(path, 'utf8') === 'new', what);
    if (action === 'link') tally.expect(isThere && lstatSync(path).isSymbolicLink(), what);
    if (action === 'dir') {
      tally.expect(isThere && readFileSync(`${path}/inside`, 'utf8') === 'precious', what);
    }
    if ((action === 'replace' || action === 'link' || action === 'dir') && !isAfterTaking) {
      tally.expect(outcome?.kind === 'refused' && outcome.code === 'changed', what);
    }
    racer.ask('drop');
    rmSync(path, { recursive: true, force: true });
  }
  const stray = readdirSync('/dev/shm');
  tally.expect(stray.length === 0, `left behind: ${stray.join(' ')}`);
  for (const name of stray) rmSync(`/dev/shm/${name}`, { recursive: true, force: true });
  tally.expect(readFileSync(SENTINEL, 'utf8') === 'precious', 'the sentinel behind the symlinks was touched');
  clean();
}
racer.close();
tally.print();
