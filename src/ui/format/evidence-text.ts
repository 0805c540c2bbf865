// The evidence of a verdict as people weigh it: what is so, what speaks for a leak, what speaks for a return.
import { type EvidenceSide, evidenceSide, evidenceText } from '../../probe/model/judge/evidence.ts';
import type { Verdict } from '../../probe/model/object.ts';

/** Sentences without their ends; a group without a heading needs none. Never empty. */
interface EvidenceGroup {
  readonly heading?: string;
  readonly texts: readonly string[];
}

const NOTHING_AGAINST = 'nothing that is known';
const HEADINGS = { for: 'speaks for a leak', against: 'speaks for a return' } as const;

/**
 * Facts first, then for and against. What somebody holds, or may hold, is not weighed: its reasons are one list. Of what is
 * orphaned it is said, too, that nothing speaks against it.
 */
function groupEvidence({ state, evidence }: Verdict): readonly EvidenceGroup[] {
  const textsOf = (side: EvidenceSide) => evidence.filter((one) => evidenceSide(one) === side).map(evidenceText);
  if (!isWeighed(state)) return evidence.length > 0 ? [{ texts: evidence.map(evidenceText) }] : [];
  const against = textsOf('against');
  return [
    { texts: textsOf('fact') },
    { heading: HEADINGS.for, texts: textsOf('for') },
    { heading: HEADINGS.against, texts: against.length === 0 && state === 'orphaned' ? [NOTHING_AGAINST] : against },
  ].filter(({ texts }) => texts.length > 0);
}

/** The same with a line for each group: `speaks for a leak: creator 10 is gone; last user 11 is gone`. */
export function evidenceLines(verdict: Verdict): readonly string[] {
  return groupEvidence(verdict).map(({ heading, texts }) => `${heading ?? 'why'}: ${texts.join('; ')}`);
}

/** Lines with a bullet before each sentence; headings have none. */
export function* bulletedEvidence(verdict: Verdict, bullet: string): Generator<string> {
  for (const { heading, texts } of groupEvidence(verdict)) {
    if (heading !== undefined) yield `${heading}:`;
    for (const text of texts) yield `${bullet} ${text}`;
  }
}

const isWeighed = (state: Verdict['state']) => state === 'abandoned' || state === 'orphaned' || state === 'unheld';
