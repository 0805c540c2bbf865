// The JSON Schema of `rm --json` in its three forms, and of `restore --json`.
import { REFUSAL_CODES } from '../../remove/model/refusal.ts';
import type { jsonOfRestored } from '../restore.ts';
import type {
  jsonOfEntry,
  jsonOfHistory,
  jsonOfPlan,
  jsonOfPlans,
  jsonOfRemoved,
  jsonOfReport,
  RefusedJson,
} from '../rm-json.ts';
import { removal, verdictState } from './object.ts';
import { about, list, named, oneOf, optional, record } from './schema.ts';
import { bytes, count, namespace, objectId, perms, text, userId, version } from './words.ts';

type Report = ReturnType<typeof jsonOfReport>;
type Entry = ReturnType<typeof jsonOfEntry>;

const refused = named(
  'refused',
  record<RefusedJson>({
    id: about('as in ls --json; for a word that names nothing, that word', text),
    shortId: optional(text),
    code: oneOf([...REFUSAL_CODES, 'not-found', 'not-agreed']),
    reason: text,
    advice: optional(text),
  }),
);

const otherNamespaces = optional(
  about(
    'what stayed since nobody named its namespace',
    list(
      record<NonNullable<Report['otherNamespaces']>[number]>({
        id: objectId,
        shortId: text,
        namespace: optional(namespace),
      }),
    ),
  ),
);

export const report = named(
  'report',
  about(
    'shmtop rm --json',
    record<Report>({
      schemaVersion: version,
      removed: list(
        record<ReturnType<typeof jsonOfRemoved>>({
          id: objectId,
          shortId: text,
          outcome: oneOf(['freed-now', 'freed-later', 'name-only']),
          freedBytes: bytes,
          savedAs: optional(text),
          warning: optional(about('somebody came in the instant of the removal', text)),
        }),
      ),
      refused: list(refused),
      freedBytes: about('that came back at once', bytes),
      nothing: optional(
        about(
          'gone already, or going by itself',
          list(record<NonNullable<Report['nothing']>[number]>({ id: objectId, shortId: text, reason: text })),
        ),
      ),
      otherNamespaces,
      notes: optional(list(text)),
      journal: optional(about('path of the journal of removals', text)),
    }),
  ),
);

export const plans = named(
  'plans',
  about(
    'shmtop rm --dry-run --json: nothing is removed',
    record<ReturnType<typeof jsonOfPlans>>({
      schemaVersion: version,
      removed: list(text, { maxItems: 0 }),
      planned: list(
        record<ReturnType<typeof jsonOfPlan>>({ id: objectId, shortId: text, verdict: verdictState, removal }),
      ),
      refused: list(refused),
      freedBytes: bytes,
      otherNamespaces,
    }),
  ),
);

const segment = record<NonNullable<Entry['segment']>>({
  shmid: count,
  ipcNamespace: text,
  cpid: count,
  cuid: userId,
  sizeBytes: bytes,
  perms,
});

export const history = named(
  'history',
  about(
    'shmtop rm --history --json: what was removed so far, oldest first',
    record<ReturnType<typeof jsonOfHistory>>({
      schemaVersion: version,
      removals: list(
        record<Entry>({
          at: optional(text),
          endedAt: optional(text),
          state: about('begun: nothing is recorded after that', oneOf(['done', 'refused', 'nothing', 'begun'])),
          run: text,
          seq: count,
          pid: about('of the shmtop that did it', count),
          user: optional(text),
          sudoUser: optional(text),
          id: text,
          shortId: text,
          name: optional(text),
          path: optional(text),
          aside: optional(about('where a name was put before it was unlinked', text)),
          segment: optional(segment),
          verdict: optional(text),
          evidence: list(text),
          why: about('the evidence in words', list(text)),
          bytes: optional(about('that it was expected to give back', bytes)),
          freedBytes: optional(bytes),
          how: optional(text),
          reason: optional(text),
          savedAs: optional(text),
        }),
      ),
      malformed: optional(about('lines of the journal that could not be read', count)),
      skippedBytes: optional(about('of its beginning that were not read', bytes)),
    }),
  ),
);

export const restored = named(
  'restored',
  about(
    'a line of shmtop restore --json',
    record<ReturnType<typeof jsonOfRestored>>({
      file: text,
      id: about('what ls prints', text),
      sizeBytes: bytes,
      note: optional(text),
    }),
  ),
);
