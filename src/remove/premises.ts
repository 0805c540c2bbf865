// What a verdict rested on, asked again at the moment of removal: that the makers are gone, and what the software's rule says.
import { openMachine } from '../probe/look/machine.ts';
import type { Maker, ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { readClock } from '../probe/source/clock.ts';
import { PidBook } from '../probe/source/pid-book.ts';
import type { Plan } from './model/plan.ts';

const TICKS_PER_SECOND = 100;
const SLACK_SEC = 2;

/** In words what no longer holds; undefined: all of it does. */
export type PremiseCheck = (plan: Plan) => string | undefined;

/**
 * Asks /proc about each process once. `resample` is called at most once, and only for names called abandoned: their verdict
 * rests on which processes run, so it is given anew.
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
    if (answer.state === 'X' || (answer.state === 'Z' && answer.threads <= 1)) return true;
    if (bootSec === undefined) return false;
    return bootSec + answer.startTicks / TICKS_PER_SECOND >= listedAtMs / 1000 - SLACK_SEC;
  };

  return ({ object, isForced, listedAtMs }) => {
    if (isForced || object.verdict.state !== 'abandoned') return undefined;
    if (object.kind === 'posix') {
      const now = verdictNow(object.id);
      return now === undefined || now === 'abandoned' ? undefined : `it is ${now} now`;
    }
    const alive = makersOf(object).find((maker) => !isStillGone(maker, listedAtMs));
    return alive && `process ${alive.pid} is there again`;
  };
}

const makersOf = ({ creator, lastUser }: ShmObject): Maker[] =>
  [creator, lastUser].filter((maker) => maker !== undefined);
