// `shmtop rm`: choose, plan, ask, remove, tell.

import { namespacesOf, parseObjectFilter } from '../filter/object-filter.ts';
import type { ShmObject, VerdictState } from '../probe/model/object.ts';
import { looksLikeId } from '../probe/model/object-id.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { isTooFresh } from '../remove/model/identity.ts';
import { isToDo, type Plan, plan } from '../remove/model/plan.ts';
import { isInBulk, isLeftElsewhere, otherNamespaceOf } from '../remove/model/policy.ts';
import { type Report, sumUp } from '../remove/model/report.ts';
import { formatDuration } from '../ui/format/duration.ts';
import { spellRefusal } from '../ui/format/removal-text.ts';
import { safeText } from '../ui/format/safe-text.ts';
import type { CliContext, Removal } from './context.ts';
import { findObject, missingIds, noObject } from './ids.ts';
import { jsonText } from './json-text.ts';
import { namedNamespaces } from './named-namespaces.ts';
import { writeLines } from './pieces.ts';
import { reportError } from './report.ts';
import { askForConsent } from './rm-consent.ts';
import { type HistoryWish, historyText, wantedOf } from './rm-history.ts';
import { jsonOfHistory, jsonOfPlans, jsonOfReport, type Missing } from './rm-json.ts';
import { planText, reportText } from './rm-text.ts';
import { styleFor } from './style.ts';
import { understood } from './understood.ts';
import { EXIT, UsageError } from './usage.ts';

export interface RmOptions {
  readonly abandoned?: boolean;
  readonly orphaned?: boolean;
  readonly unheld?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly history?: boolean;
  /** Of `--history`. */
  readonly wish?: HistoryWish;
  readonly json?: boolean;
  /** Directory. */
  readonly save?: string;
  /** Seconds. */
  readonly minAge: number;
  /** It was given, and is not what holds without a word. */
  readonly isMinAgeGiven?: boolean;
  /** Other namespaces in which things are removed in bulk too: numbers with commas, or `all`. */
  readonly namespace?: string;
}

/** Times of segments have whole seconds; after this long, what was just made can be told from what will be made. */
const SETTLE_MS = 1100;

/** Exit code 1 when anything asked for was not removed; each such thing has its line on standard error. */
export async function rm(context: CliContext, words: readonly string[], options: RmOptions): Promise<number> {
  if (options.history) return history(context, words, options);
  checkUsage(words, options);
  if (context.rules.blocked !== undefined && (options.abandoned || options.orphaned || options.unheld)) {
    const why = `nothing is removed in bulk, since nobody knows what is to be kept: ${context.rules.blocked}`;
    reportError(context, why);
    return EXIT.notDone;
  }
  let choice = choose(context, words, options);
  if (!options.dryRun && choice.plans.some((one) => isToDo(one) && isTooFresh(one))) {
    context.sleep(SETTLE_MS);
    choice = choose(context, words, options);
  }
  const { plans, missing, snapshot, left } = choice;
  const removal = await context.removal();
  for (const { problem } of missing) reportError(context, problem);
  const stayed = leftSentence(left);
  if (stayed !== undefined) reportError(context, stayed);
  if (plans.length === 0 && choice.young > 0) reportError(context, youngSentence(choice.young, options.minAge));
  const style = styleFor(context, snapshot.takenAtMs / 1000);
  const refusedAtOnce = plans.filter(({ refusal }) => refusal !== undefined);
  const toDo = plans.filter(isToDo);
  if (options.dryRun) {
    for (const { object, refusal } of refusedAtOnce) if (refusal) reportError(context, spellRefusal(object, refusal));
    if (options.json) context.stdout.write(`${jsonText(jsonOfPlans(plans, missing, left))}\n`);
    else writeLines(context.stdout, planText(plans, style));
    return refusedAtOnce.length + missing.length > 0 ? EXIT.notDone : EXIT.done;
  }
  if (toDo.length > 0) {
    const yesWords = options.orphaned && !options.isMinAgeGiven ? '--yes --min-age 1d' : '--yes';
    const consent = askForConsent(context, await context.asker(), toDo, { yes: options.yes ?? false, yesWords, style });
    if ('problem' in consent) {
      reportError(context, consent.problem);
      if (options.json)
        context.stdout.write(`${jsonText(jsonOfReport(sumUp([], [], undefined), missing, left, toDo))}\n`);
      return EXIT.notDone;
    }
    const agreed = plans.filter((one) => !isToDo(one) || consent.agreed.includes(one));
    return tell(
      context,
      execute(context, removal, agreed, options),
      missing,
      left,
      options,
      style,
      toDo.length > consent.agreed.length,
    );
  }
  return tell(context, execute(context, removal, plans, options), missing, left, options, style, false);
}

