// `rm --json`: what was removed and what was not, as docs/reference.md promises it; plans and history likewise.
import type { ShmObject } from '../probe/model/object.ts';
import type { History, HistoryEntry } from '../remove/model/history.ts';
import { codeOfKept, spellKept } from '../remove/model/journal-evidence.ts';
import type { Plan } from '../remove/model/plan.ts';
import { otherNamespaceOf } from '../remove/model/policy.ts';
import type { Refusal, RefusalCode } from '../remove/model/refusal.ts';
import type { Outcome, Report } from '../remove/model/report.ts';
import { safeLine, safeText } from '../ui/format/safe-text.ts';
import { jsonOfRemoval, SCHEMA_VERSION } from './json.ts';

/** A word that names nothing, and a sentence about it; it counts as refused. */
export interface Missing {
  readonly word: string;
  readonly problem: string;
}

/** `id` of a word that names nothing is that word. */
export interface RefusedJson {
  readonly id: string;
  readonly shortId?: string;
  readonly code: RefusalCode | 'not-found' | 'not-agreed';
  readonly reason: string;
  readonly advice?: string;
}

const jsonOfMissing = ({ word, problem }: Missing): RefusedJson => ({
  id: safeText(word),
  code: 'not-found',
  reason: safeText(problem),
});

const jsonOfUnasked = ({ id, shortId }: ShmObject): RefusedJson => ({
  ...{ id, shortId, code: 'not-agreed' },
  reason: 'nobody could be asked',
  advice: 'give --yes',
});

const jsonOfRefused = ({ id, shortId }: ShmObject, { code, reason, advice }: Refusal): RefusedJson => ({
  ...{ id, shortId, code },
  reason: safeText(reason),
  advice,
});

type Removed = Extract<Outcome, { kind: 'removed' }>;

export const jsonOfRemoved = ({ id, shortId }: ShmObject, { how, freedBytes, savedAs, warning }: Removed) => ({
  ...{ id, shortId, outcome: how, freedBytes },
  savedAs: savedAs === undefined ? undefined : safeText(savedAs),
  warning,
});

export const jsonOfPlan = ({ object: { id, shortId, verdict }, effect }: Plan) => ({
  ...{ id, shortId, verdict: verdict.state },
  removal: jsonOfRemoval(effect),
});

/** What stayed since nobody named its namespace; absent: nothing. */
const jsonOfLeft = (left: readonly ShmObject[]) => ({
  otherNamespaces:
    left.length > 0
      ? left.map((object) => ({ id: object.id, shortId: object.shortId, namespace: otherNamespaceOf(object) }))
      : undefined,
});

/** `unasked`: what would have been removed, had anybody been there to agree. */
export function jsonOfReport(
  { results, freedBytes, notes, journal }: Report,
  missing: readonly Missing[],
  left: readonly ShmObject[],
  unasked: readonly Plan[] = [],
) {
  const removed: ReturnType<typeof jsonOfRemoved>[] = [];
  const nothing: { readonly id: string; readonly shortId: string; readonly reason: string }[] = [];
  const refused = [...missing.map(jsonOfMissing), ...unasked.map(({ object }) => jsonOfUnasked(object))];
  for (const { plan, outcome } of results) {
    const { object } = plan;
    if (outcome.kind === 'removed') removed.push(jsonOfRemoved(object, outcome));
    else if (outcome.kind === 'refused') refused.push(jsonOfRefused(object, outcome));
    else nothing.push({ id: object.id, shortId: object.shortId, reason: outcome.reason });
  }
  const more = {
    nothing: nothing.length > 0 ? nothing : undefined,
    ...jsonOfLeft(left),
    notes: notes.length > 0 ? notes.map(safeText) : undefined,
    journal: journal === undefined ? undefined : safeText(journal),
  };
  return { schemaVersion: SCHEMA_VERSION, removed, refused, freedBytes, ...more };
}

/** `rm --dry-run --json`: nothing is removed, so `removed` is empty and `planned` says what would be. */
export function jsonOfPlans(plans: readonly Plan[], missing: readonly Missing[], left: readonly ShmObject[]) {
  const refused = [
    ...missing.map(jsonOfMissing),
    ...plans.flatMap(({ object, refusal }) => (refusal ? [jsonOfRefused(object, refusal)] : [])),
  ];
  const planned = plans.filter(({ refusal }) => refusal === undefined).map(jsonOfPlan);
  return { schemaVersion: SCHEMA_VERSION, removed: [], planned, refused, freedBytes: 0, ...jsonOfLeft(left) };
}

/** What a journal does not tell is empty there. */
const known = (text: string) => (text === '' ? undefined : text);

export function jsonOfEntry({ at, user, verdict, evidence, name, path, aside, ...entry }: HistoryEntry) {
  return {
    ...entry,
    evidence: evidence.map(codeOfKept),
    why: evidence.map(spellKept),
    at: known(at),
    user: known(user),
    verdict: known(verdict),
    name: known(safeLine(name)),
    path: path && safeLine(path),
    aside: aside && safeLine(aside),
  };
}

export function jsonOfHistory({ entries, malformed, skippedBytes = 0 }: History) {
  return {
    schemaVersion: SCHEMA_VERSION,
    removals: entries.map(jsonOfEntry),
    malformed: malformed > 0 ? malformed : undefined,
    skippedBytes: skippedBytes > 0 ? skippedBytes : undefined,
  };
}
