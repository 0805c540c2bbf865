// What a verdict rested on, asked again at the moment of removal: that the makers are gone, and what the software's rule says.
import { openMachine } from '../probe/look/machine.ts';
import { hasEnded } from '../probe/model/judge/maker.ts';
import type { Maker, ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { readClock } from '../probe/source/clock.ts';
import { PidBook } from '../probe/source/pid-book.ts';
import type { Plan } from './model/plan.ts';

const TICKS_PER_SECOND = 100;
const SLACK_SEC = 2;

export interface PremiseCheck {
  /** In words what no longer holds; undefined: all of it does. */
  readonly broken: (plan: Plan) => string | undefined;
  /** Samples now: to be called before another namespace is entered, where a sample would see the wrong table. */
  readonly prepare: (plans: readonly Plan[]) => void;
}

/**
 * Asks /proc about each process once. `resample` is called at most once, and only for names, and segments that are called
 * abandoned: what a software's rule, a witness, or who can reach a name says is given anew. That a segment's makers are gone,
 * which is all that makes an orphan of it, is asked of /proc for each at its turn.
 */
export function premiseCheck(procRoot: string, resample: () => Snapshot): PremiseCheck {
  const { io, procKind, libc } = openMachine(procRoot);
  const book = new PidBook(io, procRoot, procKind, libc, [], {
    ipcOf: new Map(),
    mountOf: new Map(),
    refused: [],
    threadsLeft: [],
  });
  const bootSec = readClock(io, procRoot, procKind, Number.POSITIVE_INFINITY)?.bootSec;
  let verdicts: Map<string, string> | undefined;
  const verdictNow = (id: string) => {
    verdicts ??= new Map(resample().objects.map((object) => [object.id, object.verdict.state]));
    return verdicts.get(id);
  };

  /** A process that was dead stays dead: what has its pid now must have started since. */
  const isStillGone = ({ pid, state }: Maker, listedAtMs: number): boolean => {
    if (pid === undefined || (state !== 'dead' && state !== 'zombie')) return true;
    const answer = book.answer(pid);
    if (answer === 'none') return true;
    if (answer === 'hidden') return false;
    if (hasEnded(answer)) return true;
    if (bootSec === undefined) return false;
    return bootSec + answer.startTicks / TICKS_PER_SECOND >= listedAtMs / 1000 - SLACK_SEC;
  };

  const rests = ({ object: { kind, verdict }, isForced }: Plan): boolean =>
    !isForced && (verdict.state === 'abandoned' || (verdict.state === 'orphaned' && kind === 'posix'));

  return {
    prepare: (plans) => {
      const first = plans.find(rests);
      if (first) verdictNow(first.object.id);
    },
    broken: (plan) => {
      const { object, isForced, listedAtMs } = plan;
      const said = object.verdict.state;
      if (isForced || (said !== 'abandoned' && said !== 'orphaned')) return undefined;
      const alive = makersOf(object).find((maker) => !isStillGone(maker, listedAtMs));
      if (alive) return `process ${alive.pid} is there again`;
      const now = rests(plan) ? verdictNow(object.id) : undefined;
      // What was an orphan and is proven by now is no less of one.
      return now === undefined || now === said || now === 'abandoned' ? undefined : `it is ${now} now`;
    },
  };
}

const makersOf = ({ creator, lastUser }: ShmObject): Maker[] =>
  [creator, lastUser].filter((maker) => maker !== undefined);
