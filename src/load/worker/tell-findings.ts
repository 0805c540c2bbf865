// What a reader found so far, written where its parent reads it.
import { COUNTER } from '../model/ring.ts';
import type { Findings } from '../verify.ts';

/** Five plain stores; call it once a batch, after `check`. */
export function tellFindings(counters: Float64Array, findings: Findings): void {
  counters[COUNTER.verified] = findings.verified;
  counters[COUNTER.checkedFull] = findings.checkedFull;
  counters[COUNTER.torn] = findings.torn;
  counters[COUNTER.lost] = findings.lost;
  counters[COUNTER.reordered] = findings.reordered;
}
