// Turns what is known only through its holders into objects: unlinked names, memfds, anonymous memory, mapped files.

import type { LooseDraft } from '../join/join.ts';
import { deviceText } from '../join/mapping-record.ts';
import { matchFile, matchMemfd, matchPosix, matchUnlinked, softwareMatch } from '../judge/software.ts';
import type { Holder, ShmObject } from '../object.ts';
import { assembleHolders, commonContainer } from './assemble-holders.ts';
import { type Assembly, hugePageSize, permsText, statusOf } from './assembly.ts';

/** What statx(2) through a holder tells of an object without a name; absent where that is not permitted. */
export interface LooseStat {
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly mode: number;
  readonly links: number;
  readonly uid: number;
  readonly gid: number;
  readonly atimeSec: number;
  readonly mtimeSec: number;
  readonly ctimeSec: number;
  readonly btimeSec?: number;
}

/** `onDisk`: the file system that it lies on, where that is no memory. */
export function assembleLoose(
  draft: LooseDraft,
  stat: LooseStat | undefined,
  onDisk: string | undefined,
  with_: Assembly,
): ShmObject {
  const { id, kind, device, inode } = draft;
  const holders = assembleHolders(draft.holds, with_);
  const rawName = looseName(draft);
  const software = looseSoftware(kind, rawName, holders, with_);
  const hugePageBytes = hugePageSize(draft.pageSizeBytes, with_.pageBytes);
  return {
    id,
    shortId: id,
    kind,
    rawName,
    device: deviceText(device),
    inode,
    links: stat?.links,
    sizeBytes: stat?.sizeBytes ?? (draft.extentBytes > 0 ? draft.extentBytes : undefined),
    allocatedBytes: onDisk === undefined ? stat?.allocatedBytes : undefined,
    onDisk,
    onMemory: isDeviceFile(draft, stat) ? undefined : draft.onMemory,
    hugePageBytes,
    perms: stat && permsText(stat.mode),
    status: statusOf(false, false, hugePageBytes !== undefined),
    uid: stat?.uid,
    user: stat && with_.userName(stat.uid),
    gid: stat?.gid,
    group: stat && with_.groupName(stat.gid),
    atimeSec: stat?.atimeSec,
    mtimeSec: stat?.mtimeSec,
    ctimeSec: stat?.ctimeSec,
    btimeSec: stat?.btimeSec,
    holders,
    software: software && softwareMatch(software),
    container: commonContainer(holders),
    verdict: {
      state: 'in-use',
      evidence: [
        { code: 'held', count: holders.length },
        ...(onDisk === undefined ? [] : [{ code: 'on-disk', detail: onDisk } as const]),
      ],
    },
  };
}

function looseSoftware(kind: LooseDraft['kind'], rawName: string, holders: readonly Holder[], { table }: Assembly) {
  switch (kind) {
    case 'memfd':
      return matchMemfd(table, rawName.slice('memfd:'.length));
    case 'posix':
      return matchPosix(table, rawName.slice(1));
    case 'unlinked':
      return (
        matchPosix(table, rawName.slice(1)) ??
        matchUnlinked(
          table,
          holders.map(({ comm }) => comm),
        )
      );
    case 'file':
      return matchFile(table, rawName);
    case 'anonymous':
      return undefined;
  }
}

function looseName({ kind, name }: LooseDraft): string {
  switch (kind) {
    case 'memfd':
      return name.slice(1); // `/memfd:x` → `memfd:x`
    case 'anonymous':
      return name === '/dev/zero' || name === '/anon_hugepage' || name === '' ? 'anonymous' : name;
    case 'unlinked':
    case 'posix':
      return name.startsWith('/dev/shm/') ? name.slice('/dev/shm'.length) : name;
    case 'file':
      return name;
  }
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** The files of devices lie on a devtmpfs, or a tmpfs of a container; what is mapped there is the device. */
function isDeviceFile({ name }: LooseDraft, stat: LooseStat | undefined): boolean {
  return stat === undefined ? name.startsWith('/dev/') : (stat.mode & S_IFMT) !== S_IFREG;
}
