// Lives as JSON, for `history --json` and `show --json`: times ISO 8601, names escaped, absent left out.
import { escapeBytes } from '../probe/model/bytes.ts';
import type { Actor, Deed, Ending, Life, Watch, WatchGap } from '../probe/model/life/life.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { isoTime } from '../ui/format/time.ts';
import { jsonOfContainer, nameBytesOf, SCHEMA_VERSION } from './json.ts';

const iso = (atMs: number | undefined) => (atMs === undefined ? undefined : isoTime(atMs / 1000));

export function jsonOfEnding({ atMs, exitCode, signal, isOom }: Ending) {
  return { at: iso(atMs), exitCode, signal, outOfMemory: isOom };
}

export function jsonOfActor({ pid, startTicks, uid, comm, unit, container, parent, session, ended }: Actor) {
  return {
    ...{ pid, startTicks, uid },
    comm: comm === undefined ? undefined : escapeBytes(comm),
    unit: unit === undefined ? undefined : escapeBytes(unit),
    container: container && jsonOfContainer(container),
    // 0 (getppid(2)): outside of the witness's pid namespace, so that its pid is not known.
    parentPid: parent?.pid || undefined,
    session,
    ended: ended && jsonOfEnding(ended),
  };
}

/** `by`: place in `actors`. */
export function jsonOfDeed({ atMs, what, by, sizeBytes, rawName }: Deed) {
  const name = rawName === undefined ? undefined : escapeBytes(rawName);
  return { at: iso(atMs), what, by, sizeBytes, name };
}

export function jsonOfLife(life: Life) {
  const name = escapeBytes(life.rawName);
  return {
    id: life.id,
    kind: life.kind,
    name,
    nameBytes: nameBytesOf(life.rawName, name),
    firstName: life.firstName === undefined ? undefined : escapeBytes(life.firstName),
    sizeBytes: life.sizeBytes,
    uid: life.uid,
    born: iso(life.bornMs),
    makerKnown: life.isMakerKnown,
    actors: life.actors.map(jsonOfActor),
    actorsLeftOut: life.actorsLeftOut > 0 ? life.actorsLeftOut : undefined,
    deeds: life.deeds.map(jsonOfDeed),
    deedsLeftOut: life.deedsLeftOut > 0 ? life.deedsLeftOut : undefined,
    unseen: iso(life.unseenMs),
    gone: iso(life.goneMs),
  };
}

export function jsonOfWatchGap({ fromMs, untilMs, why }: WatchGap) {
  return { from: iso(fromMs), until: iso(untilMs), why: safeText(why) };
}

export function jsonOfWatch({ sinceMs, seenMs, isRunning, pid, sources, gaps }: Watch) {
  return {
    since: iso(sinceMs),
    seen: iso(seenMs),
    running: isRunning,
    pid,
    sources: sources.map(({ name, isActive, text }) => ({
      name: safeText(name),
      active: isActive,
      text: safeText(text),
    })),
    gaps: gaps.map(jsonOfWatchGap),
  };
}

/** `shmtop history --json`; without `watch` nothing was watched. */
export function jsonOfLives(watch: Watch | undefined, lives: readonly Life[]) {
  return { schemaVersion: SCHEMA_VERSION, watch: watch && jsonOfWatch(watch), lives: lives.map(jsonOfLife) };
}
