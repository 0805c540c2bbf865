// The journal read back: one entry for each removal that was begun, with what became of it. PURE.

import {
  type Decoder,
  decodeJson,
  integer,
  list,
  Misfit,
  oneOf,
  optional,
  record,
  text,
} from '../../probe/model/decode/decode.ts';
import { count, namespaceId, objectId, perms, pid, shownText, userId } from '../../probe/model/decode/decode-words.ts';

/** `begun`: nothing is recorded after that. The program was killed, or is still at it. */
export type HistoryState = 'done' | 'refused' | 'nothing' | 'begun';

export interface HistoryEntry {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly endedAt?: string;
  readonly state: HistoryState;
  readonly run: string;
  readonly seq: number;
  readonly pid: number;
  readonly user: string;
  readonly sudoUser?: string;
  readonly id: string;
  readonly shortId: string;
  /** Escaped. */
  readonly name: string;
  readonly path?: string;
  readonly aside?: string;
  /** sysv: what the segment was, as far as it was written; enough to know it again. */
  readonly segment?: {
    readonly shmid: number;
    readonly ipcNamespace: string;
    readonly cpid: number;
    readonly cuid: number;
    readonly sizeBytes: number;
    readonly perms: string;
  };
  readonly verdict: string;
  readonly evidence: readonly string[];
  /** Bytes that it was expected to give back, and those that it gave. */
  readonly bytes?: number;
  readonly freedBytes?: number;
  readonly how?: string;
  readonly reason?: string;
  readonly savedAs?: string;
}

export interface History {
  /** In the order in which they were begun. */
  readonly entries: readonly HistoryEntry[];
  /** Lines that are none of ours: torn by a crash, or written by others. */
  readonly malformed: number;
  /** Of a journal that is longer than what is read of it: so many bytes of its beginning were not. */
  readonly skippedBytes?: number;
}

/**
 * A line of its own: all that stands before it has its end before it, so that who looks for what was left half done need not look
 * there.
 */
export const ALL_ENDED = '{"event":"all-ended"}';

/** What of a journal's text can still be open: what follows its last such line; undefined: there is none in it. */
export function afterAllEnded(journal: string): string | undefined {
  const line = `\n${ALL_ENDED}\n`;
  const at = journal.lastIndexOf(line);
  return at < 0 ? undefined : journal.slice(at + line.length);
}

/** From the text of a journal, whatever was done to it: what is shown of it is safe to print. */
export function parseHistory(journal: string): History {
  const entries = new Map<string, HistoryEntry>();
  let malformed = 0;
  for (const line of journal.split('\n')) {
    if (line === '' || line === ALL_ENDED) continue;
    const fields = line.length > MOST_LINE ? new Misfit('a line') : decodeJson(line, written);
    if (fields instanceof Misfit) {
      malformed++;
      continue;
    }
    const key = `${fields.run} ${fields.seq}`;
    const begun = entries.get(key);
    if (fields.event === 'begun') entries.set(key, begunEntry(fields));
    else if (begun && begun.id === fields.id) entries.set(key, { ...begun, ...ended(fields) });
    else malformed++;
  }
  return { entries: [...entries.values()], malformed };
}

/** A path of any depth, escaped, three times. */
const MOST_LINE = 1 << 20;
const MOST_PATH = 4 * 65_536;
const MOST_EVIDENCE = 100;

/** One line, of a beginning or of an end. */
interface Written {
  readonly event: HistoryState;
  readonly run: string;
  readonly seq: number;
  readonly id: string;
  readonly at?: string;
  readonly pid?: number;
  readonly user?: string;
  readonly sudoUser?: string;
  readonly shortId?: string;
  readonly name?: string;
  readonly path?: string;
  readonly aside?: string;
  readonly identity?: Identity;
  readonly sizeBytes?: number;
  readonly bytes?: number;
  readonly verdict?: string;
  readonly evidence?: readonly string[];
  readonly how?: string;
  readonly freedBytes?: number;
  readonly reason?: string;
  readonly warning?: string;
  readonly savedAs?: string;
}

interface Identity {
  readonly shmid?: number;
  readonly ipcNamespace?: string;
  readonly cpid?: number;
  readonly cuid?: number;
  readonly perms?: string;
}

/** Escaped bytes, to be unescaped or shown: nothing but printable ASCII and what `escapeBytes` leaves as it is. */
const escapedPath: Decoder<string> = text(MOST_PATH);

const written = record<Written>({
  event: oneOf(['begun', 'done', 'refused', 'nothing']),
  run: text(64, /^[\x21-\x7e]+$/),
  seq: integer(0, Number.MAX_SAFE_INTEGER),
  id: objectId,
  at: optional(text(30, /^\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/)),
  pid: optional(pid),
  user: optional(shownText),
  sudoUser: optional(shownText),
  shortId: optional(shownText),
  name: optional(escapedPath),
  path: optional(escapedPath),
  aside: optional(escapedPath),
  identity: optional(
    record<Identity>({
      shmid: optional(integer(0, 2 ** 31 - 1)),
      ipcNamespace: optional(namespaceId),
      cpid: optional(pid),
      cuid: optional(userId),
      perms: optional(perms),
    }),
  ),
  sizeBytes: optional(count),
  bytes: optional(count),
  verdict: optional(shownText),
  evidence: optional(list(shownText, MOST_EVIDENCE)),
  how: optional(shownText),
  freedBytes: optional(count),
  reason: optional(shownText),
  warning: optional(shownText),
  savedAs: optional(shownText),
});

function begunEntry(fields: Written): HistoryEntry {
  const { at = '', run, seq, id, pid: by = 0, user = '', sudoUser, shortId = id, name = '' } = fields;
  const { path, aside, verdict = '', evidence = [], bytes } = fields;
  const entry = { at, state: 'begun', run, seq, pid: by, user, sudoUser, id, shortId, name } as const;
  return { ...entry, path, aside, segment: segmentOf(fields), verdict, evidence, bytes };
}

function segmentOf({ identity, sizeBytes }: Written): HistoryEntry['segment'] {
  if (!identity || sizeBytes === undefined) return undefined;
  const { shmid, ipcNamespace, cpid = 0, cuid, perms: mode } = identity;
  if (shmid === undefined || ipcNamespace === undefined || cuid === undefined || mode === undefined) return undefined;
  return { shmid, ipcNamespace, cpid, cuid, sizeBytes, perms: mode };
}

function ended({ event, at, how, freedBytes, reason, warning, savedAs }: Written): Partial<HistoryEntry> {
  return { state: event, endedAt: at, how, freedBytes, reason: reason ?? warning, savedAs };
}
