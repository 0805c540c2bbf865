// What `shmtop load` is handed: the engine, and what every command has.
import type { LoadEngine } from '../../load/engine.ts';
import type { LoadProblem } from '../../load/model/problem.ts';
import type { Snapshot } from '../../probe/model/snapshot.ts';
import type { Terminal } from '../output.ts';

export interface LoadContext {
  /** Opens the engine (engine.ts), once, on the main thread; only when the command line was understood. */
  readonly openEngine: () => LoadEngine | LoadProblem;
  /** What there is now, without a grace time: for the tour, which shows it. */
  readonly sample: () => Snapshot;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** NO_COLOR, TERM, LANG … */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by Ctrl-C: the run ends, what was measured is shown, exit code 130. */
  readonly signal: AbortSignal;
}
