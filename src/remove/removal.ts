// What the program hands to commands and dashboard: execute, restore, history, bound to this user's journal and roots.
import { readRules } from '../rules/read-rules.ts';
import type { ExecuteOptions } from './execute.ts';
import { execute } from './execute.ts';
import { journalCandidates } from './journal.ts';
import type { History } from './model/history.ts';
import type { Plan } from './model/plan.ts';
import type { Report } from './model/report.ts';
import type { Restored } from './model/restored.ts';
import { readHistory } from './read-history.ts';
import { restore } from './restore.ts';

export interface BoundRemoval {
  readonly execute: (plans: readonly Plan[], options: Omit<ExecuteOptions, 'by'>) => Report;
  readonly restore: (path: string) => Restored;
  readonly history: () => History | { readonly problem: string };
}

/** `by` is what the journal names as the part of the program that asked. */
export function removalFor(
  env: Readonly<Record<string, string | undefined>>,
  procRoot: string | undefined,
  shmRoot: string | undefined,
  by = 'rm',
): BoundRemoval {
  const journalPaths = journalCandidates(env, process.geteuid?.() ?? 0);
  return {
    execute: (plans, options) =>
      unsignalled(
        () => execute(plans, { procRoot, shmRoot, journalPaths, rules: readRules(env), ...options, by }),
        options,
      ),
    restore: (path) => restore(path, shmRoot),
    history: () => readHistories(journalPaths),
  };
}

/** Ctrl-C waits until nothing lies half done, unless content is being saved, which may take long. */
function unsignalled(use: () => Report, { saveDirectory }: Pick<ExecuteOptions, 'saveDirectory'>): Report {
  if (saveDirectory !== undefined) return use();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const later = () => undefined;
  for (const signal of signals) process.on(signal, later);
  try {
    return use();
  } finally {
    for (const signal of signals) process.off(signal, later);
  }
}

/** Which of the journals was written depends on what could be written then: all of them, in the order of time. */
function readHistories(paths: readonly string[]): History | { readonly problem: string } {
  const histories = paths.map((path) => readHistory(path));
  const good = histories.filter((history) => !('problem' in history));
  const bad = histories.find((history) => 'problem' in history);
  if (good.length === 0 && bad) return bad;
  const entries = good.flatMap((history) => ('entries' in history ? history.entries : []));
  const malformed = good.reduce((sum, history) => sum + ('malformed' in history ? history.malformed : 0), 0);
  const skippedBytes = good.reduce(
    (sum, history) => sum + ('skippedBytes' in history ? (history.skippedBytes ?? 0) : 0),
    0,
  );
  return { entries: entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)), malformed, skippedBytes };
}
