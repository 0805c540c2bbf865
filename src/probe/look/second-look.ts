// Makers that may have ended while we looked: after the table said "nobody is attached" they may have attached and forked.
import { assembleSegment } from '../model/assemble/assemble-segment.ts';
import type { Assembly } from '../model/assemble/assembly.ts';
import type { SysvRow } from '../model/join/sysv-row.ts';
import type { Maker, ShmObject, VerdictState } from '../model/object.ts';

/**
 * Puts right, in place, segments that are called abandoned or orphaned by the end of processes in `ended`: once these are known to be
 * gone, the table is read once more, by `readRows`, and what changed in it is judged anew. Costs nothing without such.
 */
export function lookTwice(
  objects: ShmObject[],
  ended: ReadonlySet<number>,
  readRows: () => readonly SysvRow[],
  assembly: Assembly,
): void {
  if (ended.size === 0) return;
  const isOfEnded = (maker: Maker | undefined) => maker?.pid !== undefined && ended.has(maker.pid);
  const doubtful = new Map<string, number>();
  for (const [at, { verdict, creator, lastUser, ipcNamespace, shmid }] of objects.entries()) {
    if (!SAYS_GONE.has(verdict.state) || !(isOfEnded(creator) || isOfEnded(lastUser))) continue;
    doubtful.set(`${ipcNamespace} ${shmid}`, at);
  }
  if (doubtful.size === 0) return;
  for (const row of readRows()) {
    const at = doubtful.get(`${row.ipcNamespace} ${row.shmid}`);
    if (at !== undefined && isUsedSince(objects[at], row)) objects[at] = judgeAnew(row, assembly);
  }
}

const SAYS_GONE: ReadonlySet<VerdictState> = new Set(['abandoned', 'orphaned']);

function judgeAnew(row: SysvRow, assembly: Assembly): ShmObject {
  const { makers } = assembly;
  const { cpid, lpid, ctimeSec } = row;
  const usedSec = Math.max(row.atimeSec, row.dtimeSec);
  const lastUser = lpid !== 0 || usedSec > 0 ? makers.judge(lpid, Math.max(usedSec, ctimeSec)) : undefined;
  return assembleSegment(row, undefined, makers.judge(cpid, ctimeSec), lastUser, assembly);
}

function isUsedSince({ nattch, lastUser, atimeSec = 0, dtimeSec = 0, ctimeSec = 0 }: ShmObject, row: SysvRow): boolean {
  return (
    nattch !== row.nattch ||
    (lastUser?.pid ?? 0) !== row.lpid ||
    atimeSec !== row.atimeSec ||
    dtimeSec !== row.dtimeSec ||
    ctimeSec !== row.ctimeSec
  );
}
