// Removes in a thread of its own, started for one removal and gone after it.
import { Worker } from 'node:worker_threads';
import { errorMessage } from '../fault/thrown.ts';
import { threadProgram } from '../probe/thread/worker-file.ts';
import type { RemovalOrder, RunningRemoval } from './model/order.ts';
import type { Plan } from './model/plan.ts';
import { refuse } from './model/refusal.ts';
import { type Outcome, type Report, sumUp } from './model/report.ts';
import { A_MESSAGE, type FromThread, type PlansPiece, type ThreadSettings } from './thread-protocol.ts';

const RESOURCES = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 };

/** Starts at once. Nothing else in this process may open anything in /dev/shm until the report is there. */
export function removeInThread(
  { plans, minAgeSec, onProgress }: RemovalOrder,
  roots: Pick<ThreadSettings, 'procRoot' | 'shmRoot' | 'by'>,
): RunningRemoval {
  const stop = new SharedArrayBuffer(4);
  const settings: ThreadSettings = { ...roots, minAgeSec, stop };
  const program = threadProgram('removal-worker', 'remove/worker.ts');
  const worker = new Worker(program.code, {
    eval: program.eval,
    workerData: settings,
    resourceLimits: RESOURCES,
  });
  const outcomes = new Map<number, Outcome>();
  let end: Extract<FromThread, { type: 'done' }> | undefined;
  let reason = 'it ended too early';
  worker.on('message', (message: FromThread) => {
    switch (message.type) {
      case 'progress':
        onProgress(message.done, message.total);
        break;
      case 'outcomes':
        for (const [at, outcome] of message.outcomes) outcomes.set(at, outcome);
        break;
      case 'done':
        end = message;
    }
  });
  worker.on('error', (error) => {
    reason = errorMessage(error);
  });
  sendPlans(worker, plans, 0);
  const report = new Promise<Report>((resolve) => {
    worker.on('exit', () => resolve(end ? reportOf(plans, outcomes, end) : lostReport(plans, reason)));
  });
  return { report, stop: () => Atomics.store(new Int32Array(stop), 0, 1) };
}

/** Piece after piece, with room for a key between two of them. */
function sendPlans(worker: Worker, plans: readonly Plan[], from: number): void {
  const next = from + A_MESSAGE;
  const isLast = next >= plans.length;
  worker.postMessage({ plans: plans.slice(from, next), isLast } satisfies PlansPiece);
  if (!isLast) setImmediate(() => sendPlans(worker, plans, next));
}

function reportOf(
  plans: readonly Plan[],
  outcomes: ReadonlyMap<number, Outcome>,
  { notes, journal }: Extract<FromThread, { type: 'done' }>,
): Report {
  const results = [...outcomes].map(([at, outcome]) => ({ plan: plans[at], outcome }));
  return sumUp(results, notes, journal);
}

/** A thread that died took with it what it had done; the journal knows, and the next sample shows what is still there. */
function lostReport(plans: readonly Plan[], reason: string): Report {
  const outcome = refuse('interrupted', 'was perhaps removed and perhaps not');
  const notes = [`The thread that removes died (${reason}). shmtop rm --history says how far it came.`];
  return sumUp(
    plans.map((plan) => ({ plan, outcome })),
    notes,
    undefined,
  );
}
