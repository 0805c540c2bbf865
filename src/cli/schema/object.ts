// The JSON Schema of an object, by the table of its fields, and of its parts.
import { EVIDENCE_CODES, EVIDENCE_SIDES } from '../../probe/model/judge/evidence.ts';
import { ENTRY_TYPES, MAKER_STATES, STATUSES, VERDICT_STATES } from '../../probe/model/object.ts';
import { type JsonForm, WRITTEN_FIELDS } from '../../probe/model/object-fields.ts';
import type {
  Json,
  jsonOfEvidence,
  jsonOfHolder,
  jsonOfMaker,
  jsonOfMapping,
  jsonOfPlacement,
  jsonOfRemoval,
  jsonOfSoftware,
  jsonOfVerdict,
} from '../json.ts';
import type { jsonOfSearch } from '../show-search.ts';
import { container } from './container.ts';
import { life } from './life.ts';
import { about, fields, list, named, oneOf, optional, record, type Schema } from './schema.ts';
import {
  address,
  base64,
  bytes,
  count,
  device,
  flag,
  key,
  kind,
  mappingPerms,
  namespace,
  objectId,
  perms,
  pid,
  positive,
  text,
  time,
  userId,
  words,
} from './words.ts';

const maker = named(
  'maker',
  record<ReturnType<typeof jsonOfMaker>>({
    pid: optional(about('absent where it is not visible from this pid namespace', pid)),
    state: oneOf(MAKER_STATES),
    comm: optional(text),
  }),
);

export const mappings = named(
  'mappings',
  list(record<ReturnType<typeof jsonOfMapping>>({ start: address, end: address, perms: mappingPerms })),
);
export const fds = named('fds', list(count));

/** What a holder and a process of `ps --json` have in common. */
export const processFields = {
  pid,
  startTicks: optional(about('start time, proc_pid_stat(5) field 22', count)),
  comm: optional(text),
  uid: optional(userId),
  user: optional(text),
  ipcNamespace: optional(namespace),
  container: optional(container),
  unit: optional(about('systemd unit; behind the manager of its user where he made it', text)),
  job: optional(about('batch job: slurm:123', text)),
};

const holder = named('holder', record<ReturnType<typeof jsonOfHolder>>({ ...processFields, mappings, fds }));

const software = record<ReturnType<typeof jsonOfSoftware>>({
  name: words,
  role: words,
  outlives: about('normal that it stays after its processes', flag),
  removalBreaks: optional(words),
  cleanup: optional(words),
  source: words,
});

const evidence = record<ReturnType<typeof jsonOfEvidence>>({
  code: oneOf(EVIDENCE_CODES),
  side: about(
    '`for` a leak, `against` it (held, or somebody may come back for it), or a plain `fact`',
    oneOf(EVIDENCE_SIDES),
  ),
  text,
  pid: optional(pid),
  comm: optional(text),
  count: optional(count),
  seconds: optional(count),
  limitSeconds: optional(count),
  software: optional(words),
  detail: optional(text),
});

export const verdictState = oneOf(VERDICT_STATES);
const verdict = named(
  'verdict',
  record<ReturnType<typeof jsonOfVerdict>>({ state: verdictState, evidence: list(evidence, { minItems: 1 }) }),
);

export const removal = named(
  'removal',
  about(
    'what removing it would do',
    record<ReturnType<typeof jsonOfRemoval>>({
      outcome: oneOf(['freed-now', 'freed-now-unless-held', 'freed-later', 'name-only', 'nothing']),
      call: optional(oneOf(['IPC_RMID', 'unlink', 'rmdir'])),
      freedBytes: optional(bytes),
      holderPids: list(pid),
      text: words,
    }),
  ),
);

const search = named(
  'search',
  about(
    'who knows the name (show --search): a suggestion, never proof',
    record<ReturnType<typeof jsonOfSearch>>({
      text: about('the random part of the name, which was looked for', text),
      uid: userId,
      found: list(
        record<ReturnType<typeof jsonOfSearch>['found'][number]>({
          pid,
          comm: text,
          place: optional(about('[heap], [stack], or a path; absent: memory without a name', text)),
          isAncestor: about('this command was started from it: there the name may have been typed or shown', flag),
        }),
      ),
      processes: about('looked into, wholly or in part', count),
      readBytes: bytes,
      unreadable: about('processes whose memory may not be read', count),
      partly: about('processes of which not all could be asked about', count),
      observers: about('other shmtops, which know the names that they show: not looked into', count),
      silent: about('processes that kept whoever read waiting', count),
      ended: optional(oneOf(['bytes', 'time', 'processes', 'silent'])),
    }),
  ),
);

const placement = about(
  'where its pages are, by mapping of a holder (show --placement)',
  list(
    record<ReturnType<typeof jsonOfPlacement>[number]>({
      pid,
      start: address,
      nodes: about('NUMA nodes', list(record<{ node: number; bytes: number }>({ node: count, bytes }))),
      pageBytes: optional(bytes),
      pssBytes: optional(about('proportional share', bytes)),
    }),
  ),
);

/** What each form of the table of fields is in JSON. */
const FORM_SCHEMAS: Readonly<Record<JsonForm, Schema<never>>> = {
  objectId,
  kind,
  name: text,
  bytesText: text,
  bytesTexts: list(text),
  outsideText: text,
  entryType: oneOf(ENTRY_TYPES),
  device,
  namespace,
  key,
  perms,
  count,
  positive,
  bytes,
  userId,
  time,
  status: list(oneOf(STATUSES), { uniqueItems: true }),
  maker,
  holders: list(holder),
  software,
  container,
  verdict,
};

const keyText = optional(about('what the key spells, only where its four bytes are printable ASCII: a hint', text));
const nameBytes = optional(about('base64 of the raw name, only where it is not the UTF-8 of name', base64));

export const object: Schema<Json> = named(
  'object',
  about(
    'one object: a line of ls --ndjson, and of show --json, which adds removal and life',
    fields([
      ...WRITTEN_FIELDS.flatMap(({ name, form, isRequired, about: meaning }) => {
        const schema = about(meaning, FORM_SCHEMAS[form]);
        const field = [name, isRequired ? schema : optional(schema)] as const;
        if (form === 'key') return [field, ['keyText', keyText] as const];
        return form === 'name' ? [field, ['nameBytes', nameBytes] as const] : [field];
      }),
      ['removal', optional(removal)],
      ['placement', optional(placement)],
      ['search', optional(search)],
      ['life', optional(life)],
    ]),
  ),
);
