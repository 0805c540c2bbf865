// Pools of huge pages, and what keeps their pages: files on a hugetlbfs, segments, memfds and anonymous mappings made of them.
import type { ShmObject } from '../object.ts';
import type { AccountPart, AccountReadings, HugeAccount, PartKind } from './account.ts';
import { byBytes, sumOf } from './part-sum.ts';

/** Is it made of pages of a pool? Those are not in Shmem. */
export const isHuge = ({ hugePageBytes, onMemory }: ShmObject): boolean =>
  hugePageBytes !== undefined || onMemory === 'hugetlbfs';

export function hugeAccounts(objects: readonly ShmObject[], { pools, mounts }: AccountReadings): HugeAccount[] {
  const huge = objects.filter(isHuge);
  return pools.map((pool) => {
    const { pageBytes, pages, free } = pool;
    const ofPool = huge.filter(({ hugePageBytes }) => (hugePageBytes ?? pageBytes) === pageBytes);
    const shown = mounts.filter((mount) => mount.fileSystem === 'hugetlbfs' && mount.pageBytes === pageBytes);
    const devices = new Set(shown.map(({ device }) => device));
    const parts = [
      ...shown.map((mount): AccountPart => {
        const sum = sumOf(ofPool.filter(({ kind, device }) => kind === 'file' && device === mount.device));
        return {
          id: `hugetlb:${mount.device}`,
          kind: 'hugetlb',
          mount,
          ...sum,
          bytes: mount.usedBytes ?? sum.bytes,
          notes: mount.usedBytes === undefined ? ['not-reached'] : [],
        };
      }),
      ...[
        ...Map.groupBy(
          ofPool.filter(({ device = '' }) => !devices.has(device)),
          ({ kind }) => kind,
        ),
      ].map(
        ([kind, members]): AccountPart => ({
          id: `hugetlb:${kind}`,
          kind: partKindOf(kind),
          ...sumOf(members),
          notes: [],
        }),
      ),
    ]
      .filter(({ bytes, objectIds }) => bytes > 0 || objectIds.length > 0)
      .sort(byBytes);
    const used = (pages - free) * pageBytes;
    return { ...pool, parts, remainderBytes: parts.reduce((left, { bytes }) => left - bytes, used) };
  });
}

const partKindOf = (kind: ShmObject['kind']): PartKind =>
  kind === 'sysv' || kind === 'memfd' || kind === 'anonymous' ? kind : 'hugetlb';
