// Segments from tick to tick: what did not change is shown again as it is, and what only grew older gets its verdict anew.

import { keyText } from '../identity.ts';
import type { Joined } from '../join/join.ts';
import { SHM_DEST, SHM_LOCKED, type SysvRow } from '../join/sysv-row.ts';
import { AGING_CODES } from '../judge/evidence.ts';
import { spare } from '../judge/never-touch.ts';
import { rowOfMatch } from '../judge/software.ts';
import { type Maker, newestSec, type ShmObject, type Verdict } from '../object.ts';
import { isSameContainer } from '../object-parts.ts';
import { assembleSegment, identifiedSegment } from './assemble-segment.ts';
import { type Assembly, permsText } from './assembly.ts';

/** How far ahead the segments of the tick before are searched where some have gone since. */
const MOST_SKIPPED = 16;
const NO_VERSION = -1;

/** What the tick before made, each object of the row at the same place as it was then. */
interface Kept {
  readonly objects: readonly ShmObject[];
  readonly rows: readonly SysvRow[];
  readonly versions: Int32Array;
}

const NOTHING: Kept = { objects: [], rows: [], versions: new Int32Array(0) };

export class SegmentKeeper {
  #kept = NOTHING;
  #keptSec = 0;
  /** Those that a witness knew something of. */
  readonly #followed = new WeakSet<ShmObject>();

  /** One object for each segment, in the order of the kernel's tables: the one of the tick before is walked along. */
  assemble({ segments, attaches }: Joined, assembly: Assembly): ShmObject[] {
    // A clock that was set back makes what was old enough too young, or of the future.
    const before = assembly.nowSec < this.#keptSec ? NOTHING : this.#kept;
    const { makers } = assembly;
    const aging = new Aging(assembly);
    const objects: ShmObject[] = [];
    const versions = new Int32Array(segments.length);
    let at = 0;
    for (const row of segments) {
      let found = at;
      let candidate = before.objects[found];
      while (found < at + MOST_SKIPPED && candidate && candidate.shmid !== row.shmid)
        candidate = before.objects[++found];
      const old = candidate?.shmid === row.shmid ? candidate : undefined;
      const { ctimeSec, lpid, version = NO_VERSION } = row;
      const usedSec = Math.max(row.atimeSec, row.dtimeSec);
      const wasAttached = lpid !== 0 || usedSec > 0;
      const creator = makers.judge(row.cpid, ctimeSec);
      const lastUser = wasAttached ? makers.judge(lpid, Math.max(usedSec, ctimeSec)) : undefined;
      const attach = attaches.size > 0 ? attaches.get(row) : undefined;
      versions[objects.length] = version;
      if (old) {
        at = found + 1;
        const isSameRow = version !== NO_VERSION && before.rows[found] === row && before.versions[found] === version;
        // What a witness knows grows while the segment stays as it is.
        const isFollowed = row.nattch === 0 && assembly.witnessed?.(identifiedSegment(row)) !== undefined;
        if (
          !attach &&
          !isFollowed &&
          !this.#followed.has(old) &&
          isUnchanged(old, row, isSameRow, creator, lastUser) &&
          isSameContainer(old.container, assembly.residents?.ofIpc(row.ipcNamespace))
        ) {
          objects.push(aging.renew(old));
          continue;
        }
      }
      const object = assembleSegment(row, attach, creator, lastUser, assembly);
      if (row.nattch === 0 && assembly.witnessed?.(identifiedSegment(row))) this.#followed.add(object);
      objects.push(object);
    }
    this.#kept = { objects, rows: segments, versions };
    this.#keptSec = assembly.nowSec;
    return objects.slice();
  }
}

/** Gives verdicts anew to what only grew older; objects that shared one share the next. */
class Aging {
  readonly #assembly: Assembly;
  #before: Verdict | undefined;
  #usedSec = 0;
  #now: Verdict | undefined;

  constructor(assembly: Assembly) {
    this.#assembly = assembly;
  }

  renew(object: ShmObject): ShmObject {
    const verdict = this.#verdictOf(object);
    return verdict === object.verdict ? object : { ...object, verdict };
  }

  /** Verdicts that are one object, of segments used at the same time, stay one (VerdictBook). */
  #verdictOf(object: ShmObject): Verdict {
    const usedSec = newestSec(object);
    if (this.#now === undefined || object.verdict !== this.#before || usedSec !== this.#usedSec) {
      this.#before = object.verdict;
      this.#usedSec = usedSec;
      this.#now = isAging(object.verdict) ? this.#judge(object) : object.verdict;
    }
    return this.#now;
  }

  #judge(object: ShmObject): Verdict {
    const { nattch = 0, creator, lastUser, software, atimeSec, dtimeSec, ctimeSec, verdict } = object;
    if (!creator) return verdict;
    const hit = software && { row: rowOfMatch(software) };
    const times = { atimeSec, dtimeSec, ctimeSec };
    const nobody = { holderCount: 0, hiddenMappings: 0 };
    const judged = this.#assembly.verdicts.judge(
      { kind: 'sysv', nattch, ...nobody, creator, lastUser, software: hit, ...times },
      this.#assembly,
    );
    return spare(judged, object, this.#assembly.never);
  }
}

const isAging = ({ evidence }: Verdict) => evidence.some(({ code }) => AGING_CODES.has(code));

/** Would assembling give the same again, but for its age? Makers are shared objects (MakerStore). */
function isUnchanged(
  old: ShmObject,
  row: SysvRow,
  isSameRow: boolean,
  creator: Maker,
  lastUser: Maker | undefined,
): boolean {
  return (
    old.holders.length === 0 &&
    old.creator === creator &&
    old.lastUser === lastUser &&
    old.rssBytes === row.rssBytes &&
    old.swapBytes === row.swapBytes &&
    old.hugePageBytes === undefined &&
    (isSameRow || hasSameFields(old, row))
  );
}

function hasSameFields(old: ShmObject, row: SysvRow): boolean {
  return (
    old.shmid === row.shmid &&
    old.ipcNamespace === row.ipcNamespace &&
    old.nattch === row.nattch &&
    (old.ctimeSec ?? 0) === row.ctimeSec &&
    (old.atimeSec ?? 0) === row.atimeSec &&
    (old.dtimeSec ?? 0) === row.dtimeSec &&
    old.sizeBytes === row.sizeBytes &&
    old.perms === permsText(row.mode) &&
    old.status.includes('dest') === ((row.mode & SHM_DEST) !== 0) &&
    old.status.includes('locked') === ((row.mode & SHM_LOCKED) !== 0) &&
    old.uid === row.uid &&
    old.gid === row.gid &&
    old.cuid === row.cuid &&
    old.cgid === row.cgid &&
    old.key === keyText(row.key)
  );
}
