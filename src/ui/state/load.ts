// The load generator as the dashboard knows it: what was asked for, what was told last. It runs elsewhere.
import type { Meter } from '../../load/model/meter.ts';
import type { LoadChoices } from '../../load/model/options.ts';
import type { LoadProblem } from '../../load/model/problem.ts';
import type { Intent } from './intent.ts';
import { changeChoice } from './load-choices.ts';
import type { State } from './state.ts';

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
  /** Has one been started since the program was? The first one shows its screen. */
  readonly hasRun: boolean;
}

export const NO_LOAD: LoadState = { phase: 'idle', hasRun: false };

/** What the one who runs loads tells. */
export type LoadNews =
  | { readonly kind: 'meter'; readonly meter: Meter }
  /** Its processes are gone; `problem` where it could not start. */
  | { readonly kind: 'ended'; readonly problem?: LoadProblem }
  /** Whether these choices could run here. */
  | { readonly kind: 'checked'; readonly choices: LoadChoices; readonly problem?: LoadProblem };

export function reduceLoadNews(state: State, news: LoadNews): State {
  const { load } = state;
  switch (news.kind) {
    case 'meter':
      return isWorthShowing(state, news.meter) ? { ...state, load: { ...load, meter: news.meter } } : state;
    case 'ended':
      return { ...state, load: { ...load, phase: 'idle', problem: news.problem } };
    case 'checked':
      if (news.choices !== state.settings.load || load.phase !== 'idle') return state;
      return news.problem?.message === load.problem?.message
        ? state
        : { ...state, load: { ...load, problem: news.problem } };
  }
}

/** Other screens show one figure of it: once a second is enough, and they are not drawn again for less. */
function isWorthShowing({ screen, load }: State, meter: Meter): boolean {
  const shown = load.meter;
  return screen === 'throughput' || meter.phase !== shown?.phase || meter.intervals.at(-1) !== shown.intervals.at(-1);
}

/** Keys of the Throughput screen, and the one that starts and stops from every table. Undefined: it means what it means elsewhere. */
export function reduceLoadIntent(state: State, intent: Intent): State | undefined {
  if (intent === 'load') return toggleLoad(state);
  if (state.screen !== 'throughput') return undefined;
  switch (intent) {
    case 'left':
      return changeField(state, -1);
    case 'right':
    case 'open':
    case 'tag':
      return changeField(state, 1);
    default:
      return undefined;
  }
}

function toggleLoad(state: State): State {
  const { load } = state;
  switch (load.phase) {
    case 'idle':
      return {
        ...state,
        screen: load.hasRun ? state.screen : 'throughput',
        detail: load.hasRun ? state.detail : undefined,
        load: { phase: 'running', hasRun: true },
      };
    case 'running':
      return { ...state, load: { ...load, phase: 'stopping' } };
    case 'stopping':
      return state;
  }
}

/** While a load runs its choices stay. */
function changeField(state: State, step: 1 | -1): State {
  const { selectedId } = state.lists.throughput;
  if (state.load.phase !== 'idle' || selectedId === undefined) return state;
  return { ...state, settings: { ...state.settings, load: changeChoice(state.settings.load, selectedId, step) } };
}
