// `shmtop replay` where there is no terminal: the events of a recording, one line each, as `watch` tells them.
import type { ShmEvent } from '../probe/model/event/event.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { CliContext } from './context.ts';
import { noObject } from './ids.ts';
import { reportError } from './report.ts';
import { styleFor } from './style.ts';
import { EXIT, UsageError } from './usage.ts';
import { eventJson, eventText } from './watch-event.ts';
import { type EventTest, openEventTest } from './watch-filter.ts';

export interface ReplayOptions {
  readonly json: boolean;
}

/** The first word is the file, the others select events as in `watch`. */
export async function replay(context: CliContext, words: readonly string[], { json }: ReplayOptions): Promise<number> {
  const [path, ...filter] = words;
  if (path === undefined) throw new UsageError('replay needs FILE, which shmtop watch --record wrote');
  const recording = await context.recording(path);
  if (typeof recording === 'string') {
    reportError(context, `cannot replay ${path}: ${recording}`);
    return EXIT.notDone;
  }
  const style = styleFor(context, 0);
  let test = openEventTest(filter, { objects: [] }, () => undefined);
  let missing = test.missing();
  let damaged = recording.damagedLines;
  for (const entry of recording.entries()) {
    if (entry === undefined) damaged++;
    else if (entry.type === 'snapshot') {
      missing = stillMissing(missing, test);
      test = openEventTest(filter, entry.snapshot, () => undefined);
    } else if (test.matches(entry.event)) {
      context.stdout.write(`${json ? eventJson(entry.event) : eventText(harmless(entry.event), style)}\n`);
    }
  }
  missing = stillMissing(missing, test);
  for (const id of missing) reportError(context, noObject(id));
  if (damaged === 0) return missing.length > 0 ? EXIT.notDone : EXIT.done;
  reportError(context, `${damaged} lines of ${path} could not be read: it was cut off, or is damaged`);
  return EXIT.notDone;
}

/** IDs that no snapshot and no event had. */
function stillMissing(missing: readonly string[], test: EventTest): readonly string[] {
  const now = test.missing();
  return missing.filter((id) => now.includes(id));
}

/** A file from elsewhere may hold anything where ours holds escaped text. */
function harmless({ shortId, detail, ...event }: ShmEvent): ShmEvent {
  return {
    ...event,
    shortId: shortId === undefined ? undefined : safeLine(shortId),
    detail: detail === undefined ? undefined : safeLine(detail),
  };
}
