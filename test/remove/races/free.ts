// Removal in bulk against programs that come and go as they like, in parallel: `node free.ts RACER KIND COUNT SEED`.
// KIND: attach-user, attach-root, rename, open. Prints how many removals were raced and how many were wrong.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, planAll, remove, sleep, Tally } from './world.ts';

assertPrivate();
const [, , binary = '', kind = 'rename', countText = '1000'] = process.argv;
const USER = 65534;
const tally = new Tally();

if (kind.startsWith('attach')) segments(kind === 'attach-user' ? USER : 0);
else names(kind);
tally.print();

/** Attachers pick any segment at any moment. One that is attached to a whole segment must never see it marked. */
function segments(uid: number): void {
  const maker = new Racer(binary);
  for (let left = Number(countText); left > 0; left -= 1000) {
    const made = Math.min(1000, left);
    maker.ask(`make ${made} ${0x6000000} 4096 ${uid}`);
    maker.ask('age');
    const plans = planAll(false, ({ kind }) => kind === 'sysv');
    tally.expect(plans.length === made, `${plans.length} of ${made} planned`);
    const racers = [new Racer(binary), new Racer(binary)];
    // Slow enough that most segments are still unheld when their turn comes, busy enough to meet every moment.
    for (const racer of racers) racer.tell(`loop-attach 0.5 300 ${uid}`);
    sleep(30);
    let at = 0;
    const report = remove(plans, {
      onProgress: () => {
        if (++at % 50 === 0) sleep(15);
        return false;
      },
    });
    tally.add('removed', report.removed);
    tally.add('refused', report.refused);
    const warned = report.results.filter(
      ({ outcome }) => outcome.kind === 'removed' && outcome.warning !== undefined,
    ).length;
    tally.add('attached in the instant, and said so', warned);
    let hurt = 0;
    for (const racer of racers) {
      const [attaches = 0, marked = 0] = racer.answer().split(' ').map(Number);
      tally.add('attaches', attaches);
      hurt += marked;
      racer.close();
    }
    tally.add('marked while attached', hurt);
    // Root's attachers pass by permissions: what cannot be prevented must at least be told.
    tally.expect(uid !== 0 ? hurt === 0 : hurt <= warned, `${hurt} marked while attached, ${warned} told`);
    const rest = planAll(true, ({ kind }) => kind === 'sysv');
    const mutilated = rest.filter(({ object }) => object.perms !== '600' && !object.status.includes('dest'));
    tally.expect(mutilated.length === 0, `${mutilated.length} refused segments lost their permissions`);
    for (const { object } of rest) maker.ask(`rmid ${object.shmid}`);
    clean();
  }
  maker.close();
}

function names(how: string): void {
  const round = how === 'open' ? 20 : 200;
  for (let left = Number(countText); left > 0; left -= round) {
    const made = Math.min(round, left);
    for (let at = 0; at < made; at++) writeFileSync(`/dev/shm/v${at}`, 'old');
    const plans = planAll(false, ({ rawName }) => rawName.startsWith('/v'));
    const racers = how === 'open' ? [new Racer(binary), new Racer(binary)] : [new Racer(binary)];
    for (const racer of racers) racer.tell(`loop-${how} /dev/shm/v ${made} ${made * 0.003}`);
    sleep(5);
    // One at a time and slowly, so that removal and adversary meet all the time.
    let removed = 0;
    for (const plan of plans) {
      const report = remove([plan]);
      removed += report.removed;
      tally.add('removed', report.removed);
      tally.add('refused', report.refused);
    }
    for (const racer of racers) {
      const [done = 0, wrong = 0] = racer.answer().split(' ').map(Number);
      tally.add(how === 'open' ? 'opened' : 'replaced', done);
      tally.add(how === 'open' ? 'lost their name while open' : 'successors lost', wrong);
      tally.expect(
        wrong === 0,
        `${wrong} ${how === 'open' ? 'files lost their name while open' : 'successors were removed'}`,
      );
      racer.close();
    }
    const left_ = readdirSync('/dev/shm');
    const hidden = left_.filter((name) => name.startsWith('.shmtop-'));
    tally.expect(hidden.length === 0, `left behind: ${hidden.join(' ')}`);
    if (how === 'rename') {
      for (const name of left_.filter((name) => /^v\d+$/.test(name))) {
        const isNew = readFileSync(`/dev/shm/${name}`, 'utf8').startsWith('new');
        tally.expect(isNew || plans.length > removed, `${name} is the old one, not removed`);
      }
    }
    for (const name of left_) rmSync(`/dev/shm/${name}`, { recursive: true, force: true });
    tally.expect(!existsSync('/dev/shm/v0'), 'not cleaned');
    clean();
  }
}
