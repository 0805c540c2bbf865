// Plays the tour again and again until it is killed; the stage only, since runs are killed elsewhere. Started by driver.ts.

import { isProblem } from '../../../src/load/model/problem.ts';
import { STAGE_ACTS } from '../../../src/load/model/tour.ts';
import { startStage } from '../../../src/load/tour/stage.ts';
import { libc } from '../support.ts';

for (;;) {
  const stage = startStage(libc());
  if (isProblem(stage)) throw new Error(stage.message);
  for (const act of STAGE_ACTS) {
    const { ids, refusal } = await stage.play(act);
    // A child that was killed is what this is about.
    if (refusal === undefined && ids.length !== 1) throw new Error(`${act}: ${refusal}`);
  }
  await stage.end();
}
