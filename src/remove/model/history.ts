// The journal read back: one entry for each removal that was begun, with what became of it. PURE.

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
}

/** From the text of a journal, whatever was done to it. */
export function parseHistory(text: string): History {
  const entries = new Map<string, HistoryEntry>();
  let malformed = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const fields = parseLine(line);
    const key = fields && `${string(fields.run)} ${number(fields.seq)}`;
    if (!fields || !key || string(fields.id) === undefined) malformed++;
    else if (fields.event === 'begun') entries.set(key, begunEntry(fields));
    else {
      const begun = entries.get(key);
      if (begun) entries.set(key, { ...begun, ...ended(fields) });
      else malformed++;
    }
  }
  return { entries: [...entries.values()], malformed };
}

type Fields = Readonly<Record<string, unknown>>;

function parseLine(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // SyntaxError: a line torn by a crash
  }
}

const string = (value: unknown) => (typeof value === 'string' ? value : undefined);
const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

function begunEntry(fields: Fields): HistoryEntry {
  const { evidence } = fields;
  return {
    at: string(fields.at) ?? '',
    state: 'begun',
    run: string(fields.run) ?? '',
    seq: number(fields.seq) ?? 0,
    pid: number(fields.pid) ?? 0,
    user: string(fields.user) ?? '',
    sudoUser: string(fields.sudoUser),
    id: string(fields.id) ?? '',
    shortId: string(fields.shortId) ?? '',
    name: string(fields.name) ?? '',
    path: string(fields.path),
    aside: string(fields.aside),
    segment: segmentOf(fields),
    verdict: string(fields.verdict) ?? '',
    evidence: Array.isArray(evidence) ? evidence.map(String) : [],
    bytes: number(fields.bytes),
  };
}

function segmentOf({ identity, sizeBytes }: Fields): HistoryEntry['segment'] {
  if (typeof identity !== 'object' || identity === null) return undefined;
  const { shmid, ipcNamespace, cpid, cuid, perms }: Fields = { ...identity };
  if (typeof shmid !== 'number' || typeof cuid !== 'number' || typeof sizeBytes !== 'number') return undefined;
  if (typeof ipcNamespace !== 'string' || typeof perms !== 'string') return undefined;
  return { shmid, ipcNamespace, cpid: number(cpid) ?? 0, cuid, sizeBytes, perms };
}

function ended(fields: Fields): Partial<HistoryEntry> {
  const { event } = fields;
  return {
    state: event === 'done' || event === 'refused' || event === 'nothing' ? event : 'begun',
    endedAt: string(fields.at),
    how: string(fields.how),
    freedBytes: number(fields.freedBytes),
    reason: string(fields.reason) ?? string(fields.warning),
    savedAs: string(fields.savedAs),
  };
}
