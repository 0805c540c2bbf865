// What an event makes of the object that it is about: for filters, and for replaying what lay between two snapshots. PURE.

import type { Holder, ShmObject, Verdict } from '../object.ts';
import type { ShmEvent } from './event.ts';

/** As `keyText` writes it. */
const KEY = /^0x[0-9a-f]{1,8}$/;

/** An object that no snapshot showed: all that is known is what the event tells. */
export function lightObject(event: ShmEvent): ShmObject {
  const { id = '', shortId = id, kind = 'sysv', rawName = '', sizeBytes } = event;
  const [, ipcNamespace, shmid] = kind === 'sysv' ? id.split(':') : [];
  const [, major, minor, inode] = kind === 'sysv' ? [] : id.split(':');
  return {
    id,
    shortId,
    kind,
    rawName,
    // A recording may say anything.
    key: kind === 'sysv' && KEY.test(rawName) ? rawName : undefined,
    shmid: shmid === undefined ? undefined : Number(shmid),
    ipcNamespace,
    device: minor === undefined ? undefined : `${major}:${minor}`,
    inode: inode === undefined ? undefined : Number(inode),
    sizeBytes,
    status: [],
    holders: [],
    verdict: { state: 'unknown', evidence: [] },
  };
}

/** Grace time that is assumed for what was let go of: DEFAULT_MIN_AGE_SEC of the sampler. */
const GRACE_SEC = 60;

/**
 * The object after the event; undefined: it is gone. `holds` counts mappings by process and object and is kept up to date: an
 * event tells who, but not which of several. Nothing is ever judged abandoned by this: only a sample can.
 */
export function objectAfter(known: ShmObject | undefined, event: ShmEvent, holds: HoldCounts): ShmObject | undefined {
  // Who closes what is gone already, say, does not make it again.
  if (!known && event.event !== 'created' && event.event !== 'attached') return undefined;
  const object = known ?? lightObject(event);
  const { pid, count, nattch } = event;
  const sec = Math.floor(event.atMs / 1000);
  switch (event.event) {
    case 'destroyed':
      holds.forget(object.id);
      return undefined;
    case 'created':
      return judged({ ...object, nattch, ctimeSec: sec, creator: creatorOf(event) });
    case 'attached': {
      if (pid !== undefined) holds.add(object.id, pid, count);
      const holders = withHolder(object.holders, event);
      return judged({ ...object, holders, nattch: nattch ?? plus(object.nattch, count), atimeSec: sec });
    }
    case 'detached': {
      const isLast = pid !== undefined && holds.add(object.id, pid, -count) <= 0;
      const holders = isLast
        ? object.holders.filter((holder) => holder.pid !== pid || holder.fds.length > 0)
        : object.holders;
      return judged({ ...object, holders, nattch: nattch ?? plus(object.nattch, -count), dtimeSec: sec });
    }
    case 'marked':
      return object.kind === 'sysv'
        ? { ...object, status: [...new Set([...object.status, 'dest' as const])] }
        : unlinked(object);
    case 'resized':
      return { ...object, sizeBytes: event.sizeBytes ?? object.sizeBytes, mtimeSec: sec };
    case 'owner-died':
      return { ...object, creator: object.creator && { pid: object.creator.pid, state: 'dead' } };
    case 'opened':
    case 'closed':
    case 'lost':
      return object;
  }
}

/** Mappings by object and process. */
export class HoldCounts {
  readonly #counts = new Map<string, Map<number, number>>();

  /** What a snapshot shows replaces everything. */
  reset(objects: Iterable<ShmObject>): void {
    this.#counts.clear();
    for (const { id, holders } of objects) {
      if (holders.length > 0) this.#counts.set(id, new Map(holders.map(({ pid, mappings }) => [pid, mappings.length])));
    }
  }

  /** The count after it; never below 0. */
  add(id: string, pid: number, count: number): number {
    const counts = this.#counts.get(id) ?? new Map<number, number>();
    this.#counts.set(id, counts);
    const after = Math.max(0, (counts.get(pid) ?? 0) + count);
    counts.set(pid, after);
    return after;
  }

  forget(id: string): void {
    this.#counts.delete(id);
  }
}

const creatorOf = ({ kind, pid, comm }: ShmEvent): ShmObject['creator'] =>
  kind === 'sysv' && pid !== undefined ? { pid, state: 'alive', comm } : undefined;

const plus = (value: number | undefined, by: number) => (value === undefined ? undefined : Math.max(0, value + by));

function withHolder(holders: readonly Holder[], { pid, comm }: ShmEvent): readonly Holder[] {
  if (pid === undefined || holders.some((holder) => holder.pid === pid)) return holders;
  return [...holders, { pid, comm, mappings: [], fds: [] }];
}

/** Held, or let go of just now: who has been seen to use it a moment ago may come back. */
const judged = (object: ShmObject): ShmObject => ({ ...object, verdict: verdictOf(object) });

function verdictOf({ holders, nattch = 0, hiddenMappings = 0 }: ShmObject): Verdict {
  if (holders.length > 0) return { state: 'in-use', evidence: [{ code: 'held', count: holders.length }] };
  if (nattch > 0 || hiddenMappings > 0) return { state: 'in-use', evidence: [{ code: 'attached', count: nattch }] };
  return { state: 'unheld', evidence: [{ code: 'too-young', seconds: 0, limitSeconds: GRACE_SEC }] };
}

/** The name is gone; the object lives on under the id that a snapshot would give it. */
function unlinked(object: ShmObject): ShmObject {
  const id = object.id.replace(/^posix:/, 'unlinked:');
  return { ...object, id, shortId: id, kind: 'unlinked', rawPath: undefined, links: 0 };
}
