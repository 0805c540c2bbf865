// `rm --history`: the journal of removals, a line for each.
import type { History, HistoryEntry } from '../remove/model/history.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import { localTime } from '../ui/format/time.ts';

export function* historyText({ entries, malformed, skippedBytes = 0 }: History, style: Style): Generator<string> {
  if (skippedBytes > 0)
    yield `the first ${spellBytes(skippedBytes, style)} of the journal are not shown: it is too long`;
  if (entries.length === 0 && skippedBytes === 0) yield 'nothing was removed so far';
  for (const entry of entries) {
    const { at, user, sudoUser, shortId, verdict, evidence } = entry;
    const when = localTime(Date.parse(at) / 1000) ?? at;
    const who = sudoUser === undefined ? user : `${sudoUser} as ${user}`;
    // Everybody who could write the journal may have put anything into it.
    yield safeLine(`${when}  ${who}  ${shortId}`) +
      `  ${ending(entry, style)}  ${safeLine(`${verdict}: ${evidence.join(', ')}`)}`;
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
