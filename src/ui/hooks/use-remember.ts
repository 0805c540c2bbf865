// Keeps what the user chose in the state file, whenever it changes.
import { useEffect, useRef } from 'react';
import type { Settings } from '../state/state.ts';

export function useRemember(settings: Settings, remember: (settings: Settings) => void): void {
  const first = useRef(settings);
  useEffect(() => {
    if (settings !== first.current) remember(settings);
  }, [settings, remember]);
}
