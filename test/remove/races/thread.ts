// Removal in a thread of its own: `node thread.ts RACER COUNT`. All of it, stopped before it began, stopped on its way, and a thread that dies.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Plan } from '../../../src/remove/model/plan.ts';
import { removeInThread } from '../../../src/remove/thread.ts';
import { Racer } from '../racer.ts';
import { assertPrivate, planAll, Tally } from './world.ts';

assertPrivate();
const [, , binary = '', countText = '1200'] = process.argv;
const COUNT = Number(countText);
process.env.XDG_STATE_HOME = '/mnt';
const tally = new Tally();
const racer = new Racer(binary);
const nothing = () => undefined;
const run = (plans: readonly Plan[], onProgress: (done: number, total: number) => void = nothing) =>
  removeInThread({ plans, minAgeSec: 0, onProgress }, { by: 'dashboard' });

function make(): readonly Plan[] {
  racer.ask(`make ${COUNT} ${0x7000000} 4096 0`);
  for (let at = 0; at < COUNT; at++) writeFileSync(`/dev/shm/t${at}`, 'old');
  racer.ask('age');
  return planAll();
}

let plans = make();
tally.expect(plans.length === 2 * COUNT, `${plans.length} plans`);

const early = run(plans);
early.stop();
const left = await early.report;
tally.expect(left.refused === 2 * COUNT && left.removed === 0, `stopped at once: ${left.removed} removed`);
tally.expect(planAll().length === 2 * COUNT, 'something went though it was stopped before');

const all = await run(plans).report;
tally.add('removed', all.removed);
tally.expect(
  all.removed === 2 * COUNT,
  `all: ${all.removed} removed, ${all.refused} refused: ${JSON.stringify(all.results.find(({ outcome }) => outcome.kind === 'refused')?.outcome)}`,
);
tally.expect(
  all.results.every(({ plan }) => plans.includes(plan)) &&
    new Set(all.results.map(({ plan }) => plan)).size === 2 * COUNT,
  'the report is not about the plans that were given, each once',
);
tally.expect(readdirSync('/dev/shm').length === 0, 'names are left');
const journal = readFileSync('/mnt/shmtop/removals.jsonl', 'utf8');
tally.expect(
  journal.includes('"by":"dashboard"') && all.journal === '/mnt/shmtop/removals.jsonl',
  'the journal does not say who',
);

plans = make();
let told = 0;
const stopped = run(plans, () => {
  told++;
  stopped.stop();
});
const part = await stopped.report;
tally.add('told', told);
tally.expect(part.removed + part.refused === 2 * COUNT, 'some plans have no outcome');
tally.expect(planAll().length === part.refused, `${planAll().length} are left, ${part.refused} were refused`);

const broken: readonly Plan[] = JSON.parse('[{"consent":"plain","object":null}]');
const lost = await run(broken).report;
tally.expect(lost.refused === 1 && lost.notes.length === 1, 'a thread that died is not told');
racer.close();
tally.print();
