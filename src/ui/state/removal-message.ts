// What became of a removal, in one line, and the whole of it for the box that tells more.
import type { Plan } from '../../remove/model/plan.ts';
import type { RefusalCode } from '../../remove/model/refusal.ts';
import type { Outcome, Report, Result } from '../../remove/model/report.ts';
import { spellBytes } from '../format/bytes.ts';
import { spellRefusal } from '../format/removal-text.ts';
import { safeLine } from '../format/safe-text.ts';
import type { Message } from './state.ts';

const IEC = { bytes: 'iec' } as const;

/** What to do, where the command line's advice is no help in front of a live table. */
const ADVICE: Partial<Readonly<Record<RefusalCode, string>>> = {
  'in-use': 'end the processes that hold it first',
  unknown: 'run as root on the host to know; shmtop rm --force removes it without knowing',
  changed: 'look at it again first',
  'came-alive': 'look who holds it now',
  failed: 'try again; if it stays, report this',
  interrupted: 'press the key again for what is left',
};

export function adviceFor({ code, advice }: Extract<Outcome, { kind: 'refused' }>): string {
  return ADVICE[code] ?? advice;
}

/** `Removed 3 objects, 53.0M freed; 1 kept: sysv:5 changed since it was listed (…): look at it again first.` Safe to print; without the reason where it follows. */
export function spellReport(report: Report, withReason = true): string {
  const { results, removed, nothing, refused, freedBytes } = report;
  const parts: string[] = [];
  const [only] = results;
  if (removed > 0)
    parts.push(removed === 1 ? removedOne(report) : `Removed ${removed} objects, ${spellBytes(freedBytes, IEC)} freed`);
  if (nothing > 0) {
    const isAlone = results.length === 1 && only?.outcome.kind === 'nothing';
    parts.push(
      isAlone
        ? `${only.plan.object.shortId} ${only.outcome.reason}`
        : `${nothing} ${nothing === 1 ? 'was' : 'were'} gone already`,
    );
  }
  if (refused > 0) {
    const kept = removed + nothing > 0 ? `${refused} kept` : refused === 1 ? 'Kept' : `All ${refused} kept`;
    const [one] = refusals(results);
    parts.push(refused === 1 && one && withReason ? `${kept}: ${one.text}` : kept);
  }
  return safeLine(`${parts.join('; ')}.`);
}

function removedOne({ results, freedBytes }: Report): string {
  const found = results.find(({ outcome }) => outcome.kind === 'removed');
  if (found?.outcome.kind !== 'removed') return 'Removed 1 object';
  const { shortId, kind } = found.plan.object;
  switch (found.outcome.how) {
    case 'freed-now':
      return `Removed ${shortId}, ${spellBytes(freedBytes, IEC)} freed`;
    case 'freed-later':
      return kind === 'sysv'
        ? `Marked ${shortId} for destruction: its memory goes with its last holder`
        : `Removed the name ${shortId}: its memory goes with its last holder`;
    case 'name-only':
      return `Removed ${shortId}`;
  }
}

export function reportKind({ removed, nothing, refused, results }: Report): Message['kind'] {
  if (refused > 0) return removed + nothing > 0 ? 'warning' : 'bad';
  return warnings(results).length > 0 ? 'warning' : 'good';
}

/** What the user must hear beside the counts; safe to print. */
export interface Telling {
  readonly text: string;
  readonly kind: Message['kind'];
}

/** Why each object stayed, what happened in the instant of a removal, and sentences about the run. */
export function tellings({ results, notes }: Report): readonly Telling[] {
  return [
    ...refusals(results),
    ...warnings(results),
    ...notes.map((note): Telling => ({ text: safeLine(note), kind: 'warning' })),
  ];
}

function warnings(results: readonly Result[]): readonly Telling[] {
  return results.flatMap(({ plan, outcome }): Telling[] =>
    outcome.kind === 'removed' && outcome.warning !== undefined
      ? [{ text: safeLine(`${plan.object.shortId}: ${outcome.warning}`), kind: 'bad' }]
      : [],
  );
}

/** Of more objects than these with the very same reason, the reason is told once. */
const FEW = 3;
const MOST_NAMED = 60;

function refusals(results: readonly Result[]): readonly Telling[] {
  const groups = Map.groupBy(
    results.flatMap(({ plan, outcome }) => (outcome.kind === 'refused' ? [{ plan, outcome }] : [])),
    ({ outcome }) => `${outcome.code} ${outcome.reason}`,
  );
  return [...groups.values()].flatMap((group): Telling[] => {
    const [first] = group;
    if (!first || group.length <= FEW)
      return group.map(({ plan, outcome }) => ({
        text: safeLine(spellRefusal(plan.object, { reason: outcome.reason, advice: adviceFor(outcome) })),
        kind: 'warning',
      }));
    const { outcome } = first;
    const why = `Of ${group.length} objects each ${outcome.reason}: ${adviceFor(outcome)}: `;
    return [{ text: safeLine(why + nameSome(group.map(({ plan }) => plan))), kind: 'warning' }];
  });
}

function nameSome(plans: readonly Plan[]): string {
  const names = plans.slice(0, MOST_NAMED).map(({ object }) => object.shortId);
  const more = plans.length - names.length;
  return names.join(' ') + (more > 0 ? ` and ${more} more` : '');
}
