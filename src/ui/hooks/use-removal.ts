// Starts a removal once the state says that it was confirmed, ends it when the user stops it, and keeps the countdown going.
import { useEffect } from 'react';
import type { Plan } from '../../remove/model/plan.ts';
import type { State } from '../state/state.ts';

export interface RemovalEffects {
  readonly start: (plans: readonly Plan[]) => void;
  readonly stop: () => void;
  /** Tells the state what time it is. */
  readonly clock: () => void;
}

const STEP_MS = 100;

export function useRemoval({ removal }: State, effects: RemovalEffects | undefined): void {
  const isCounting = removal?.kind === 'countdown';
  const plans = removal?.kind === 'working' ? removal.plans : undefined;
  const isStopping = removal?.kind === 'working' && removal.isStopping;
  useEffect(() => {
    if (!isCounting || !effects) return;
    effects.clock();
    const timer = setInterval(effects.clock, STEP_MS);
    return () => clearInterval(timer);
  }, [isCounting, effects]);
  useEffect(() => {
    if (plans) effects?.start(plans);
  }, [plans, effects]);
  useEffect(() => {
    if (isStopping) effects?.stop();
  }, [isStopping, effects]);
}
