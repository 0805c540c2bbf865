// `watch --until-empty`: whether nobody maps the object any more, by the events and by the table itself.
import { eventIdOf, type ShmEvent } from '../probe/model/event/event.ts';
import type { LiveSession } from '../probe/model/event/live-session.ts';
import type { CliContext } from './context.ts';
import { findObject } from './ids.ts';
import { reportError } from './report.ts';
import { EXIT } from './usage.ts';

const LOOK_MS = 100;

/** Tests whether the object has become empty; an exit code where it is so already, or cannot be known. */
export function emptiness(
  context: CliContext,
  session: LiveSession,
  word: string | undefined,
): ((event: ShmEvent) => boolean) | number | undefined {
  if (word === undefined) return undefined;
  const found = findObject(session.first, word, context);
  if ('problem' in found) {
    reportError(context, found.problem);
    return EXIT.notDone;
  }
  const { object } = found;
  if (object.kind === 'sysv') {
    if (object.nattch === 0) return EXIT.done;
    return ({ event, id, nattch }) => id === object.id && (event === 'destroyed' || nattch === 0);
  }
  if (object.holders.length === 0 && object.verdict.state !== 'unknown') return EXIT.done;
  const eventId = eventIdOf(object);
  if (session.holdersOf(eventId) === undefined) {
    reportError(context, `who holds ${object.shortId} can be followed by root only. Run as root.`);
    return EXIT.notDone;
  }
  return ({ event, id }) => id === eventId && (event === 'destroyed' || session.holdersOf(eventId)?.length === 0);
}

/**
 * The table itself, beside the events: memory of a process that ended goes only when nobody reads it any more, and no source
 * tells of that. Two looks in a row, so that the events of it come first.
 */
export function whenEmpty(session: LiveSession, word: string, ended: () => void): () => void {
  const found = findObject(session.first, word);
  const object = 'object' in found ? found.object : undefined;
  const shmid = object?.shmid;
  if (shmid === undefined || session.segment(shmid)?.ipcNamespace !== object?.ipcNamespace) return () => {};
  let looks = 0;
  const timer = setInterval(() => {
    looks = (session.segment(shmid)?.nattch ?? 0) === 0 ? looks + 1 : 0;
    if (looks >= 2) ended();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
