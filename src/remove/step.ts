// The moments of a removal between which the world may change; tests stop there to let it.
import type { Plan } from './model/plan.ts';

export type Step =
  // segments
  | 'compared'
  | 'pinned'
  | 'frozen'
  | 'checked'
  | 'marked'
  // names
  | 'found'
  | 'leased'
  | 'taken'
  | 'verified'
  | 'unlinked'
  // the journal
  | 'begun'
  | 'ended';

/** Called synchronously, for tests only: a removal must come out right whatever happens in there. */
export type OnStep = (step: Step, plan: Plan) => void;
