// Removal in words, for the command line and the dashboard: who is affected, why something stays, and what became of it.
import { escapeBytes } from '../../probe/model/bytes.ts';
import { removalEffect } from '../../probe/model/judge/removal-effect.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import type { Plan } from '../../remove/model/plan.ts';
import type { Refusal } from '../../remove/model/refusal.ts';
import type { Outcome } from '../../remove/model/report.ts';
import { spellBytes } from './bytes.ts';
import { safeText } from './safe-text.ts';
import type { Style } from './style.ts';

const MOST_HOLDERS = 8;

/** What happened, to what, and what to do: one line. */
export function spellRefusal({ shortId }: ShmObject, { reason, advice }: Pick<Refusal, 'reason' | 'advice'>): string {
  return `${shortId} ${reason}: ${advice}`;
}

/** `4711 (python3), 4712 (python3), and 30 more`; absent where nobody is seen to hold it. */
export function spellHolderPids({ holders }: ShmObject, most = MOST_HOLDERS): string | undefined {
  if (holders.length === 0) return undefined;
  const names = holders
    .slice(0, most)
    .map(({ pid, comm }) => `${pid}${comm === undefined ? '' : ` (${escapeBytes(comm)})`}`);
  return names.join(', ') + (holders.length > most ? `, and ${holders.length - most} more` : '');
}

/** What its software loses with it; absent where nothing is known to break. */
export function spellBreaks({ software }: ShmObject): string | undefined {
  return software?.removalBreaks === undefined
    ? undefined
    : `removal breaks: ${safeText(software.removalBreaks)} (${safeText(software.name)})`;
}

/** What removal would do, what it gives back, and what breaks: sentences. */
export function describeEffect(object: ShmObject, style: Pick<Style, 'bytes'>): string[] {
  const { text, outcome, freedBytes } = removalEffect(object);
  const lines = [text.join(' ')];
  if (freedBytes !== undefined && freedBytes > 0 && (outcome === 'freed-now' || outcome === 'freed-now-unless-held')) {
    lines.push(`${outcome === 'freed-now' ? 'That frees' : 'That frees up to'} ${spellBytes(freedBytes, style)}.`);
  }
  if (object.software?.removalBreaks !== undefined && outcome !== 'nothing')
    lines.push(`It breaks: ${safeText(object.software.removalBreaks)}.`);
  return lines;
}

/** Bytes that come back at once when all of it is done. */
export function freedAtOnce(plans: readonly Plan[]): number {
  return plans.reduce(
    (sum, { effect }) => sum + (effect.outcome.startsWith('freed-now') ? (effect.freedBytes ?? 0) : 0),
    0,
  );
}

/** To follow the name of the object; absent for a refusal, which has its own words. */
export function spellOutcome(outcome: Outcome, style: Style): string | undefined {
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
