// How components read the store.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { State } from '../state/state.ts';
import type { Store } from '../store.ts';

export const StoreContext = createContext<Store | undefined>(undefined);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('no store: the component is outside of App');
  return store;
}

/** The whole state: a frame is drawn from it, and the canvas writes only what became different. */
export function useDashboardState(): State {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.getState);
}
