// The program is SIGKILLed at every moment of a removal: `node kill.ts RACER ROUNDS`. The journal must tell what was begun, and
// the next run must put back what lay aside.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parseHistory } from '../../../src/remove/model/history.ts';
import type { Step } from '../../../src/remove/step.ts';
import { Racer } from '../racer.ts';
import { assertPrivate, clean, JOURNAL, planAll, remove, Tally } from './world.ts';

assertPrivate();
const [, script = '', binary = '', roundsText = '3', killAt, kindText] = process.argv;
const SEGMENT_STEPS: readonly Step[] = ['begun', 'compared', 'pinned', 'frozen', 'checked', 'marked', 'ended'];
const NAME_STEPS: readonly Step[] = ['begun', 'found', 'leased', 'taken', 'verified', 'unlinked', 'ended'];

if (killAt !== undefined) victim(killAt, kindText ?? '', Number(roundsText));
else main();

/** Dies at the `round`-th time that the step is reached. */
function victim(step: string, kind: string, round: number): void {
  let seen = 0;
  remove(
    planAll(false, (object) => object.kind === kind),
    {
      onStep: (now) =>
        now === step && seen++ === (step === 'begun' ? 0 : round) && process.kill(process.pid, 'SIGKILL'),
    },
  );
}

function main(): void {
  const tally = new Tally();
  const racer = new Racer(binary);
  for (let round = 0; round < Number(roundsText); round++) {
    for (const step of SEGMENT_STEPS) segments(step, round, racer, tally);
    for (const step of NAME_STEPS) names(step, round, tally);
  }
  racer.close();
  tally.print();
}

function killed(step: Step, kind: string, round: number, tally: Tally): void {
  const { signal } = spawnSync(process.execPath, [script, binary, String(round), step, kind], { stdio: 'inherit' });
  tally.expect(signal === 'SIGKILL', `not killed at ${step}: ${signal}`);
  tally.add('killed');
}

function segments(step: Step, round: number, racer: Racer, tally: Tally): void {
  const ids = racer.ask('make 6 0 4096 0').trim().split(' ').map(Number);
  racer.ask('age');
  killed(step, 'sysv', round, tally);
  const { entries } = parseHistory(readFileSync(JOURNAL, 'utf8'));
  // The next run opens what the killed one had closed.
  writeFileSync('/dev/shm/next', 'x');
  const report = remove(planAll(false, ({ rawName }) => rawName === '/next'));
  const isClosed = step === 'frozen' || step === 'checked';
  tally.expect(report.notes.length === (isClosed ? 1 : 0), `closed at ${step}: ${report.notes.join('; ')}`);
  for (const shmid of ids) {
    const state = racer.ask(`state ${shmid}`);
    const entry = entries.find(({ id }) => id.endsWith(`:${shmid}`));
    tally.expect(state.startsWith('whole') || entry !== undefined, `segment ${shmid} went at ${step} without a line`);
    tally.expect(
      entry?.state !== 'done' || state === 'gone',
      `segment ${shmid} is called done at ${step} and is ${state}`,
    );
    tally.expect(!state.startsWith('whole') || state === 'whole 0 600', `segment ${shmid} is ${state} after ${step}`);
    if (entry?.state === 'begun') tally.add('begun without an end');
    if (state !== 'gone') racer.ask(`rmid ${shmid}`);
  }
  clean();
}

function names(step: Step, round: number, tally: Tally): void {
  const all = Array.from({ length: 6 }, (_, at) => `k${at}`);
  for (const name of all) writeFileSync(`/dev/shm/${name}`, 'precious');
  writeFileSync('/dev/shm/sentinel', 'precious');
  writeFileSync('/dev/shm/k0.beside', 'precious');
  // The sentinels are not to be planned: they are in use.
  const racer = new Racer(binary);
  racer.ask('keep /dev/shm/sentinel');
  const other = new Racer(binary);
  other.ask('keep /dev/shm/k0.beside');
  killed(step, 'posix', round, tally);
  const { entries } = parseHistory(readFileSync(JOURNAL, 'utf8'));
  const lying = readdirSync('/dev/shm').filter((name) => name.startsWith('.shmtop-'));
  const aside = lying.flatMap((name) => readdirSync(`/dev/shm/${name}`)).length;
  // The next run puts back what lies aside, and does its own work.
  writeFileSync('/dev/shm/next', 'x');
  const report = remove(planAll(false, ({ rawName }) => rawName === '/next'));
  tally.add('put back', report.notes.length);
  tally.expect(report.notes.length === aside, `${aside} lay aside at ${step}, ${report.notes.length} put back`);
  for (const name of all) {
    const isThere = existsSync(`/dev/shm/${name}`);
    const entry = entries.find(({ id, path }) => path === `/dev/shm/${name}` && id !== '');
    const isDone = entry?.state === 'done' || (step === 'unlinked' && entry?.state === 'begun');
    tally.expect(
      isThere ? entry?.state !== 'done' : isDone,
      `${name} at ${step}: there ${isThere}, journal ${entry?.state}`,
    );
  }
  const sentinels = ['sentinel', 'k0.beside'].every((name) => existsSync(`/dev/shm/${name}`));
  tally.expect(sentinels, `a sentinel went at ${step}`);
  const hidden = readdirSync('/dev/shm').filter((name) => name.startsWith('.shmtop-'));
  tally.expect(hidden.length === 0, `left behind at ${step}: ${hidden.join(' ')}`);
  racer.close();
  other.close();
  for (const name of readdirSync('/dev/shm')) rmSync(`/dev/shm/${name}`, { recursive: true, force: true });
  clean();
}