interface Choice {
  readonly snapshot: Snapshot;
  readonly plans: readonly Plan[];
  readonly missing: readonly Missing[];
  /** What would have been gathered too, had its namespace been named. */
  readonly left: readonly ShmObject[];
  /** How many nobody holds that were used too lately to be gathered. */
  readonly young: number;
}

function choose(context: CliContext, words: readonly string[], options: RmOptions): Choice {
  const isBulk = isInBulkBy(options);
  const includeFiles = !isBulk && words.some((word) => word.startsWith('file:'));
  const snapshot = context.sample({ includeFiles, minAgeSec: options.minAge, rss: true, units: true });
  const missing: Missing[] = [];
  if (isBulk) for (const word of missingIds(snapshot, words)) missing.push({ word, problem: noObject(word) });
  const { objects, left, young } = isBulk
    ? inBulk(snapshot, words, options)
    : { objects: named(context, snapshot, words, missing), left: [], young: 0 };
  const request = { force: options.force ?? false, isNamed: !isBulk, listedAtMs: snapshot.takenAtMs };
  return { snapshot, missing, left, young, plans: plan(objects, request) };
}

function named({ fileAt }: CliContext, snapshot: Snapshot, words: readonly string[], missing: Missing[]): ShmObject[] {
  const objects = new Set<ShmObject>();
  for (const word of words) {
    const found = findObject(snapshot, word, { fileAt, isCareful: true });
    if ('problem' in found) missing.push({ word, problem: found.problem });
    else objects.add(found.object);
  }
  return [...objects];
}

function inBulk(snapshot: Snapshot, words: readonly string[], options: RmOptions) {
  const filter = understood(parseObjectFilter(words));
  const states: VerdictState[] = [];
  if (options.abandoned) states.push('abandoned');
  if (options.orphaned) states.push('orphaned');
  if (options.unheld) states.push('unheld');
  const nowSec = snapshot.takenAtMs / 1000;
  const reach = namedNamespaces(options.namespace, namespacesOf(filter));
  const fits = snapshot.objects.filter((object) => filter.matches(object, nowSec));
  return {
    objects: fits.filter((object) => isInBulk(object, states, reach)),
    left: fits.filter((object) => isLeftElsewhere(object, states, reach)),
    young: fits.filter(isYoung).length,
  };
}

const isYoung = ({ verdict }: ShmObject) =>
  verdict.state === 'unheld' && verdict.evidence.some(({ code }) => code === 'too-young');

/** Why there may be nothing to remove a moment after a crash. */
function youngSentence(young: number, minAgeSec: number): string {
  return `nothing to remove: ${young} ${young === 1 ? 'is' : 'are'} younger than ${spellSeconds(minAgeSec)} (--min-age)`;
}

/** `60 s`: as it counts; more than two minutes as ls writes lengths of time. */
const spellSeconds = (seconds: number) => (seconds <= 120 ? `${seconds} s` : formatDuration(seconds));

/** What was left since nobody named its namespace; undefined: nothing was. */
function leftSentence(left: readonly ShmObject[]): string | undefined {
  if (left.length === 0) return undefined;
  const namespaces = [...new Set(left.map((object) => otherNamespaceOf(object) ?? 'unknown'))];
  const [first] = namespaces;
  const what = left.length === 1 ? '1 object' : `${left.length} objects`;
  const where = namespaces.length === 1 ? 'another namespace' : `${namespaces.length} other namespaces`;
  const which = namespaces.length === 1 ? `--namespace ${first}` : `--namespace ${first}, … or all,`;
  return `${what} in ${where} stayed: ${which} reaches ${left.length === 1 ? 'it' : 'them'}`;
}

