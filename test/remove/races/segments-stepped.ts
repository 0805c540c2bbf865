// Segments, with the adversary acting at a chosen moment of each removal: `node segments-stepped.ts RACER COUNT SEED`.
import type { Step } from '../../../src/remove/step.ts';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, planAll, randomFrom, remove, Tally } from './world.ts';

assertPrivate();
const [, , binary = '', countText = '1000', seedText = '1'] = process.argv;
const total = Number(countText);
const random = randomFrom(Number(seedText));
const racer = new Racer(binary);
const tally = new Tally();
/** The journal is read at each removal and begins anew with each batch: longer ones cost the square of their length. */
const BATCH = 300;
const SIZE = 4096;

const STEPS: readonly (Step | 'before')[] = ['before', 'compared', 'pinned', 'frozen', 'checked', 'marked'];
const ACTIONS = ['none', 'attach', 'touch', 'remake', 'sameid'] as const;
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] ?? items[0];

for (let left = total; left > 0; left -= BATCH) {
  const count = Math.min(BATCH, left);
  const ids = racer.ask(`make ${count} ${0x5000000} ${SIZE} 0`).trim().split(' ').map(Number);
  const keyOf = new Map(ids.map((id, at) => [id, 0x5000000 + at]));
  racer.ask('age');
  const plans = planAll(false, ({ kind }) => kind === 'sysv');
  tally.expect(plans.length === count, `${plans.length} of ${count} segments planned`);
  const scripts = new Map(
    plans.map(({ object }) => {
      const action = pick(ACTIONS);
      // A segment that is pinned cannot give its id away; before that anything may happen.
      const step = action === 'sameid' ? pick(['before', 'compared'] as const) : pick(STEPS);
      return [object.shmid, { action, step }];
    }),
  );
  const made = new Map<number | undefined, number>();
  const act = (shmid: number | undefined) => {
    const { action } = scripts.get(shmid) ?? { action: 'none' };
    if (action === 'none' || shmid === undefined) return;
    const words = action === 'remake' || action === 'sameid' ? ` ${keyOf.get(shmid)} ${SIZE}` : '';
    const answer = racer.ask(`${action} ${shmid}${words}`);
    if (words !== '') made.set(shmid, Number(answer));
  };
  for (const plan of plans) {
    const { shmid } = plan.object;
    const { action, step } = scripts.get(shmid) ?? { action: 'none', step: 'before' };
    if (step === 'before') act(shmid);
    const report = remove([plan], { onStep: (now) => now === step && act(shmid) });
    const [result] = report.results;
    const outcome = result?.outcome;
    const state = racer.ask(`state ${shmid}`);
    const what = `${action} at ${step}: ${JSON.stringify(outcome)}, segment ${state}`;
    tally.add(`${outcome?.kind}`);
    tally.add('raced', action === 'none' ? 0 : 1);
    const isInTime = step !== 'checked' && step !== 'marked';
    if (action === 'none') tally.expect(outcome?.kind === 'removed' && state === 'gone', what);
    if (action === 'attach' && isInTime) tally.expect(outcome?.kind === 'refused' && state === 'whole 1 600', what);
    if (action === 'touch' && isInTime) tally.expect(outcome?.kind === 'refused' && state === 'whole 0 600', what);
    if (action === 'attach' && step === 'checked') {
      // Root attached between two system calls: it keeps its memory, and is told of.
      tally.add('attached in the instant');
      tally.expect(outcome?.kind === 'removed' && outcome.warning !== undefined && state === 'dest 1 0', what);
    }
    const successor = made.get(shmid);
    if (successor !== undefined && successor >= 0) {
      const alive = racer.ask(`state ${successor}`);
      tally.expect(alive === 'whole 0 600', `${what}, its successor ${successor} ${alive}`);
      if (action === 'sameid') tally.expect(successor === shmid && outcome?.kind === 'refused', what);
      racer.ask(`rmid ${successor}`);
    }
    racer.ask('detach');
    if (state.startsWith('whole')) racer.ask(`rmid ${shmid}`);
  }
  clean();
}
racer.close();
tally.print();
