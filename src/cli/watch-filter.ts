// Which events a watch shows: IDs (any of them) and FILTER words (all of them), over the object and who did it.
import type { ShmEvent } from '../probe/model/event.ts';
import type { Holder, ShmObject } from '../probe/model/object.ts';
import type { Snapshot } from '../probe/model/snapshot.ts';
import type { SysvRow } from '../probe/model/sysv-row.ts';
import { parseObjectFilter } from '../ui/state/object-filter.ts';
import { isIdOf, looksLikeId } from '../ui/state/object-id.ts';
import { UsageError } from './usage.ts';

/** Reads a segment that was made after the snapshot; undefined when it is gone again. */
type ReadSegment = (shmid: number) => SysvRow | undefined;

export interface EventFilter {
  readonly matches: (event: ShmEvent) => boolean;
}

const isIdWord = (word: string) => looksLikeId(word) || word.startsWith('/');

/** The words of the command line as IDs and as FILTER words. */
export function splitWords(words: readonly string[]): {
  readonly ids: readonly string[];
  readonly filter: readonly string[];
} {
  const ids = words
    .filter(isIdWord)
    .map((word) => (word.startsWith('/') ? `posix:${word.replace(/^\/dev\/shm(?=\/)/, '')}` : word));
  return { ids, filter: words.filter((word) => !isIdWord(word)) };
}

/** Throws a UsageError for a word that makes no sense. `lost` events always pass: they may concern anything. */
export function openEventFilter(
  words: readonly string[],
  { objects }: Snapshot,
  readSegment: ReadSegment,
): EventFilter {
  const { ids, filter: filterWords } = splitWords(words);
  const parsed = parseObjectFilter(filterWords);
  if ('problem' in parsed) throw new UsageError(`"${parsed.problem.word}": ${parsed.problem.message}`);
  const { filter } = parsed;
  const known = new Map(objects.map((object) => [object.id, object]));
  const objectOf = (event: ShmEvent): ShmObject => {
    const id = event.id ?? '';
    const object = known.get(id) ?? lightObject(event, readSegment);
    if (event.event === 'destroyed') known.delete(id);
    else if (!known.has(id)) known.set(id, object);
    return withActor(object, event);
  };
  return {
    matches: (event) => {
      if (event.event === 'lost') return true;
      if (ids.length === 0 && filterWords.length === 0) return true;
      const object = objectOf(event);
      if (ids.length > 0 && !ids.some((id) => isIdOf(object, id))) return false;
      return filter.matches(object, event.atMs / 1000);
    },
  };
}

/** What an event and the segment table tell of an object that the snapshot did not have yet. */
function lightObject(event: ShmEvent, readSegment: ReadSegment): ShmObject {
  const { id = '', shortId = id, kind = 'sysv', rawName = '' } = event;
  const [, ipcNamespace, shmidText] = kind === 'sysv' ? id.split(':') : [];
  const shmid = shmidText === undefined ? undefined : Number(shmidText);
  const row = shmid === undefined ? undefined : readSegment(shmid);
  return {
    id,
    shortId,
    kind,
    rawName,
    key: kind === 'sysv' ? rawName : undefined,
    shmid,
    ipcNamespace,
    sizeBytes: row?.sizeBytes ?? event.sizeBytes,
    nattch: row?.nattch,
    uid: row?.uid,
    perms: row && (row.mode & 0o777).toString(8).padStart(3, '0'),
    status: [],
    holders: [],
    verdict: { state: 'unknown', evidence: [] },
  };
}

/** The object as it is after the event, with the process of the event among those whose pid and command may match. */
function withActor(object: ShmObject, { pid, comm, nattch, sizeBytes }: ShmEvent): ShmObject {
  const actor: readonly Holder[] = pid === undefined ? [] : [{ pid, comm, mappings: [], fds: [] }];
  return {
    ...object,
    nattch: nattch ?? object.nattch,
    sizeBytes: sizeBytes ?? object.sizeBytes,
    holders: [...object.holders.filter((holder) => holder.pid !== pid), ...actor],
  };
}
