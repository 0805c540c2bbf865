// Sums of objects that make one part of the account.
import { costBytes, type ShmObject } from '../object.ts';
import type { AccountPart } from './account.ts';

export function sumOf(members: readonly ShmObject[]): Pick<AccountPart, 'bytes' | 'listedBytes' | 'objectIds'> {
  const bytes = members.reduce((sum, object) => sum + (costBytes(object) ?? 0), 0);
  return { bytes, listedBytes: bytes, objectIds: members.map(({ id }) => id) };
}

export const byBytes = (a: AccountPart, b: AccountPart): number => b.bytes - a.bytes;
