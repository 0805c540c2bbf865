// The worker processes of one run, their segment and whatever else they share: made together, and always taken down together.
import type { Libc } from '../native/libc.ts';
import { allowedCpus } from '../native/sched.ts';
import { CrewRings } from './crew-rings.ts';
import { CrewWorkers } from './crew-workers.ts';
import { type Keeper, startKeeper } from './keep/keeper.ts';
import type { KeepWants } from './keep/wants.ts';
import { openMany } from './many/account.ts';
import type { WorkerInfo } from './model/meter.ts';
import { isProblem, type LoadProblem } from './model/problem.ts';
import { hasRing, MQ_LIMIT_BYTES } from './model/transports.ts';
import { placeWorkers } from './placement.ts';
import type { LoadPlan } from './plan.ts';
import type { RingView } from './ring-view.ts';
import { createSegment, type Segment } from './segment.ts';
import { shareSync } from './sync/shared.ts';

export interface Crew {
  readonly segment: Pick<Segment, 'name' | 'lengthBytes'>;
  readonly workers: readonly WorkerInfo[];
  /** The rings; empty after `close`. Do not keep them: the memory goes with `close`. */
  readonly views: () => readonly RingView[];
  /** Tells all workers (one of CONTROL), and wakes who sleeps. */
  readonly tell: (control: number) => void;
  /** What went wrong with a worker that ended too early; undefined so long as none did. */
  readonly accident: () => LoadProblem | undefined;
  /** Resolves when every worker has told that it is ready, or with what stood in the way. */
  readonly ready: () => Promise<LoadProblem | undefined>;
  /** Stops the workers and resolves when all are gone; kills who does not come in fifteen seconds. */
  readonly stop: () => Promise<void>;
  /** Kills what still runs and gives everything back. Safe to call twice, at any time. */
  readonly close: () => Promise<void>;
}

/**
 * Makes the segment and starts two processes a pair. Call it on the main thread only: the kernel ends the workers when the
 * thread that started them ends.
 */
export async function startCrew(libc: Libc, plan: LoadPlan): Promise<Crew | LoadProblem> {
  const wants = wantsOf(plan);
  const keeper = wants ? await startKeeper(libc, wants) : undefined;
  if (keeper && isProblem(keeper)) return keeper;
  const crew = crewWith(libc, plan, keeper);
  if (isProblem(crew)) await keeper?.release();
  return crew;
}

/** What has no last close, and so needs a keeper; undefined for most. */
function wantsOf({ transport, sync, rings, geometry }: LoadPlan): KeepWants | undefined {
  const nothing = { rings: 0, slots: geometry.slots, queues: 0, mqs: 0, mqBytes: MQ_LIMIT_BYTES };
  if (transport === 'sysv-mq') return { ...nothing, queues: rings };
  if (transport === 'posix-mq') return { ...nothing, mqs: rings };
  return hasRing(transport) && sync === 'semop' ? { ...nothing, rings } : undefined;
}

function crewWith(libc: Libc, plan: LoadPlan, keeper: Keeper | undefined): Crew | LoadProblem {
  const segment = createSegment(libc, plan.backing, plan.segmentBytes, false, plan.huge);
  if (isProblem(segment)) return segment;
  const rings = new CrewRings(libc, plan, segment);
  const shared = shareSync(libc, plan, rings.views);
  if (isProblem(shared)) {
    rings.forget();
    segment.release();
    return shared;
  }
  const cpuOf = placeWorkers(plan, allowedCpus(libc));
  rings.writeHeaders(keeper?.kept.semaphoreSet ?? 0, cpuOf);
  openMany(segment.memory(), rings.views, plan);
  const { descriptors } = shared;
  const workers = new CrewWorkers({ libc, plan, segment, rings, descriptors, keeper, cpuOf });
  workers.start();
  return {
    segment,
    workers: workers.infos,
    views: () => rings.views,
    tell: (control) => rings.tell(control),
    accident: () => workers.accident,
    ready: () => rings.ready(() => workers.accident),
    stop: () => workers.stop(),
    close: async () => {
      await workers.kill();
      rings.forget();
      segment.release();
      shared.release();
      await keeper?.release();
    },
  };
}
