// The load generator for the dashboard: loaded at its first use, run on the main thread, one at a time, ended with the program.
// Not in a worker thread: the kernel ends the processes of a load when the thread that started them ends (PR_SET_PDEATHSIG).
import { errorMessage } from './fault/thrown.ts';
import type { LoadEngine } from './load/engine.ts';
import type { LoadChoices } from './load/model/options.ts';
import { isProblem, type LoadProblem, problem } from './load/model/problem.ts';
import type { SceneView } from './load/model/tour.ts';
import type { LoadCommands } from './ui/commands.ts';
import { LIVE_MS, type LoadNews, ROWS_KEPT } from './ui/state/load.ts';

const CLOSE_MS = 2000;
/** How long a scene of the tour stays: two lines to read, a table to look at, at whatever pace it is refreshed. */
const SCENE_MS = 8000;

export function dashboardLoad(): LoadCommands {
  let engine: Promise<LoadEngine | LoadProblem> | undefined;
  let running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  const open = () => {
    engine ??= import('./load/engine.ts').then(({ openLoadEngine }) => {
      // Whoever holds a segment is called by this in every table, and not by the name that Node gives its main thread.
      process.title = 'shmtop';
      return openLoadEngine();
    });
    return engine;
  };

  async function run(choices: LoadChoices, signal: AbortSignal, tell: (news: LoadNews) => void): Promise<void> {
    const opened = await open();
    if (isProblem(opened)) return tell({ kind: 'ended', problem: opened });
    if (signal.aborted) return tell({ kind: 'ended' });
    const ended = await opened.measure({
      options: choices,
      probes: true,
      liveMs: LIVE_MS,
      mostRows: ROWS_KEPT,
      onMeter: (meter) => tell({ kind: 'meter', meter }),
      signal,
    });
    tell({ kind: 'ended', ...(isProblem(ended) ? { problem: ended } : {}) });
  }

  async function tour(signal: AbortSignal, tell: (news: LoadNews) => void): Promise<void> {
    const opened = await open();
    if (isProblem(opened)) return tell({ kind: 'ended', problem: opened });
    const onScene = async (view: SceneView) => {
      tell({ kind: 'scene', view });
      await staying(signal);
    };
    const trouble = await opened.tour({ onScene, signal });
    tell({ kind: 'ended', ...(trouble ? { problem: trouble } : {}) });
  }

  function begin(
    tell: (news: LoadNews) => void,
    work: (signal: AbortSignal, tell: (news: LoadNews) => void) => Promise<void>,
  ): void {
    if (running) return;
    const abort = new AbortController();
    const ended = work(abort.signal, tell)
      .catch((cause: unknown) => tell({ kind: 'ended', problem: problemOf(cause) }))
      .finally(() => {
        running = undefined;
      });
    running = { abort, ended };
  }

  return {
    start: (choices, tell) => begin(tell, (signal) => run(choices, signal, tell)),
    tour: (tell) => begin(tell, tour),
    stop: () => running?.abort.abort(),
    check: (choices, tell) => {
      void import('./load/check.ts').then(({ checkLoad }) =>
        tell({ kind: 'checked', choices, problem: checkLoad(choices) }),
      );
    },
    close: async () => {
      if (!running) return;
      running.abort.abort();
      // What is not gone by then goes with us.
      await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, CLOSE_MS))]);
    },
  };
}

/** Until the scene has been there long enough, or the tour is to end. */
function staying(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, SCENE_MS);
    signal.addEventListener('abort', done);
  });
}

/** A bug in the generator, or a file of it that is missing, is no reason to lose the dashboard. */
function problemOf(cause: unknown): LoadProblem {
  return problem('failed', `The load generator failed: ${errorMessage(cause)}`);
}
