// A snapshot out of a file of `ls --json`: what is compared of it, each field typed and ranged, since anybody may have written it.
import { escapeBytes, unescapeBytes } from '../bytes.ts';
import { KINDS, type Kind, VERDICT_STATES, type VerdictState } from '../object.ts';
import {
  type Decoder,
  decodeJson,
  flag,
  integer,
  list,
  Misfit,
  mapped,
  oneOf,
  optional,
  record,
  text,
} from './decode.ts';
import { anyUserId, count, foreignName, key, namespaceId, objectId, pid, shownText } from './decode-words.ts';
import { stateSinceTwo } from './version-one.ts';

/** Why it was judged so: codes that a newer shmtop may know, and this one not. */
interface Reason {
  readonly code: string;
}

/** Names as they are shown: safe to print. Absent means unknown, as in the file. */
export interface KeptObject {
  readonly id: string;
  readonly kind: Kind;
  readonly name: string;
  readonly path?: string;
  readonly key?: string;
  readonly sizeBytes?: number;
  readonly rssBytes?: number;
  readonly swapBytes?: number;
  readonly allocatedBytes?: number;
  readonly uid?: number;
  readonly user?: string;
  readonly cuid?: number;
  readonly creator?: { readonly pid?: number };
  /** ISO 8601; only ever compared with another one. */
  readonly btime?: string;
  readonly software?: { readonly name: string };
  readonly verdict: { readonly state: VerdictState; readonly evidence?: readonly Reason[] };
}

export interface KeptSnapshot {
  readonly schemaVersion: number;
  readonly takenAt: number;
  readonly host: { readonly hostname: string; readonly ipcNamespace?: string };
  readonly visibility: { readonly processes: number; readonly inspected: number; readonly complete: boolean };
  /** Segments of its own IPC namespace, by the count of the kernel. */
  readonly limits: { readonly segments: number };
  readonly objects: readonly KeptObject[];
}

const MOST_OBJECTS = 500_000;
const MOST_NAME = 65_536;
const MOST_CODE = 64;
const MOST_REASONS = 1000;
/** Written escaped, four characters a byte at most; whatever it is now, what comes out is what `ls` prints. */
const shownName: Decoder<string> = mapped(text(4 * MOST_NAME), (name) => escapeBytes(unescapeBytes(name)));
const isoTime = text(32, /^[+-]?[\d:.TZ-]+$/);
/** Milliseconds since the epoch. */
const moment: Decoder<number> = mapped(isoTime, (time) => {
  const atMs = Date.parse(time);
  return Number.isNaN(atMs) ? new Misfit('a time') : atMs;
});

const keptObject = record<KeptObject>({
  id: objectId,
  kind: oneOf(KINDS),
  name: shownName,
  path: optional(shownName),
  key: optional(key),
  sizeBytes: optional(count),
  rssBytes: optional(count),
  swapBytes: optional(count),
  allocatedBytes: optional(count),
  uid: optional(anyUserId),
  user: optional(foreignName),
  cuid: optional(anyUserId),
  creator: optional(record<NonNullable<KeptObject['creator']>>({ pid: optional(pid) })),
  btime: optional(isoTime),
  software: optional(record<NonNullable<KeptObject['software']>>({ name: shownText })),
  verdict: record<KeptObject['verdict']>({
    state: oneOf(VERDICT_STATES),
    evidence: optional(list(record<Reason>({ code: text(MOST_CODE) }), MOST_REASONS)),
  }),
});

const keptSnapshot = record<KeptSnapshot>({
  schemaVersion: integer(1, 1_000_000),
  takenAt: moment,
  host: record<KeptSnapshot['host']>({ hostname: foreignName, ipcNamespace: optional(namespaceId) }),
  visibility: record<KeptSnapshot['visibility']>({ processes: count, inspected: count, complete: flag }),
  limits: record<KeptSnapshot['limits']>({ segments: count }),
  objects: list(keptObject, MOST_OBJECTS),
});

function sinceTwo(object: KeptObject): KeptObject {
  const { state, evidence = [] } = object.verdict;
  const codes = evidence.map(({ code }) => code);
  return { ...object, verdict: { evidence, state: stateSinceTwo(object.kind, state, codes) } };
}

/** In words why it is no snapshot. */
export function parseKeptSnapshot(json: string): KeptSnapshot | string {
  const kept = decodeJson(json, keptSnapshot);
  if (kept instanceof Misfit) return `${kept}: it is not what shmtop ls --json writes`;
  if (new Set(kept.objects.map(({ id }) => id)).size !== kept.objects.length) return 'it lists an object twice';
  return kept.schemaVersion < 2 ? { ...kept, objects: kept.objects.map(sinceTwo) } : kept;
}
