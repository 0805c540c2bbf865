// `shmtop diff A B`: two files of `ls --json` compared, as a table or as JSON.
import type { KeptObject, KeptSnapshot } from '../probe/model/decode/kept-snapshot.ts';
import {
  CHANGE_KINDS,
  type Change,
  type DiffDoubt,
  diffSnapshots,
  doubtsOf,
  keptCost,
  type SnapshotDiff,
} from '../probe/model/snapshot-diff.ts';
import { DIFF_COLUMNS, keptShortId, spellGrowth } from '../ui/format/diff-columns.ts';
import { formatDuration } from '../ui/format/duration.ts';
import { forLocale } from '../ui/format/glyphs.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { drawTable } from '../ui/format/table.ts';
import { wrapText } from '../ui/format/wrap.ts';
import type { CliContext } from './context.ts';
import { SCHEMA_VERSION } from './json.ts';
import { jsonText } from './json-text.ts';
import { writeLines } from './pieces.ts';
import { reportError } from './report.ts';
import { outputWidth, styleFor } from './style.ts';
import { EXIT, UsageError } from './usage.ts';

export interface DiffOptions {
  readonly json: boolean;
  readonly bytes: boolean;
}

/** Differences are no failure: 1 only where a file cannot be read. */
export async function diff(context: CliContext, words: readonly string[], options: DiffOptions): Promise<number> {
  const [pathA, pathB, ...more] = words;
  if (pathA === undefined || pathB === undefined || more.length > 0)
    throw new UsageError(`diff takes two files, as in shmtop diff A B; it was given ${words.length}`);
  const before = await readOne(context, pathA);
  const after = await readOne(context, pathB);
  if (!before || !after) return EXIT.notDone;
  const found = diffSnapshots(before, after);
  const doubts = doubtsOf(before, after);
  if (options.json) context.stdout.write(`${jsonText(jsonOfDiff(before, after, found, doubts))}\n`);
  else writeTable(context, { before, after, found, doubts, isExact: options.bytes });
  return EXIT.done;
}

async function readOne(context: CliContext, path: string): Promise<KeptSnapshot | undefined> {
  const kept = await context.keptSnapshot(path);
  const why =
    typeof kept === 'string' ? kept : kept.schemaVersion > SCHEMA_VERSION ? 'a newer shmtop wrote it' : undefined;
  if (why !== undefined) reportError(context, `cannot compare ${path}: ${why}`);
  return typeof kept === 'string' || why !== undefined ? undefined : kept;
}

interface DiffTable {
  readonly before: KeptSnapshot;
  readonly after: KeptSnapshot;
  readonly found: SnapshotDiff;
  readonly doubts: readonly DiffDoubt[];
  readonly isExact: boolean;
}

function writeTable(context: CliContext, { before, after, found, doubts, isExact }: DiffTable): void {
  const style = styleFor(context, after.takenAt / 1000, isExact ? 'exact' : 'iec');
  const width = outputWidth(context);
  const rows = found.changes.map((change) => ({ ...change, shortId: shortIdOf(change, before, after) }));
  const request = { columns: DIFF_COLUMNS, rows, style, width, isChosen: false, hasHeader: true };
  if (rows.length > 0) writeLines(context.stdout, [...drawTable(request).lines, '']);
  const counts = CHANGE_KINDS.flatMap((kind) => {
    const changes = found.changes.filter((change) => change.kind === kind);
    return changes.length === 0 ? [] : [`${changes.length} ${kind} (${spellGrowth(sum(changes), style)})`];
  });
  const span = formatDuration(Math.abs(after.takenAt - before.takenAt) / 1000);
  const lines = [
    `${[...counts, `${found.unchanged} unchanged`].join(', ')}: ${spellGrowth(sum(found.changes), style)} within ${span}.`,
    ...doubts.map((doubt) => doubtText(doubt, before, after)),
  ];
  const wrap = (line: string) => wrapText(forLocale(line, style), width ?? Number.POSITIVE_INFINITY, 2);
  writeLines(context.stdout, lines.flatMap(wrap));
}

const sum = (changes: readonly Change[]) => changes.reduce((total, { growthBytes }) => total + growthBytes, 0);

function shortIdOf({ object, after }: Change, then: KeptSnapshot, now: KeptSnapshot): string {
  return keptShortId(object, (after ? now : then).host.ipcNamespace);
}

function doubtText({ code, which }: DiffDoubt, before: KeptSnapshot, after: KeptSnapshot): string {
  const { visibility, limits } = which === 'before' ? before : after;
  const file = which === 'before' ? 'The first' : 'The second';
  const missing = which === 'before' ? 'new' : 'gone';
  switch (code) {
    case 'other-host':
      return `They are of two hosts (${safeText(before.host.hostname)}, ${safeText(after.host.hostname)}): their numbers have nothing to do with each other.`;
    case 'other-namespace':
      return 'They were taken in two IPC namespaces: each lists as its own what the other calls by its namespace.';
    case 'reversed':
      return 'The second was taken before the first: new means gone, and grown means shrunk.';
    case 'incomplete':
      return `${file} saw ${visibility.inspected} of ${visibility.processes} processes, or not all of something else: what is called ${missing} may only have been out of its sight.`;
    case 'filtered':
      return `${file} lists fewer segments than there were (${limits.segments}): it was written with a filter, and what that left out counts as ${missing}.`;
  }
}

export function jsonOfDiff(
  before: KeptSnapshot,
  after: KeptSnapshot,
  found: SnapshotDiff,
  doubts: readonly DiffDoubt[],
) {
  return {
    schemaVersion: SCHEMA_VERSION,
    before: jsonOfSide(before),
    after: jsonOfSide(after),
    growthBytes: sum(found.changes),
    unchanged: found.unchanged,
    changes: found.changes.map((change) => jsonOfChange(change, before, after)),
    doubts: doubts.map((doubt) => ({ ...doubt, text: doubtText(doubt, before, after) })),
  };
}

export const jsonOfSide = ({ takenAt, host, visibility, objects }: KeptSnapshot) => ({
  takenAt: new Date(takenAt).toISOString(),
  hostname: safeText(host.hostname),
  complete: visibility.complete,
  objects: objects.length,
});

export function jsonOfChange(change: Change, before: KeptSnapshot, after: KeptSnapshot) {
  const { object } = change;
  return {
    change: change.kind,
    id: object.id,
    shortId: shortIdOf(change, before, after),
    kind: object.kind,
    name: object.name,
    user: object.user === undefined ? undefined : safeText(object.user),
    growthBytes: change.growthBytes,
    before: change.before && jsonOfState(change.before),
    after: change.after && jsonOfState(change.after),
  };
}

export const jsonOfState = (object: KeptObject) => ({
  sizeBytes: object.sizeBytes,
  costBytes: keptCost(object),
  verdict: object.verdict.state,
});
