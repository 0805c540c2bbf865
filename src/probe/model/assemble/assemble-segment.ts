// A segment as an object: what its row says, its makers judged, its software recognised, its verdict given.
import { keyText, sysvId, sysvShortId } from '../identity.ts';
import { type Attach, UNKNOWN_NAMESPACE } from '../join/segment-index.ts';
import { SHM_DEST, SHM_LOCKED, type SysvRow } from '../join/sysv-row.ts';
import { spare } from '../judge/never-touch.ts';
import { matchSysv, softwareMatch } from '../judge/software.ts';
import type { WitnessQuestion } from '../life/weigh.ts';
import type { Maker, ShmObject } from '../object.ts';
import { assembleHolders, commonContainer, NO_HOLDERS } from './assemble-holders.ts';
import { type Assembly, hugePageSize, NO_STATUS, permsText, statusOf } from './assembly.ts';
import { correctResident } from './huge-pages.ts';

/** The kernel writes 0 for "never". */
const unlessZero = (seconds: number) => (seconds === 0 ? undefined : seconds);

/** What a row of the segment table says by itself. */
export function segmentFacts(
  row: SysvRow,
  { ownNamespace, userName, groupName }: Pick<Assembly, 'ownNamespace' | 'userName' | 'groupName'>,
) {
  const { ipcNamespace, shmid, sizeBytes, nattch, uid, gid, cuid, cgid } = row;
  const key = keyText(row.key);
  return {
    id: sysvId(ipcNamespace, shmid),
    shortId: sysvShortId(ipcNamespace, shmid, ownNamespace),
    kind: 'sysv',
    rawName: key,
    shmid,
    key,
    ipcNamespace,
    sizeBytes,
    nattch,
    perms: permsText(row.mode),
    uid,
    user: userName(uid),
    gid,
    group: groupName(gid),
    cuid,
    cgid,
    atimeSec: unlessZero(row.atimeSec),
    dtimeSec: unlessZero(row.dtimeSec),
    ctimeSec: unlessZero(row.ctimeSec),
  } as const;
}

export const isMarked = ({ mode }: SysvRow): boolean => (mode & SHM_DEST) !== 0;
export const isLocked = ({ mode }: SysvRow): boolean => (mode & SHM_LOCKED) !== 0;

/** A segment of the table; `attach` is absent where no visible process has it attached, `lastUser` where nobody ever did. */
export function assembleSegment(
  row: SysvRow,
  attach: Attach | undefined,
  creator: Maker,
  lastUser: Maker | undefined,
  with_: Assembly,
): ShmObject {
  const facts = segmentFacts(row, with_);
  const { key, sizeBytes, nattch, uid, user, perms, atimeSec, dtimeSec, ctimeSec } = facts;
  const holders = attach ? assembleHolders(attach.holds, with_) : NO_HOLDERS;
  const isDest = isMarked(row);
  const comm = creator.comm ?? (holders.length > 0 ? holders[0]?.comm : undefined);
  // Once it is marked for destruction the table shows key 0; its mappings still tell the one that it was made with.
  const madeKey = attach?.key ?? key;
  const software = matchSysv(with_.table, { key: madeKey, sizeBytes, perms, isDest, nattch, user, comm });
  const hiddenMappings = Math.max(0, nattch - (attach?.mappingsFound ?? 0));
  const judged = with_.verdicts.judge(
    {
      kind: 'sysv',
      nattch,
      holderCount: holders.length,
      hiddenMappings,
      creator,
      lastUser,
      software,
      atimeSec,
      dtimeSec,
      ctimeSec,
      witnessed: nattch > 0 ? undefined : with_.witnessed?.(identifiedSegment(row)),
    },
    with_,
  );
  const subject = { kind: 'sysv', rawName: key, key: madeKey, uid, user } as const;
  const verdict = spare(judged, subject, with_.never);
  const hugePages = hugePageSize(attach?.pageSizeBytes, with_.pageBytes);
  const resident =
    row.rssBytes === undefined || row.rssBytes === 0
      ? undefined
      : correctResident(
          row.rssBytes,
          sizeBytes,
          with_.pageBytes,
          attach?.pageSizeBytes,
          with_.hugePageSizes,
          with_.inflatesHugeRss,
        );
  const hugePageBytes = resident?.hugePageBytes ?? hugePages;
  return {
    ...facts,
    rssBytes: resident?.rssBytes ?? row.rssBytes,
    swapBytes: row.swapBytes,
    hugePageBytes,
    status: statusOf(isDest, isLocked(row), hugePageBytes !== undefined),
    creator,
    lastUser,
    holders,
    hiddenMappings: hiddenMappings > 0 ? hiddenMappings : undefined,
    software: software && softwareMatch(software),
    container: commonContainer(holders) ?? with_.residents?.ofIpc(row.ipcNamespace),
    verdict,
  };
}

/** A segment of a namespace that could not be entered. */
export function assembleUnlisted(attach: Attach, with_: Assembly): ShmObject {
  const { id, ipcNamespace, shmid, key, extentBytes } = attach;
  const holders = assembleHolders(attach.holds, with_);
  return {
    id,
    shortId: sysvShortId(ipcNamespace, shmid, with_.ownNamespace),
    kind: 'sysv',
    rawName: key,
    shmid,
    key,
    ipcNamespace: ipcNamespace === UNKNOWN_NAMESPACE ? undefined : ipcNamespace,
    sizeBytes: extentBytes,
    status: NO_STATUS,
    holders,
    container: commonContainer(holders),
    verdict: { state: 'in-use', evidence: [{ code: 'held', count: holders.length }, { code: 'namespace-closed' }] },
  };
}

/** What a witness knows a segment by. */
export function identifiedSegment(row: SysvRow): WitnessQuestion {
  const { ipcNamespace, shmid, atimeSec, dtimeSec, ctimeSec, cpid, lpid } = row;
  const attachedSec = Math.max(atimeSec, dtimeSec);
  return {
    kind: 'sysv',
    ipcNamespace,
    shmid,
    ctimeSec,
    cpid,
    key: keyText(row.key),
    usedSec: Math.max(attachedSec, ctimeSec),
    ...(lpid !== 0 || attachedSec > 0 ? { lastUserPid: lpid } : {}),
  };
}
