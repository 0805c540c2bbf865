// `shmtop replay` where there is no terminal: the events of a recording, one line each, as `watch` tells them.
import type { ShmEvent } from '../probe/model/event/event.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { CliContext } from './context.ts';
import { reportError } from './report.ts';
import { styleFor } from './style.ts';
import { EXIT, UsageError } from './usage.ts';
import { eventJson, eventText } from './watch-event.ts';
import { openEventTest } from './watch-filter.ts';

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
  let damaged = recording.damagedLines;
  for (const entry of recording.entries()) {
    if (entry === undefined) damaged++;
    else if (entry.type === 'snapshot') test = openEventTest(filter, entry.snapshot, () => undefined);
    else if (test.matches(entry.event)) {
      context.stdout.write(`${json ? eventJson(entry.event) : eventText(harmless(entry.event), style)}\n`);
    }
  }
  if (damaged === 0) return EXIT.done;
  reportError(context, `${damaged} lines of ${path} could not be read: it was cut off, or is damaged`);
  return EXIT.notDone;
}

/** A file from elsewhere may hold anything where ours holds escaped text. */
function harmless({ shortId, detail, ...event }: ShmEvent): ShmEvent {
  return {
    ...event,
    shortId: shortId === undefined ? undefined : safeLine(shortId),
    detail: detail === undefined ? undefined : safeLine(detail),
  };
}
