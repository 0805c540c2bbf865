// `shmtop history`: what was made, used, resized and removed, by whom, and how they ended; of what is gone too.
import { isDeedOn, parseDeedFilter } from '../filter/deed-filter.ts';
import { posixShortId, sysvShortId } from '../probe/model/identity.ts';
import type { KnownLives, Life } from '../probe/model/life/life.ts';
import { looksLikeId } from '../probe/model/object-id.ts';
import type { DeedRow } from '../ui/format/deed-columns.ts';
import type { CliContext } from './context.ts';
import { writeHistoryTable } from './history-table.ts';
import { jsonText } from './json-text.ts';
import { jsonOfLives } from './life-json.ts';
import { reportError } from './report.ts';
import { understood } from './understood.ts';
import { EXIT } from './usage.ts';

export interface HistoryOptions {
  readonly json?: boolean;
  /** Seconds before now; absent: all that is kept. */
  readonly sinceSec?: number;
  /** So many deeds of these, the newest; absent: all. */
  readonly last?: number;
  readonly header: boolean;
}

/** Exit code 1 when it cannot be read, or when nothing is known of an ID that was asked for. */
export async function history(context: CliContext, words: readonly string[], options: HistoryOptions): Promise<number> {
  const ids = words.filter(isIdWord).map(idOf);
  const filter = understood(parseDeedFilter(words.filter((word) => !isIdWord(word))));
  const known = await context.lives();
  if (typeof known === 'string') {
    reportError(context, `what was watched cannot be read: ${known}`);
    return EXIT.notDone;
  }
  const nowMs = Date.now();
  const sinceMs = options.sinceSec === undefined ? Number.NEGATIVE_INFINITY : nowMs - options.sinceSec * 1000;
  const all = rowsOf(known);
  const wanted = all.filter(
    (row) =>
      row.deed.atMs >= sinceMs &&
      (ids.length === 0 || ids.some((id) => isDeedOn(row, id))) &&
      filter.matches(row, nowMs / 1000),
  );
  const rows = options.last === undefined ? wanted : wanted.slice(-options.last);
  if (options.json) context.stdout.write(`${jsonText(jsonOfLives(known.watch, livesIn(rows)))}\n`);
  else writeHistoryTable(context, { watch: known.watch, rows, hasHeader: options.header, nowMs });
  const missing = ids.filter((id) => !all.some((row) => isDeedOn(row, id)));
  for (const id of missing)
    reportError(context, `nothing is known of ${id}${known.watch ? '' : ': nothing was watched'}`);
  return missing.length > 0 ? EXIT.notDone : EXIT.done;
}

const isIdWord = (word: string) => looksLikeId(word) || word.startsWith('/');
const idOf = (word: string) => (word.startsWith('/') && !looksLikeId(word) ? `posix:${word}` : word);

/** All deeds, oldest first. */
function rowsOf({ lives, ipcNamespace }: KnownLives): DeedRow[] {
  return lives
    .flatMap((life) => life.deeds.map((deed): DeedRow => ({ life, deed, shortId: shortIdOf(life, ipcNamespace) })))
    .sort((a, b) => a.deed.atMs - b.deed.atMs);
}

/** Of what is gone the name that it was known by: whoever removes moves it aside before. */
function shortIdOf({ kind, id, rawName, firstName, goneMs }: Life, ownNamespace: string | undefined): string {
  if (kind === 'posix') return posixShortId(goneMs === undefined ? rawName : (firstName ?? rawName));
  const [, namespace = '', shmid] = id.split(':');
  return sysvShortId(namespace, Number(shmid), ownNamespace);
}

const livesIn = (rows: readonly DeedRow[]): readonly Life[] => [...new Set(rows.map(({ life }) => life))];
