// A plan, a refusal and a report as people read them.
import { escapeBytes } from '../probe/model/bytes.ts';
import type { ShmObject } from '../probe/model/object.ts';
import type { Plan } from '../remove/model/plan.ts';
import type { Refusal } from '../remove/model/refusal.ts';
import type { Outcome, Report } from '../remove/model/report.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { safeText } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import { formatWhy } from '../ui/format/verdict-text.ts';

const MOST_HOLDERS = 8;

/** What happened, to what, and what to do: one line. */
export function spellRefusal({ shortId }: ShmObject, { reason, advice }: Refusal): string {
  return `${shortId} ${reason}: ${advice}`;
}

/** Three lines for each object that would go; those refused are told on standard error. */
export function* planText(plans: readonly Plan[], style: Style): Generator<string> {
  const shown = plans.filter(({ refusal }) => refusal === undefined);
  if (plans.length === 0) yield 'nothing to remove';
  for (const { object, effect, consent } of shown) {
    const { shortId, verdict, software, holders } = object;
    const bytes = effect.freedBytes === undefined ? '' : `  ${spellBytes(effect.freedBytes, style)}`;
    yield `${shortId}  ${verdict.state}${bytes}  ${effect.text.join(' ')}`;
    yield `    why: ${formatWhy(object)}`;
    if (consent !== 'plain' && software?.removalBreaks !== undefined) {
      yield `    removal breaks: ${software.removalBreaks} (${software.name})`;
    }
    if (holders.length > 0) {
      const names = holders
        .slice(0, MOST_HOLDERS)
        .map(({ pid, comm }) => `${pid}${comm === undefined ? '' : ` (${escapeBytes(comm)})`}`);
      const more = holders.length > MOST_HOLDERS ? `, and ${holders.length - MOST_HOLDERS} more` : '';
      yield `    held by ${names.join(', ')}${more}`;
    }
  }
}

/** `Remove 3 objects, 1.2G come back?` */
export function sumText(plans: readonly Plan[], style: Style): string {
  const bytes = plans.reduce(
    (sum, { effect }) => sum + (effect.outcome.startsWith('freed-now') ? (effect.freedBytes ?? 0) : 0),
    0,
  );
  const what = plans.length === 1 ? (plans[0]?.object.shortId ?? '') : `${plans.length} objects`;
  return `Remove ${what}, ${spellBytes(bytes, style)} come back?`;
}

/** A line for each object that went or needed not to go, and a sum where there are several. */
export function* reportText({ results, removed, freedBytes, refused }: Report, style: Style): Generator<string> {
  for (const {
    plan: { object },
    outcome,
  } of results) {
    const told = outcomeText(outcome, style);
    if (told !== undefined) yield `${object.shortId}  ${told}`;
  }
  if (results.length === 0) yield 'nothing to remove';
  if (results.length > 1) {
    const left = refused > 0 ? `, ${refused} left` : '';
    yield `${removed} removed, ${spellBytes(freedBytes, style)} freed${left}`;
  }
}

function outcomeText(outcome: Outcome, style: Style): string | undefined {
  switch (outcome.kind) {
    case 'refused':
      return undefined;
    case 'nothing':
      return outcome.reason;
    case 'removed': {
      const saved = outcome.savedAs === undefined ? '' : `, saved as ${safeText(outcome.savedAs)}`;
      switch (outcome.how) {
        case 'freed-now':
          return `removed, ${spellBytes(outcome.freedBytes, style)} freed${saved}`;
        case 'freed-later':
          return `removed; its memory goes with its last holder${saved}`;
        case 'name-only':
          return `removed${saved}`;
      }
    }
  }
}
