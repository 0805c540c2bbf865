// What the load generator tells, and the key that starts and stops it.
import type { Meter } from '../../load/model/meter.ts';
import type { LoadNews } from './load.ts';
import { screenOf } from './screens.ts';
import type { State } from './state.ts';

export function reduceLoadNews(state: State, news: LoadNews): State {
  const { load } = state;
  switch (news.kind) {
    case 'meter':
      return isWorthShowing(state, news.meter) ? { ...state, load: { ...load, meter: news.meter } } : state;
    case 'scene':
      return { ...state, load: { ...load, scene: news.view } };
    case 'ended':
      return { ...state, load: { ...load, phase: 'idle', problem: news.problem, scene: undefined } };
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
  return (
    screenOf(screen).asks === 'load' ||
    meter.phase !== shown?.phase ||
    meter.intervals.at(-1) !== shown.intervals.at(-1)
  );
}

/** The key that starts and stops. */
export function toggleLoad(state: State): State {
  const { load } = state;
  switch (load.phase) {
    case 'idle':
      return { ...state, load: { phase: 'running' } };
    case 'running':
      return { ...state, load: { ...load, phase: 'stopping' } };
    case 'stopping':
      return state;
  }
}

/** The tour; nothing while anything runs. The key that stops a load ends it too. */
export function startTour(state: State): State {
  const { load } = state;
  if (load.phase !== 'idle') return state;
  return { ...state, load: { phase: 'running', isTour: true } };
}
