// Which events a watch shows: IDs (any of them) and FILTER words (all of them), over the object and who did it.

import { parseEventFilter } from '../filter/event-filter.ts';
import { subjectOf } from '../filter/event-subject.ts';
import type { ShmEvent } from '../probe/model/event/event.ts';
import { lightObject } from '../probe/model/event/event-object.ts';
import type { SysvRow } from '../probe/model/join/sysv-row.ts';
import type { Container, ShmObject } from '../probe/model/object.ts';
import { isIdOf, looksLikeId } from '../probe/model/object-id.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import { UsageError } from './usage.ts';

/** Reads a segment that was made after the snapshot; undefined when it is gone again. */
type ReadSegment = (shmid: number) => SysvRow | undefined;

export interface EventTest {
  readonly matches: (event: ShmEvent) => boolean;
  /** The IDs that nothing had, neither at the beginning nor in an event since. */
  readonly missing: () => readonly string[];
}

const isIdWord = (word: string) => looksLikeId(word) || word.startsWith('/');

/** The words of the command line as IDs and as FILTER words. */
function splitWords(words: readonly string[]): {
  readonly ids: readonly string[];
  readonly filter: readonly string[];
} {
  const ids = words
    .filter(isIdWord)
    .map((word) => (word.startsWith('/') && !looksLikeId(word) ? `posix:${word}` : word));
  return { ids, filter: words.filter((word) => !isIdWord(word)) };
}

/** Throws a UsageError for a word that makes no sense. `lost` events always pass: they may concern anything. */
export function openEventTest(
  words: readonly string[],
  { objects }: Pick<Snapshot, 'objects'>,
  readSegment: ReadSegment,
  nameContainer: (container: Container) => Container = (container) => container,
): EventTest {
  const { ids, filter: filterWords } = splitWords(words);
  const parsed = parseEventFilter(filterWords);
  if ('problem' in parsed) throw new UsageError(`"${parsed.problem.word}": ${parsed.problem.message}`);
  const { filter } = parsed;
  const known = new Map(objects.map((object) => [object.id, object]));
  const subject = (event: ShmEvent) => {
    const id = event.id ?? '';
    const object = known.get(id) ?? newObject(event, readSegment);
    if (event.event === 'destroyed') known.delete(id);
    else if (!known.has(id)) known.set(id, object);
    return subjectOf(event, withNames(object, nameContainer));
  };
  const seen = new Set(ids.filter((id) => objects.some((object) => isIdOf(object, id))));
  const isAsked = (object: ShmObject) => {
    const of = ids.filter((id) => isIdOf(object, id));
    for (const id of of) seen.add(id);
    return of.length > 0;
  };
  return {
    missing: () => ids.filter((id) => !seen.has(id)),
    matches: (event) => {
      if (event.event === 'lost') return true;
      if (ids.length === 0 && filterWords.length === 0) return true;
      const about = subject(event);
      if (ids.length > 0 && !isAsked(about.object)) return false;
      return filter.matches(about, event.atMs / 1000);
    },
  };
}

/** Names of containers come later than the snapshot that the watch began with. */
function withNames(object: ShmObject, nameContainer: (container: Container) => Container): ShmObject {
  if (!object.holders.some(({ container }) => container)) return object;
  const named = <Part extends { readonly container?: Container }>(part: Part): Part =>
    part.container ? { ...part, container: nameContainer(part.container) } : part;
  return named({ ...object, holders: object.holders.map(named) });
}

/** What an event and the segment table tell of an object that the snapshot did not have yet. */
function newObject(event: ShmEvent, readSegment: ReadSegment): ShmObject {
  const object = lightObject(event);
  const row = object.shmid === undefined ? undefined : readSegment(object.shmid);
  if (!row) return object;
  const { sizeBytes, nattch, uid, mode } = row;
  return { ...object, sizeBytes, nattch, uid, perms: (mode & 0o777).toString(8).padStart(3, '0') };
}
