// The thread that removes for the dashboard: the engine is synchronous and may block, and no key may wait for it.
import { parentPort, workerData } from 'node:worker_threads';
import { becomeCareful } from '../probe/territory/patience/patience.ts';
import { nameThread } from '../probe/thread/thread-name.ts';
import type { Plan } from './model/plan.ts';
import { refuse } from './model/refusal.ts';
import { type Report, sumUp } from './model/report.ts';
import { removalFor } from './removal.ts';
import { A_MESSAGE, type FromThread, type PlansPiece, type ThreadSettings } from './thread-protocol.ts';

const PROGRESS_EVERY_MS = 200;

if (parentPort) {
  nameThread('shmtop-remove');
  // Whatever does not answer must not keep a removal that is half done.
  becomeCareful();
  serve(parentPort, workerData);
}

function serve(port: NonNullable<typeof parentPort>, settings: ThreadSettings): void {
  const plans: Plan[] = [];
  const send = (message: FromThread) => port.postMessage(message);
  port.on('message', (piece: PlansPiece) => {
    plans.push(...piece.plans);
    if (!piece.isLast) return;
    const { results, notes, journal } = carryOut(plans, settings, send);
    const indexOf = new Map(plans.map((plan, at) => [plan, at]));
    const outcomes = results.map(({ plan, outcome }) => [indexOf.get(plan) ?? 0, outcome] as const);
    for (let at = 0; at < outcomes.length; at += A_MESSAGE)
      send({ type: 'outcomes', outcomes: outcomes.slice(at, at + A_MESSAGE) });
    send({ type: 'done', notes, journal });
    port.close(); // nothing keeps the thread alive any more
  });
}

function carryOut(
  plans: readonly Plan[],
  { procRoot, shmRoot, minAgeSec, by, stop }: ThreadSettings,
  send: (message: FromThread) => void,
): Report {
  const flag = new Int32Array(stop);
  const isStopped = () => Atomics.load(flag, 0) === 1;
  if (isStopped()) {
    const outcome = refuse('interrupted', 'was left, since the removal was interrupted');
    return sumUp(
      plans.map((plan) => ({ plan, outcome })),
      [],
      undefined,
    );
  }
  let toldMs = performance.now();
  return removalFor(process.env, procRoot, shmRoot, by).execute(plans, {
    minAgeSec,
    onProgress: (done, total) => {
      const nowMs = performance.now();
      if (nowMs - toldMs >= PROGRESS_EVERY_MS) {
        toldMs = nowMs;
        send({ type: 'progress', done, total });
      }
      return isStopped();
    },
  });
}