const isInBulkBy = ({ abandoned, orphaned, unheld }: RmOptions): boolean => Boolean(abandoned || orphaned || unheld);
const BULK = '--abandoned, --orphaned or --unheld';

function checkUsage(words: readonly string[], options: RmOptions): void {
  const { orphaned, force, save, namespace, yes, dryRun, isMinAgeGiven, wish } = options;
  if (wish?.sinceSec !== undefined || wish?.last !== undefined)
    throw new UsageError('--since and --last go with --history');
  const isBulk = isInBulkBy(options);
  if (!isBulk && words.length === 0)
    throw new UsageError('rm needs IDs, such as sysv:5 or posix:/name, or --abandoned');
  if (!isBulk && namespace !== undefined)
    throw new UsageError(`--namespace goes with ${BULK}; an ID names one object wherever it is`);
  if (isBulk && force) throw new UsageError(`--force is for objects named by their ID, not for ${BULK}`);
  // Nothing proves that nobody will come back, and nobody is asked: time has to speak, and whoever says how much knows his jobs.
  if (orphaned && yes && !dryRun && !isMinAgeGiven)
    throw new UsageError(
      '--orphaned with --yes needs --min-age: how long nobody must have used it, such as --min-age 1d',
    );
  if (save === '') throw new UsageError('--save takes a directory');
  const filter = isBulk ? undefined : words.find((word) => /^!|^[a-z]+(=|!=|>|<)/i.test(word) && !looksLikeId(word));
  if (filter !== undefined) {
    throw new UsageError(`'${filter}' is no ID; filter words go with ${BULK}`);
  }
}

function execute(
  { stderr }: CliContext,
  removal: Removal,
  plans: readonly Plan[],
  { save, minAge }: RmOptions,
): Report {
  const startedMs = performance.now();
  let shown = false;
  const report = removal.execute(plans, {
    saveDirectory: save,
    minAgeSec: minAge,
    onProgress: (done, total) => {
      if (!stderr.isTty || performance.now() - startedMs < 1000 || done % 50 !== 0) return;
      stderr.write(`\r${done} of ${total}`);
      shown = true;
    },
  });
  if (shown) stderr.write('\r\x1b[K');
  return report;
}

function tell(
  context: CliContext,
  report: Report,
  missing: readonly Missing[],
  left: readonly ShmObject[],
  { json }: RmOptions,
  style: ReturnType<typeof styleFor>,
  wasDeclined: boolean,
): number {
  if (json) context.stdout.write(`${jsonText(jsonOfReport(report, missing, left))}\n`);
  else writeLines(context.stdout, reportText(report, style));
  for (const {
    plan: { object },
    outcome,
  } of report.results) {
    if (outcome.kind === 'refused') reportError(context, spellRefusal(object, outcome));
    if (outcome.kind === 'removed' && outcome.warning !== undefined) {
      reportError(context, `${object.shortId}: ${outcome.warning}`);
    }
  }
  for (const note of report.notes) reportError(context, safeText(note));
  const warned = report.results.some(({ outcome }) => outcome.kind === 'removed' && outcome.warning !== undefined);
  return report.refused > 0 || missing.length > 0 || warned || wasDeclined ? EXIT.notDone : EXIT.done;
}

async function history(context: CliContext, words: readonly string[], { json, wish = {} }: RmOptions): Promise<number> {
  if (words.length > 0) throw new UsageError('--history shows all removals and takes no words');
  const found = (await context.removal()).history();
  if ('problem' in found) {
    reportError(context, `the journal of removals cannot be read (${found.problem}); run as the user who removed`);
    return EXIT.notDone;
  }
  const nowMs = Date.now();
  const wanted = wantedOf(found, wish, nowMs);
  const isPart = wish.sinceSec !== undefined || wish.last !== undefined;
  if (json) context.stdout.write(`${jsonText(jsonOfHistory(wanted))}\n`);
  else writeLines(context.stdout, historyText(wanted, styleFor(context, nowMs / 1000), isPart));
  return EXIT.done;
}
