// The JSON Schema of `history --json`, and of the life that `show --json` adds.
import { DEED_KINDS } from '../../probe/model/life/life.ts';
import type {
  jsonOfActor,
  jsonOfDeed,
  jsonOfEnding,
  jsonOfLife,
  jsonOfLives,
  jsonOfWatch,
  jsonOfWatchGap,
} from '../life-json.ts';
import { container } from './container.ts';
import { about, list, named, oneOf, optional, record } from './schema.ts';
import { base64, bytes, count, flag, objectId, pid, text, time, userId, version } from './words.ts';

const ending = record<ReturnType<typeof jsonOfEnding>>({
  at: optional(time),
  exitCode: optional(count),
  signal: optional(count),
  outOfMemory: optional(flag),
});

const actor = named(
  'actor',
  record<ReturnType<typeof jsonOfActor>>({
    pid,
    startTicks: optional(count),
    uid: optional(userId),
    comm: optional(text),
    unit: optional(about('path of its control group', text)),
    container: optional(container),
    parentPid: optional(pid),
    session: optional(about('0: that of a first process', count)),
    ended: optional(about('absent while it lives, or where its end was not told', ending)),
  }),
);

const deed = named(
  'deed',
  record<ReturnType<typeof jsonOfDeed>>({
    at: optional(time),
    what: oneOf(DEED_KINDS),
    by: optional(about('place in actors, from 0', count)),
    sizeBytes: optional(bytes),
    name: optional(about('the new one', text)),
  }),
);

export const life = named(
  'life',
  about(
    'what a witness saw of one object: who made, used and removed it, and how each of them ended',
    record<ReturnType<typeof jsonOfLife>>({
      id: objectId,
      kind: oneOf(['sysv', 'posix']),
      name: text,
      nameBytes: optional(base64),
      firstName: optional(about('absent: it was not renamed', text)),
      sizeBytes: optional(bytes),
      uid: optional(userId),
      born: optional(about('absent: it was there before the witness', time)),
      makerKnown: about('the first of actors made it', flag),
      actors: list(actor),
      actorsLeftOut: optional(count),
      deeds: about('oldest first', list(deed)),
      deedsLeftOut: optional(count),
      unseen: optional(about('users may have come unseen, then at the latest', time)),
      gone: optional(time),
    }),
  ),
);

const watchGap = record<ReturnType<typeof jsonOfWatchGap>>({
  from: optional(time),
  until: optional(about('absent: it lasts', time)),
  why: text,
});

export const lives = named(
  'lives',
  about(
    'shmtop history --json',
    record<ReturnType<typeof jsonOfLives>>({
      schemaVersion: version,
      watch: optional(
        about(
          'absent: nothing was watched on this boot',
          record<ReturnType<typeof jsonOfWatch>>({
            since: optional(time),
            seen: optional(about('its last sign of life', time)),
            running: flag,
            pid: optional(pid),
            sources: list(
              record<ReturnType<typeof jsonOfWatch>['sources'][number]>({ name: text, active: flag, text }),
            ),
            gaps: list(watchGap),
          }),
        ),
      ),
      lives: list(life),
    }),
  ),
);
