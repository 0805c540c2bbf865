// That no holder is seen is not that there is none.
import type { ShmObject } from '../object.ts';

/** Known to be held by nobody, as its verdict says; false where a holder may not be visible. */
export const isHeldByNobody = ({ holders, verdict: { state } }: ShmObject): boolean =>
  holders.length === 0 && (state === 'abandoned' || state === 'orphaned' || state === 'unheld');
