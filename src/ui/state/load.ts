// The load generator as the dashboard knows it: what was asked for, what was told last. It runs elsewhere.
import type { Meter } from '../../load/model/meter.ts';
import type { LoadChoices } from '../../load/model/options.ts';
import type { LoadProblem } from '../../load/model/problem.ts';
import type { SceneView } from '../../load/model/tour.ts';

/** How often the live figures move, and how many rows of a second are kept: no screen is higher. */
export const LIVE_MS = 250;
export const ROWS_KEPT = 300;

export interface LoadState {
  /** What was asked for: `stopping` until its processes are gone. */
  readonly phase: 'idle' | 'running' | 'stopping';
  /** Of the load that runs, or of the last one. */
  readonly meter?: Meter;
  /** Why the choices cannot run here, or why the last load did not run. */
  readonly problem?: LoadProblem;
  /** What runs, or ran last, is the tour; and its scene, while it runs. */
  readonly isTour?: boolean;
  readonly scene?: SceneView;
}

export const NO_LOAD: LoadState = { phase: 'idle' };

/** What the one who runs loads tells. */
export type LoadNews =
  | { readonly kind: 'meter'; readonly meter: Meter }
  | { readonly kind: 'scene'; readonly view: SceneView }
  /** Its processes are gone; `problem` where it could not start. */
  | { readonly kind: 'ended'; readonly problem?: LoadProblem }
  /** Whether these choices could run here. */
  | { readonly kind: 'checked'; readonly choices: LoadChoices; readonly problem?: LoadProblem };
