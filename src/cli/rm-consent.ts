// The question before a removal: one for all that nobody holds, and for what is held the id, typed.

import { isTypedId } from '../probe/model/object-id.ts';
import type { Plan } from '../remove/model/plan.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import type { Ask, CliContext } from './context.ts';
import { planText, sumText } from './rm-text.ts';

const MOST_SHOWN = 20;

/** The plans that the user agreed to, or why none may be carried out. `yesWords`: what agrees in advance. */
export function askForConsent(
  { stderr }: CliContext,
  ask: Ask | undefined,
  plans: readonly Plan[],
  { yes, yesWords, style }: { readonly yes: boolean; readonly yesWords: string; readonly style: Style },
): { readonly agreed: readonly Plan[] } | { readonly problem: string } {
  if (!ask) {
    return yes
      ? { agreed: plans }
      : { problem: `nothing was removed: nobody can be asked here; give ${yesWords}, or --dry-run to see the plan` };
  }
  const say = (lines: Iterable<string>) => {
    for (const line of lines) stderr.write(`${forLocale(safeLine(line), style)}\n`);
  };
  const typed = plans.filter(({ consent }) => consent === 'typed');
  const others = plans.filter(({ consent }) => consent !== 'typed');
  const agreed: Plan[] = [];
  if (others.length > 0) {
    if (!yes) {
      say(planText(others.slice(0, MOST_SHOWN), style));
      if (others.length > MOST_SHOWN) say([`and ${others.length - MOST_SHOWN} more`]);
    }
    const answer = yes ? 'y' : (ask(`${sumText(others, style)} [y/N] `) ?? '');
    if (/^y(es)?$/i.test(answer)) agreed.push(...others);
  }
  for (const plan of typed) {
    const { shortId } = plan.object;
    say(planText([plan], style));
    const answer = ask(`Somebody may lose it. Type ${safeLine(shortId)} to remove it all the same: `) ?? '';
    if (isTypedId(answer, plan.object)) agreed.push(plan);
  }
  return agreed.length > 0 ? { agreed } : { problem: 'nothing was removed: it was not confirmed' };
}
