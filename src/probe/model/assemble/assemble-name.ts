// A name in /dev/shm as an object: what is asked of it is judged, and what was found told.
import { posixShortId } from '../identity.ts';
import type { NameDraft } from '../join/join.ts';
import { deviceText } from '../join/mapping-record.ts';
import { isProvable } from '../join/shm-place.ts';
import { spare } from '../judge/never-touch.ts';
import { type SoftwareHit, softwareMatch } from '../judge/software.ts';
import type { LeaseAnswer, NameCase, SoftwareState, Witnessed } from '../judge/verdict-case.ts';
import { judgeName } from '../judge/verdict-name.ts';
import { birthNs } from '../life/birth.ts';
import type { WitnessQuestion } from '../life/weigh.ts';
import { newestSec, type ShmObject, type Verdict } from '../object.ts';
import { assembleHolders, commonContainer, type HolderBook, NO_HOLDERS } from './assemble-holders.ts';
import { type Assembly, NO_STATUS, permsText } from './assembly.ts';

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
