// Turns what was joined into the objects of a snapshot: names for numbers, makers judged, software recognised, verdict given.

import { keyText, posixShortId, sysvId, sysvShortId } from '../identity.ts';
import type { NameDraft } from '../join/join.ts';
import { deviceText } from '../join/mapping-record.ts';
import { type Attach, UNKNOWN_NAMESPACE } from '../join/segment-index.ts';
import { isProvable, type ShmPlace } from '../join/shm-place.ts';
import { SHM_DEST, SHM_LOCKED, type SysvRow } from '../join/sysv-row.ts';
import type { MakerBook } from '../judge/maker.ts';
import { type NeverList, spare } from '../judge/never-touch.ts';
import { matchSysv, type SoftwareHit, type SoftwareRow, softwareMatch } from '../judge/software.ts';
import type { VerdictBook } from '../judge/verdict-book.ts';
import type { LeaseAnswer, NameCase, SoftwareState, VerdictContext, Witnessed } from '../judge/verdict-case.ts';
import { judgeName } from '../judge/verdict-name.ts';
import { birthNs } from '../life/birth.ts';
import type { WitnessQuestion } from '../life/weigh.ts';
import { type Container, type Maker, newestSec, type ShmObject, type Status, type Verdict } from '../object.ts';
import { assembleHolders, commonContainer, type HolderBook, NO_HOLDERS } from './assemble-holders.ts';
import { correctResident } from './huge-pages.ts';

/** Everything that objects are assembled with. The functions look up what the sources have read. */
export interface Assembly extends VerdictContext, HolderBook {
  readonly ownNamespace: string | undefined;
  readonly pageBytes: number;
  /** Sizes of huge pages of this machine, ascending, bytes. */
  readonly hugePageSizes: readonly number[];
  /** See `inflatesHugeRss`. */
  readonly inflatesHugeRss: boolean;
  readonly makers: MakerBook;
  readonly verdicts: VerdictBook;
  readonly table: readonly SoftwareRow[];
  /** Absent: nothing is kept by name, key or owner. */
  readonly never?: NeverList;
  readonly groupName: (gid: number) => string | undefined;
  /** Processes that could hold something but could not be looked into. */
  readonly notInspected: number;
  /** False in a container and under hidepid: processes exist that cannot be seen at all. */
  readonly seesAllProcesses: boolean;
  /** The container that lives in another IPC namespace, or in another mount namespace. */
  readonly residents?: {
    readonly ofIpc: (namespace: string | undefined) => Container | undefined;
    readonly ofPlace: (place: ShmPlace) => Container | undefined;
  };
  /** What a witness's knowledge of an object comes to; undefined: none, or nothing of this one. */
  readonly witnessed?: (object: WitnessQuestion) => Witnessed | undefined;
}

const PERMISSION_BITS = 0o777;
const NO_STATUS: readonly Status[] = [];

// Filled, since an array with holes would become a look-up table.
const knownPerms = new Array<string | undefined>(PERMISSION_BITS + 1).fill(undefined);

/** `600`. */
export function permsText(mode: number): string {
  const bits = mode & PERMISSION_BITS;
  let text = knownPerms[bits];
  if (text === undefined) {
    text = bits.toString(8).padStart(3, '0');
    knownPerms[bits] = text;
  }
  return text;
}

/** The kernel writes 0 for "never". */
export const unlessZero = (seconds: number) => (seconds === 0 ? undefined : seconds);

