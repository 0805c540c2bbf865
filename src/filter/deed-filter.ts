// The FILTER words for what was done to objects: those of the object that a life still knows, and those of who did it.
import { type ByteString, escapeBytes } from '../probe/model/bytes.ts';
import { spellingsElsewhere } from '../probe/model/foreign-id.ts';
import { posixShortId } from '../probe/model/identity.ts';
import type { Actor, Life } from '../probe/model/life/life.ts';
import { DEED_KINDS } from '../probe/model/life/life.ts';
import { keyNumber, keySpellings, looksLikeId } from '../probe/model/object-id.ts';
import { actorOf, spellOrigin } from '../ui/format/actor-text.ts';
import type { DeedRow } from '../ui/format/deed-columns.ts';
import { type FilterVocabulary, parseFilter } from './filter.ts';
import type { FilterField } from './filter-field.ts';
import { shownContainer } from './whose-fields.ts';

const of = <Value>({ life, deed }: DeedRow, read: (actor: Actor) => Value): readonly Value[] => {
  const actor = actorOf(life, deed);
  return actor ? [read(actor)] : [];
};
const command = ({ comm }: Actor) => (comm === undefined ? undefined : escapeBytes(comm));
const key = ({ life }: DeedRow) => (life.kind === 'sysv' ? keySpellings(life.rawName) : []);

export const DEED_FIELDS: readonly FilterField<DeedRow>[] = [
  { id: 'what', kind: 'closed', allowed: DEED_KINDS, values: ({ deed }) => [deed.what] },
  { id: 'kind', kind: 'closed', allowed: ['sysv', 'posix'], values: ({ life }) => [life.kind] },
  { id: 'name', kind: 'part', values: ({ life }) => [...namesOf(life)].map(escapeBytes) },
  { id: 'key', kind: 'whole', values: key },
  { id: 'uid', kind: 'whole', values: (row) => [row.life.uid, ...of(row, ({ uid }) => uid)] },
  { id: 'pid', kind: 'number', quantity: 'count', values: (row) => of(row, ({ pid }) => pid) },
  { id: 'comm', kind: 'part', values: (row) => of(row, command) },
  { id: 'unit', kind: 'part', values: (row) => of(row, spellOrigin) },
  {
    id: 'container',
    kind: 'part',
    values: (row) => of(row, ({ container }) => (container ? shownContainer(container) : [])).flat(),
  },
  { id: 'ns', kind: 'whole', values: ({ life }) => [life.kind === 'sysv' ? life.id.split(':')[1] : undefined] },
  { id: 'size', kind: 'number', quantity: 'bytes', values: ({ life, deed }) => [deed.sizeBytes ?? life.sizeBytes] },
];

const VOCABULARY: FilterVocabulary<DeedRow> = { fields: DEED_FIELDS, matchesText };

function matchesText(row: DeedRow, text: string): boolean {
  if (looksLikeId(text)) return isDeedOn(row, text);
  const wanted = text.toLowerCase();
  return [...[...namesOf(row.life)].map(escapeBytes), ...of(row, command), row.deed.what].some((value) =>
    value?.toLowerCase().includes(wanted),
  );
}

/** All that it was seen to be called: who removes it may have renamed it before. */
const namesOf = ({ rawName, firstName, deeds }: Life): ReadonlySet<ByteString> =>
  new Set([rawName, firstName, ...deeds.map((deed) => deed.rawName)].filter((name) => name !== undefined));

/** Is it an ID of the object, in any of the forms that `ls` and its JSON write, a key, or as others print it? */
export function isDeedOn(row: DeedRow, word: string): boolean {
  return isExactly(row, word) || spellingsElsewhere(word).some((id) => isExactly(row, id));
}

function isExactly({ life, shortId }: DeedRow, word: string): boolean {
  if (/^0x[0-9a-f]{1,8}$/i.test(word))
    return life.kind === 'sysv' && keyNumber(word) !== 0 && keyNumber(life.rawName) === keyNumber(word);
  const [, ns, shmid] = life.id.split(':');
  if (life.kind === 'sysv') return word === life.id || word === shortId || word === `sysv:${shmid}@${ns}`;
  return word === life.id || word === shortId || [...namesOf(life)].some((name) => word === posixShortId(name));
}

/** Words joined by AND; a word that makes no sense is a value, not an exception. */
export function parseDeedFilter(words: readonly string[]): ReturnType<typeof parseFilter<DeedRow>> {
  return parseFilter(words, VOCABULARY);
}
