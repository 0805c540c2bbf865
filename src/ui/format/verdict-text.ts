// The verdict as a sign with a word, as a sentence, and as an order of urgency.
import { type EvidenceCode, evidenceText } from '../../probe/model/judge/evidence.ts';
import { type ShmObject, VERDICT_STATES, type VerdictState } from '../../probe/model/object.ts';
import { glyphsFor } from './glyphs.ts';
import type { Style } from './style.ts';

/** `✗ abandoned`: readable without colour. */
export function formatVerdict(state: VerdictState, style: Style): string {
  return `${glyphsFor(style).verdict[state]} ${state}`;
}

const URGENCY: readonly VerdictState[] = ['abandoned', 'orphaned', 'unheld', 'unknown', 'in-use'];
const RANKS = Object.fromEntries(VERDICT_STATES.map((state) => [state, URGENCY.indexOf(state)]));

/** 0 for what may be cleaned up, 4 for what is in use. */
export function verdictRank(object: ShmObject): number {
  return RANKS[object.verdict.state] ?? URGENCY.length;
}

/** What the HELD BY column says already. */
const NOBODY: ReadonlySet<EvidenceCode> = new Set(['nobody-attached', 'nobody-holds', 'lease-free']);

/** The reasons in one line; what tells one object from its neighbours comes first, since the end may be cut. */
export function formatWhy({ verdict: { evidence } }: ShmObject): string {
  const telling = evidence.filter(({ code }) => !NOBODY.has(code));
  const rest = evidence.filter(({ code }) => NOBODY.has(code));
  return [...telling, ...rest].map(evidenceText).join('; ');
}

/** What the state means, to follow the word itself. */
export const VERDICT_MEANINGS: Readonly<Record<VerdictState, string>> = {
  'in-use': 'somebody holds it',
  abandoned: 'nobody holds it, and it is proven that nobody will come back for it',
  orphaned:
    'nobody holds it and all that is known says that its makers are gone, but nothing proves that nobody will come back',
  unheld: 'nobody holds it now, but somebody may come back for it',
  unknown: 'something that could hold it could not be looked into',
};
