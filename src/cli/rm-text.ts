// A plan and a report as the command line prints them.
import type { Plan } from '../remove/model/plan.ts';
import type { Report } from '../remove/model/report.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { evidenceLines } from '../ui/format/evidence-text.ts';
import { freedAtOnce, spellBreaks, spellHolderPids, spellOutcome } from '../ui/format/removal-text.ts';
import type { Style } from '../ui/format/style.ts';
import { formatWhy } from '../ui/format/verdict-text.ts';

/** Some lines for each object that would go; those refused are told on standard error. */
export function* planText(plans: readonly Plan[], style: Style): Generator<string> {
  const shown = plans.filter(({ refusal }) => refusal === undefined);
  if (plans.length === 0) yield 'nothing to remove';
  for (const { object, effect, consent } of shown) {
    const { shortId, verdict } = object;
    const bytes = effect.freedBytes === undefined ? '' : `  ${spellBytes(effect.freedBytes, style)}`;
    yield `${shortId}  ${verdict.state}${bytes}  ${effect.text.join(' ')}`;
    if (consent === 'plain') yield `    why: ${formatWhy(object)}`;
    else for (const line of evidenceLines(verdict)) yield `    ${line}`;
    const breaks = consent === 'plain' ? undefined : spellBreaks(object);
    if (breaks !== undefined) yield `    ${breaks}`;
    const holders = spellHolderPids(object);
    if (holders !== undefined) yield `    held by ${holders}`;
  }
}

/** `Remove 3 objects, 1.2G come back?`; what is not proven is said where it is decided. */
export function sumText(plans: readonly Plan[], style: Style): string {
  const what = plans.length === 1 ? (plans[0]?.object.shortId ?? '') : `${plans.length} objects`;
  const orphaned = plans.filter(({ object }) => object.verdict.state === 'orphaned').length;
  const doubt = orphaned === 0 ? '' : ` (${orphaned === plans.length ? '' : `${orphaned} of them `}${DOUBT})`;
  return `Remove ${what}${doubt}, ${spellBytes(freedAtOnce(plans), style)} come back?`;
}

const DOUBT = 'orphaned: nothing proves that nobody will come back';

/** A line for each object that went or needed not to go, and a sum where there are several. */
export function* reportText({ results, removed, freedBytes, refused }: Report, style: Style): Generator<string> {
  for (const {
    plan: { object },
    outcome,
  } of results) {
    const told = spellOutcome(outcome, style);
    if (told !== undefined) yield `${object.shortId}  ${told}`;
  }
  if (results.length === 0) yield 'nothing to remove';
  if (results.length > 1) {
    const left = refused > 0 ? `, ${refused} left` : '';
    yield `${removed} removed, ${spellBytes(freedBytes, style)} freed${left}`;
  }
}
