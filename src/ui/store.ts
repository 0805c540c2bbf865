// The one store: a state, a reducer, and whoever wants to know. Without React.
import type { Action } from './state/action.ts';
import { reduce } from './state/reducer.ts';
import type { State } from './state/state.ts';

export interface Store {
  readonly getState: () => State;
  readonly dispatch: (action: Action) => void;
  /** Called after each change; returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** Listeners are called only when the state is another one. */
export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch: (action) => {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
