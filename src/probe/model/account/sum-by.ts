// Whose memory it is, of the whole account: objects by owner, files on a tmpfs that are not listed, and the remainder.
import { costBytes, type Holder, type ShmObject } from '../object.ts';
import { OWNER_KINDS, type OwnerKind, ownerKey } from '../owner.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Account, AccountPart } from './account.ts';
import { isHeldByNobody } from './held-by-nobody.ts';

/** `process`: each holder has its equal part of what several hold. */
export type SumKind = OwnerKind | 'process';
export const SUM_KINDS: readonly SumKind[] = [...OWNER_KINDS, 'process'];

/** How it is called: `sumLabel` (ui/format/account-words.ts). */
export interface OwnerSum {
  readonly by: SumKind;
  /** `objects`: of one owner. `files`: those on a tmpfs that are not listed one by one. `remainder`: what nobody accounts for. */
  readonly kind: 'objects' | 'files' | 'remainder';
  /** As `ownerKey` gives it, or `<pid>` or `UNSEEN`; absent: none of that kind, or none that is known. */
  readonly key?: string;
  /** Any of its objects: who it is can be read from each of them. */
  readonly example?: ShmObject;
  /** By process: who it is; absent: nobody, or nobody that can be seen. */
  readonly holder?: Holder;
  /** Of files: the mount that they lie on. */
  readonly part?: AccountPart;
  /** In memory and swap. */
  readonly bytes: number;
  /** Of it, what is proven abandoned. */
  readonly freeableBytes: number;
  /** Of it, what is orphaned: perhaps. */
  readonly perhapsBytes: number;
  readonly objectIds: readonly string[];
}

/** The largest first; what is no part of Shmem (huge pages, files on disk) is in it too, since somebody owns it. */
export function sumBy({ objects }: Pick<Snapshot, 'objects'>, account: Account, by: SumKind): OwnerSum[] {
  const sums = new Map<string | undefined, Draft>();
  for (const object of objects) {
    const keys = keysOf(object, by);
    for (const [at, key] of keys.entries()) {
      const draft = sums.get(key) ?? { ...newDraft(object, by, at), objectIds: [] };
      addTo(draft, object, keys.length);
      sums.set(key, draft);
    }
  }
  const owners = [...sums].map(([key, draft]): OwnerSum => ({ by, kind: 'objects', key, ...draft }));
  return [...owners, ...fileSums(account, by), ...remainderSum(account, by)]
    .filter(({ bytes, objectIds }) => bytes !== 0 || objectIds.length > 0)
    .sort((a, b) => b.bytes - a.bytes);
}

const newDraft = (example: ShmObject, by: SumKind, at: number) => ({
  example,
  holder: by === 'process' ? example.holders[at] : undefined,
  bytes: 0,
  freeableBytes: 0,
  perhapsBytes: 0,
});

interface Draft {
  readonly example: ShmObject;
  readonly holder?: Holder;
  bytes: number;
  freeableBytes: number;
  perhapsBytes: number;
  readonly objectIds: string[];
}

/** By process: what is held, or may be, by who cannot be seen. */
export const UNSEEN = 'unseen';

function keysOf(object: ShmObject, by: SumKind): readonly (string | undefined)[] {
  if (by !== 'process') return [ownerKey(object, by)];
  if (object.holders.length > 0) return object.holders.map(({ pid }) => String(pid));
  return [isHeldByNobody(object) ? undefined : UNSEEN];
}

/** Is the object among those of the sum with that key? */
export const isOwnedBy = (object: ShmObject, by: SumKind, key: string | undefined): boolean =>
  keysOf(object, by).includes(key);

function addTo(draft: Draft, object: ShmObject, owners: number): void {
  const bytes = (costBytes(object) ?? 0) / owners;
  draft.bytes += bytes;
  if (object.verdict.state === 'abandoned') draft.freeableBytes += bytes;
  if (object.verdict.state === 'orphaned') draft.perhapsBytes += bytes;
  draft.objectIds.push(object.id);
}

function fileSums({ parts }: Account, by: SumKind): OwnerSum[] {
  return parts
    .filter(({ kind, bytes, listedBytes }) => kind === 'mount' && bytes > listedBytes)
    .map((part) => ({
      ...NOTHING,
      by,
      kind: 'files',
      key: part.mount?.device,
      part,
      bytes: part.bytes - part.listedBytes,
    }));
}

function remainderSum({ remainderBytes = 0 }: Account, by: SumKind): OwnerSum[] {
  return [{ ...NOTHING, by, kind: 'remainder', bytes: remainderBytes }];
}

const NOTHING = { freeableBytes: 0, perhapsBytes: 0, objectIds: [] } as const;
