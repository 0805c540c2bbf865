// The tour: one scene after the other, on the stage or as a short run of the generator; shown as it goes.
import type { Libc } from '../../native/libc.ts';
import type { Machine } from '../machine.ts';
import { isTrue, type Meter } from '../model/meter.ts';
import { DEFAULT_OPTIONS, type LoadOptions } from '../model/options.ts';
import { isProblem, type LoadProblem, problem } from '../model/problem.ts';
import { type RunAct, SCENES, type SceneView, STAGE_ACTS, type StageNews } from '../model/tour.ts';
import { planLoad } from '../plan.ts';
import { runPlan } from '../run.ts';
import { startStage } from './stage.ts';

const RUN_SEC = 0.6;
const WARM_UP_SEC = 0.2;
const BASE = { sizeBytes: 1024, durationSec: RUN_SEC, warmUpSec: WARM_UP_SEC } as const;

/** What each run is called, and what differs in it. */
const RUNS: Readonly<Record<RunAct, readonly (readonly [string, Partial<LoadOptions>])[]>> = {
  race: [['no synchronisation', { sync: 'none' }]],
  semaphores: [
    ['sem', { sync: 'sem' }],
    ['futex', { sync: 'futex' }],
  ],
  pipes: [
    ['pipe', { transport: 'pipe' }],
    ['shared memory', {}],
  ],
};

export interface TourRequest {
  readonly libc: Libc;
  readonly machine: Machine;
  /** Shows a scene; the next one begins when it resolves. */
  readonly onScene: (view: SceneView) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Plays all scenes; ends early on the signal. What stood in the way of a scene is part of its view; the tour goes on. */
export async function playTour({ libc, machine, onScene, signal }: TourRequest): Promise<LoadProblem | undefined> {
  const stage = startStage(libc);
  if (isProblem(stage)) return stage;
  let damage: LoadProblem | undefined;
  try {
    for (const [at, scene] of SCENES.entries()) {
      if (signal?.aborted) break;
      const place = { scene, number: at + 1, of: SCENES.length };
      const act = STAGE_ACTS.find((each) => each === scene.act);
      if (act) {
        await onScene({ ...place, ...(await stage.play(act)), runs: [] });
        continue;
      }
      const { runs, ...news } = await playRuns(libc, machine, RUNS[scene.act as RunAct], signal);
      if (runs.some(({ meter }) => !isTrue(meter.truth)))
        damage = problem('failed', 'Messages were torn, lost or reordered where that may not be.');
      await onScene({ ...place, ...news, runs });
    }
  } finally {
    await stage.end();
  }
  return damage;
}

async function playRuns(
  libc: Libc,
  machine: Machine,
  wanted: (typeof RUNS)[RunAct],
  signal: AbortSignal | undefined,
): Promise<StageNews & Pick<SceneView, 'runs'>> {
  const runs: { label: string; meter: Meter }[] = [];
  for (const [label, options] of wanted) {
    if (signal?.aborted) break;
    const plan = planLoad({ ...DEFAULT_OPTIONS, ...BASE, ...options }, machine);
    if (isProblem(plan)) return { ids: [], runs, refusal: plan.message };
    const meter = await runPlan({ libc, plan, intervalMs: 60_000, signal });
    if (meter.problem) return { ids: [], runs, refusal: meter.problem.message };
    runs.push({ label, meter });
  }
  return { ids: [], runs };
}
