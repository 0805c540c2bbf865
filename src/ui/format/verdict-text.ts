// The verdict as a sign with a word, as a sentence, and as an order of urgency.
import { evidenceText } from '../../probe/model/evidence.ts';
import { type ShmObject, VERDICT_STATES, type VerdictState } from '../../probe/model/object.ts';
import { glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';

/** `✗ abandoned`: readable without colour. */
export function formatVerdict(state: VerdictState, style: Style): string {
  return `${glyphsFor(style).verdict[state]} ${state}`;
}

const URGENCY: readonly VerdictState[] = ['abandoned', 'unheld', 'unknown', 'in-use'];
const RANKS = Object.fromEntries(VERDICT_STATES.map((state) => [state, URGENCY.indexOf(state)]));

/** 0 for what may be cleaned up, 3 for what is in use. */
export function verdictRank(object: ShmObject): number {
  return RANKS[object.verdict.state] ?? URGENCY.length;
}

/** The reasons in one line, the most telling first. */
export function formatWhy(object: ShmObject): string {
  return object.verdict.evidence.map(evidenceText).join('; ');
}

/** What the state means, to follow the word itself. */
export const VERDICT_MEANINGS: Readonly<Record<VerdictState, string>> = {
  'in-use': 'somebody holds it',
  abandoned: 'nobody holds it and nobody is left who would come back for it',
  unheld: 'nobody holds it now, but somebody may come back for it',
  unknown: 'something that could hold it could not be looked into',
};