/** A segment of the table; `attach` is absent where no visible process has it attached, `lastUser` where nobody ever did. */
export function assembleSegment(
  row: SysvRow,
  attach: Attach | undefined,
  creator: Maker,
  lastUser: Maker | undefined,
  with_: Assembly,
): ShmObject {
  const { ipcNamespace, shmid, sizeBytes, nattch } = row;
  const key = keyText(row.key);
  const holders = attach ? assembleHolders(attach.holds, with_) : NO_HOLDERS;
  const user = with_.userName(row.uid);
  const perms = permsText(row.mode);
  const isDest = (row.mode & SHM_DEST) !== 0;
  const comm = creator.comm ?? (holders.length > 0 ? holders[0]?.comm : undefined);
  // Once it is marked for destruction the table shows key 0; its mappings still tell the one that it was made with.
  const madeKey = attach?.key ?? key;
  const software = matchSysv(with_.table, { key: madeKey, sizeBytes, perms, isDest, nattch, user, comm });
  const hiddenMappings = Math.max(0, nattch - (attach?.mappingsFound ?? 0));
  const atimeSec = unlessZero(row.atimeSec);
  const dtimeSec = unlessZero(row.dtimeSec);
  const ctimeSec = unlessZero(row.ctimeSec);
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
  const subject = { kind: 'sysv', rawName: key, key: madeKey, uid: row.uid, user } as const;
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
    id: sysvId(ipcNamespace, shmid),
    shortId: sysvShortId(ipcNamespace, shmid, with_.ownNamespace),
    kind: 'sysv',
    rawName: key,
    shmid,
    key,
    ipcNamespace,
    sizeBytes,
    rssBytes: resident?.rssBytes ?? row.rssBytes,
    swapBytes: row.swapBytes,
    hugePageBytes,
    nattch,
    perms,
    status: statusOf(isDest, (row.mode & SHM_LOCKED) !== 0, hugePageBytes !== undefined),
    uid: row.uid,
    user,
    gid: row.gid,
    group: with_.groupName(row.gid),
    cuid: row.cuid,
    cgid: row.cgid,
    creator,
    lastUser,
    atimeSec,
    dtimeSec,
    ctimeSec,
    holders,
    hiddenMappings: hiddenMappings > 0 ? hiddenMappings : undefined,
    software: software && softwareMatch(software),
    container: commonContainer(holders) ?? with_.residents?.ofIpc(ipcNamespace),
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

/** What only sources can tell about a name that nobody seems to hold. */
export interface NameFindings {
  readonly lease?: LeaseAnswer;
  readonly childrenInUse: number;
  readonly content?: NameCase['content'];
  readonly stoodIn?: NameCase['stoodIn'];
  readonly listener?: NameCase['listener'];
  readonly clues?: NameCase['clues'];
  readonly witnessed?: Witnessed;
  readonly mounted?: NameCase['mounted'];
  readonly isCut?: boolean;
  readonly software?: SoftwareHit;
  readonly softwareState?: SoftwareState;
}

/** What is in the end said of a name. */
export interface JudgedName {
  readonly software?: SoftwareHit;
  readonly verdict: Verdict;
}

export function assembleName(
  draft: NameDraft,
  { software, verdict }: JudgedName,
  with_: HolderBook & Pick<Assembly, 'groupName' | 'residents'>,
): ShmObject {
  const { entry, otherNames, id } = draft;
  const holders = draft.holds.size === 0 ? NO_HOLDERS : assembleHolders(draft.holds, with_);
  const { atimeSec, mtimeSec, ctimeSec, btimeSec } = entry;
  return {
    id,
    shortId: entry.path === undefined ? id : posixShortId(entry.name),
    kind: 'posix',
    rawName: entry.name,
    otherRawNames: otherNames.length > 0 ? otherNames : undefined,
    rawPath: entry.path,
    mountNamespace: entry.place.mountNamespace,
    rootInode: entry.place.rootInode,
    type: entry.type,
    device: deviceText(entry.device),
    inode: entry.inode,
    links: entry.links,
    sizeBytes: entry.sizeBytes,
    allocatedBytes: entry.allocatedBytes,
    perms: permsText(entry.mode),
    status: NO_STATUS,
    uid: entry.uid,
    user: with_.userName(entry.uid),
    gid: entry.gid,
    group: with_.groupName(entry.gid),
    atimeSec,
    mtimeSec,
    ctimeSec,
    btimeSec,
    holders,
    software: software && softwareMatch(software),
    container: commonContainer(holders) ?? with_.residents?.ofPlace(entry.place),
    verdict,
  };
}

/** What is judged of a name. Field by field: a spread of findings costs microseconds, a hundred thousand times a look. */
export function nameCase(
  { entry, holds }: NameDraft,
  findings: NameFindings,
  { notInspected, seesAllProcesses }: Pick<Assembly, 'notInspected' | 'seesAllProcesses'>,
): NameCase {
  return {
    kind: 'posix',
    type: entry.type,
    holderCount: holds.size,
    otherNames: entry.links - 1,
    isDedicated: isProvable(entry.place),
    childrenInUse: findings.childrenInUse,
    content: findings.content,
    stoodIn: findings.stoodIn,
    listener: findings.listener,
    clues: findings.clues,
    witnessed: findings.witnessed,
    mounted: findings.mounted,
    isCut: findings.isCut,
    lease: findings.lease,
    software: findings.software,
    softwareState: findings.softwareState,
    notInspected,
    seesAllProcesses,
    atimeSec: entry.atimeSec,
    mtimeSec: entry.mtimeSec,
    ctimeSec: entry.ctimeSec,
  };
}

/** What a witness knows a name by. */
export const identifiedName = ({ entry }: NameDraft): WitnessQuestion => ({
  kind: 'posix',
  device: deviceText(entry.device),
  inode: entry.inode,
  birthNs: birthNs(entry),
  usedSec: newestSec(entry),
});

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

/** The verdict on a name, as far as it is known what the findings say. */
export function judgeDraft(
  draft: NameDraft,
  findings: NameFindings,
  with_: Pick<Assembly, 'notInspected' | 'seesAllProcesses' | 'nowSec' | 'minAgeSec' | 'never' | 'userName'>,
): Verdict {
  const verdict = judgeName(nameCase(draft, findings, with_), with_);
  if (with_.never === undefined || with_.never.length === 0) return verdict;
  const { name, uid } = draft.entry;
  const subject = {
    kind: 'posix',
    rawName: name,
    otherRawNames: draft.otherNames,
    uid,
    user: with_.userName(uid),
  } as const;
  return spare(verdict, subject, with_.never);
}

/** Absent for base pages. */
export const hugePageSize = (mappedPageBytes: number | undefined, pageBytes: number) =>
  mappedPageBytes !== undefined && mappedPageBytes > pageBytes ? mappedPageBytes : undefined;

/** The same empty list for all that are nothing special. */
export function statusOf(isDest: boolean, isLocked: boolean, isHuge: boolean): readonly Status[] {
  if (!isDest && !isLocked && !isHuge) return NO_STATUS;
  const status: Status[] = [];
  if (isDest) status.push('dest');
  if (isLocked) status.push('locked');
  if (isHuge) status.push('hugetlb');
  return status;
}
