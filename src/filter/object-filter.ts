// The FILTER words for objects: the same in ls, rm, watch and behind `/` in the dashboard.
import { escapeBytes } from '../probe/model/bytes.ts';
import { ENTRY_TYPES, KINDS, type ShmObject, STATUSES, VERDICT_STATES } from '../probe/model/object.ts';
import { isIdOf, isKey, keySpellings, looksLikeId } from '../probe/model/object-id.ts';
import { isSpelledBy } from '../probe/model/spelled-key.ts';
import { OBJECT_COLUMNS } from '../ui/format/columns.ts';
import { safeText } from '../ui/format/safe-text.ts';
import { type Filter, type FilterVocabulary, parseFilter } from './filter.ts';
import type { FilterField } from './filter-field.ts';
import { WHOSE_FIELDS, type Whose } from './whose-fields.ts';

const commands = (object: ShmObject) =>
  [...object.holders.map(({ comm }) => comm), object.creator?.comm, object.lastUser?.comm].flatMap((comm) =>
    comm === undefined ? [] : [escapeBytes(comm)],
  );
const owner = ({ user, uid }: ShmObject) => [user === undefined ? undefined : safeText(user), uid];
/** The object and its holders: one that fits is enough. */
const partsOf = (object: ShmObject): readonly Whose[] => [object, ...object.holders];

/** Every numeric column is a field too. `pid` is a holder, the creator or the last user. */
export const OBJECT_FIELDS: readonly FilterField<ShmObject>[] = [
  { id: 'user', kind: 'whole', values: owner },
  { id: 'group', kind: 'whole', values: ({ group, gid }) => [group === undefined ? undefined : safeText(group), gid] },
  { id: 'kind', kind: 'closed', allowed: KINDS, values: ({ kind }) => [kind] },
  { id: 'verdict', kind: 'closed', allowed: VERDICT_STATES, values: ({ verdict }) => [verdict.state] },
  { id: 'type', kind: 'closed', allowed: ENTRY_TYPES, values: ({ type }) => [type] },
  { id: 'status', kind: 'closed', allowed: STATUSES, values: ({ status }) => status },
  {
    id: 'pid',
    kind: 'number',
    quantity: 'count',
    values: ({ holders, creator, lastUser }) => [...holders.map(({ pid }) => pid), creator?.pid, lastUser?.pid],
  },
  { id: 'comm', kind: 'part', values: commands },
  { id: 'software', kind: 'part', values: ({ software }) => [software?.name, software?.role] },
  ...WHOSE_FIELDS.map(
    (field): FilterField<ShmObject> => ({ ...field, values: (object) => field.values(partsOf(object)) }),
  ),
  { id: 'name', kind: 'part', values: ({ rawName }) => [escapeBytes(rawName)] },
  {
    id: 'path',
    kind: 'part',
    values: ({ rawPath }) => [rawPath === undefined ? undefined : escapeBytes(rawPath)],
  },
  {
    id: 'key',
    kind: 'whole',
    values: ({ key }) => (key === undefined ? [] : keySpellings(key)),
  },
  { id: 'perms', kind: 'whole', values: ({ perms }) => [perms] },
  { id: 'ns', kind: 'whole', values: ({ ipcNamespace, mountNamespace }) => [ipcNamespace, mountNamespace] },
  ...OBJECT_COLUMNS.flatMap((column): FilterField<ShmObject>[] =>
    column.quantity === undefined
      ? []
      : [
          {
            id: column.id,
            kind: 'number',
            quantity: column.quantity,
            needsRss: column.needsRss,
            values: (object, nowSec) => [column.value(object, nowSec)],
          },
        ],
  ),
];

const VOCABULARY: FilterVocabulary<ShmObject> = { fields: OBJECT_FIELDS, matchesText: matchesObjectText };

/**
 * Bare text is part of the name, the key (as hex or as what it spells), a command or the owner; what has the form of a full ID must
 * be that ID.
 */
export function matchesObjectText(object: ShmObject, text: string): boolean {
  if (matchesObjectName(object, text)) return true;
  return !isOnlyId(text) && hasText([...commands(object), ...owner(object)], text);
}

/** The same of what the object itself is called, without those who hold it or made it. */
export function matchesObjectName(object: ShmObject, text: string): boolean {
  if (isIdOf(object, text)) return true;
  if (isOnlyId(text)) return false;
  if (object.key !== undefined && isSpelledBy(object.key, text.toLowerCase())) return true;
  return hasText([escapeBytes(object.rawName), object.key], text);
}

const isOnlyId = (text: string) => looksLikeId(text) && !isKey(text);

function hasText(values: readonly (string | number | undefined)[], text: string): boolean {
  const wanted = text.toLowerCase();
  return values.some((value) => value !== undefined && String(value).toLowerCase().includes(wanted));
}

/** Words joined by AND; a word that makes no sense is a value, not an exception. */
export function parseObjectFilter(words: readonly string[]): ReturnType<typeof parseFilter<ShmObject>> {
  return parseFilter(words, VOCABULARY);
}

export type ObjectFilter = Filter<ShmObject>;

/** Namespaces that a filter names with `ns=`: what is removed in bulk may be of these too. */
export const namespacesOf = (filter: ObjectFilter | undefined): ReadonlySet<string> =>
  new Set(filter?.wanted.get('ns')?.flatMap((words) => words.split(',')) ?? []);
