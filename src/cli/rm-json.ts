// `rm --json`: what was removed and what was not, as docs/reference.md promises it; plans and history likewise.
import type { ShmObject } from '../probe/model/object.ts';
import type { History } from '../remove/model/history.ts';
import type { Plan } from '../remove/model/plan.ts';
import { otherNamespaceOf } from '../remove/model/policy.ts';
import type { Report } from '../remove/model/report.ts';
import { safeLine, safeText } from '../ui/format/safe-text.ts';
import { type Json, jsonOfRemoval, SCHEMA_VERSION } from './json.ts';

/** A word that names nothing, and a sentence about it; it counts as refused. */
export interface Missing {
  readonly word: string;
  readonly problem: string;
}

const jsonOfMissing = ({ word, problem }: Missing): Json => ({
  id: safeText(word),
  reason: safeText(problem),
  code: 'not-found',
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
): Json {
  const removed: Json[] = [];
  const nothing: Json[] = [];
  const refused: Json[] = missing.map(jsonOfMissing);
  for (const { object } of unasked) {
    const { id, shortId } = object;
    refused.push({ id, shortId, code: 'not-agreed', reason: 'nobody could be asked', advice: 'give --yes' });
  }
  for (const { plan, outcome } of results) {
    const { id, shortId } = plan.object;
    switch (outcome.kind) {
      case 'removed': {
        const savedAs = outcome.savedAs === undefined ? undefined : safeText(outcome.savedAs);
        const { how, freedBytes, warning } = outcome;
        removed.push({ id, shortId, outcome: how, freedBytes, savedAs, warning });
        break;
      }
      case 'nothing':
        nothing.push({ id, shortId, reason: outcome.reason });
        break;
      case 'refused':
        refused.push({ id, shortId, code: outcome.code, reason: safeText(outcome.reason), advice: outcome.advice });
    }
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
export function jsonOfPlans(plans: readonly Plan[], missing: readonly Missing[], left: readonly ShmObject[]): Json {
  const refused: Json[] = missing.map(jsonOfMissing);
  const planned: Json[] = [];
  for (const { object, effect, refusal } of plans) {
    const { id, shortId, verdict } = object;
    if (refusal) refused.push({ id, shortId, ...refusal, kind: undefined });
    else planned.push({ id, shortId, verdict: verdict.state, removal: jsonOfRemoval(effect) });
  }
  return { schemaVersion: SCHEMA_VERSION, removed: [], planned, refused, freedBytes: 0, ...jsonOfLeft(left) };
}

export function jsonOfHistory({ entries, malformed, skippedBytes = 0 }: History): Json {
  return {
    schemaVersion: SCHEMA_VERSION,
    removals: entries.map(({ name, path, aside, ...entry }) => ({
      ...entry,
      name: safeLine(name),
      path: path && safeLine(path),
      aside: aside && safeLine(aside),
    })),
    malformed: malformed > 0 ? malformed : undefined,
    skippedBytes: skippedBytes > 0 ? skippedBytes : undefined,
  };
}
