// `rm --history`: the journal of removals, a line for each.
import type { History, HistoryEntry } from '../remove/model/history.ts';
import { spellKept } from '../remove/model/journal-evidence.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import { localTime } from '../ui/format/time.ts';

/** Which removals are told; absent: all. */
export interface HistoryWish {
  /** Those that were begun so many seconds ago or less. */
  readonly sinceSec?: number;
  /** So many of these, the newest. */
  readonly last?: number;
}

export function wantedOf(history: History, { sinceSec, last }: HistoryWish, nowMs: number): History {
  const fromMs = sinceSec === undefined ? Number.NEGATIVE_INFINITY : nowMs - sinceSec * 1000;
  // One whose time cannot be read may be of any.
  const since = history.entries.filter(({ at }) => !(Date.parse(at) < fromMs));
  return { ...history, entries: last === undefined ? since : since.slice(-last) };
}

/** `isPart`: older ones were not asked for. */
export function* historyText(
  { entries, malformed, skippedBytes = 0 }: History,
  style: Style,
  isPart: boolean,
): Generator<string> {
  if (skippedBytes > 0 && !isPart)
    yield `the first ${spellBytes(skippedBytes, style)} of the journal are not shown: it is too long`;
  if (entries.length === 0 && (isPart || skippedBytes === 0))
    yield isPart ? 'nothing was removed in this time' : 'nothing was removed so far';
  for (const entry of entries) {
    const { at, user, sudoUser, shortId, verdict, evidence } = entry;
    const when = localTime(Date.parse(at) / 1000) ?? at;
    const who = sudoUser === undefined ? user : `${sudoUser} as ${user}`;
    // Everybody who could write the journal may have put anything into it.
    yield safeLine(`${when}  ${who}  ${shortId}`) +
      `  ${ending(entry, style)}  ${safeLine(`${verdict}: ${evidence.map(spellKept).join('; ')}`)}`;
  }
  if (malformed > 0) yield `${malformed} lines of the journal could not be read`;
}

function ending({ state, freedBytes, how, reason, savedAs }: HistoryEntry, style: Style): string {
  const saved = savedAs === undefined ? '' : `, saved as ${safeLine(savedAs)}`;
  switch (state) {
    case 'done':
      return `removed${how === 'freed-now' ? `, ${spellBytes(freedBytes ?? 0, style)} freed` : ''}${saved}`;
    case 'refused':
    case 'nothing':
      return `not removed: ${safeLine(reason ?? '')}`;
    case 'begun':
      return 'begun, its end is not recorded: look whether it is still there';
  }
}
