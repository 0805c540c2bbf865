// `summary --json`: the account, its sums by owner, every ceiling with its error and remedy, what would come free.
import type { AccountPart, HugeAccount } from '../probe/model/account/account.ts';
import { type Consumer, consumersAmong } from '../probe/model/account/consumers.ts';
import type { OwnerSum } from '../probe/model/account/sum-by.ts';
import { escapeBytes } from '../probe/model/bytes.ts';
import { type Ceiling, ceilingsOf, shareOf } from '../probe/model/ceilings.ts';
import { sumTotals } from '../probe/model/totals.ts';
import { partLabel, sumLabel } from '../ui/format/account-words.ts';
import { remedyOf } from '../ui/format/ceiling-remedy.ts';
import { ceilingWords } from '../ui/format/ceiling-words.ts';
import { type Surroundings, surroundingsOf } from '../ui/format/owner-words.ts';
import { jsonOfGap, SCHEMA_VERSION } from './json.ts';
import type { Summary } from './summary-found.ts';

export function jsonOfSummary(found: Summary) {
  const { snapshot, account, objects, isWhole, by, sums, limits, memory } = found;
  const around = surroundingsOf(snapshot, limits);
  const { abandoned, orphaned } = sumTotals(objects).byVerdict;
  const consumers = consumersAmong(snapshot.objects, snapshot.host.ipcNamespace);
  return {
    schemaVersion: SCHEMA_VERSION,
    takenAt: new Date(snapshot.takenAtMs).toISOString(),
    complete: snapshot.visibility.complete && !account.isPartly,
    filtered: !isWhole,
    shmemBytes: account.shmemBytes,
    shmemHugeBytes: account.shmemHugeBytes,
    totalBytes: account.totalBytes,
    swapUsedBytes: account.swapBytes,
    remainderBytes: account.remainderBytes,
    parts: account.parts.map((part) => jsonOfPart(part, around)),
    hugePages: account.huge.map((pool) => jsonOfPool(pool, around)),
    by: by ?? 'owner',
    sums: sums.map((sum) => jsonOfSum(sum, around)),
    ceilings: ceilingsOf(limits, memory, snapshot.objects, snapshot.namespaces).map((ceiling) =>
      jsonOfCeiling(ceiling, limits.pageSizeBytes, consumers(ceiling)),
    ),
    freeable: { objects: abandoned.objects, bytes: abandoned.costBytes },
    perhaps: { objects: orphaned.objects, bytes: orphaned.costBytes },
    gaps: [...snapshot.visibility.gaps, ...snapshot.gaps].map(jsonOfGap),
  };
}

export function jsonOfPart(part: AccountPart, around: Surroundings) {
  const { id, kind, bytes, swapBytes, listedBytes, objectIds, ipcNamespace, mount, notes } = part;
  return {
    id: escapeBytes(id),
    kind,
    label: partLabel(part, around),
    bytes,
    swapBytes,
    listedBytes,
    objects: objectIds.length,
    ipcNamespace,
    mount: mount && {
      path: mount.path === undefined ? undefined : escapeBytes(mount.path),
      pid: mount.pid,
      device: mount.device,
      fileSystem: mount.fileSystem,
      sizeBytes: mount.sizeBytes,
      usedBytes: mount.usedBytes,
      inodes: mount.inodes,
      inodesUsed: mount.inodesUsed,
    },
    notes,
  };
}

export function jsonOfPool(
  { pageBytes, pages, free, reserved, surplus, parts, remainderBytes }: HugeAccount,
  around: Surroundings,
) {
  return {
    pageBytes,
    pages,
    free,
    reserved,
    surplus,
    remainderBytes,
    parts: parts.map((part) => jsonOfPart(part, around)),
  };
}

export function jsonOfSum(sum: OwnerSum, around: Surroundings) {
  const { kind, key, bytes, freeableBytes, perhapsBytes, objectIds } = sum;
  return {
    kind,
    key: key === undefined ? undefined : escapeBytes(key),
    label: sumLabel(sum, around),
    bytes: Math.round(bytes),
    freeableBytes: Math.round(freeableBytes),
    perhapsBytes: Math.round(perhapsBytes),
    objects: objectIds.length,
  };
}

/** So many of those who use a limit up. */
const MOST_CONSUMERS = 5;

export function jsonOfCeiling(ceiling: Ceiling, pageSizeBytes: number, consumers: readonly Consumer[]) {
  const { id, kind, unit, used, limit } = ceiling;
  const { title, error, advice } = ceilingWords(ceiling);
  return {
    id,
    kind,
    title,
    unit,
    used,
    limit,
    share: shareOf(ceiling),
    error,
    advice,
    remedy: remedyOf(ceiling, pageSizeBytes),
    consumers: consumers.slice(0, MOST_CONSUMERS).map(({ comm, isUnseen, processes, objects, bytes }) => ({
      comm: comm === undefined ? undefined : escapeBytes(comm),
      unseen: isUnseen || undefined,
      processes,
      objects,
      bytes,
    })),
  };
}
