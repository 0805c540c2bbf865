// What the rows of the account can be sums of, in words.
import type { SumKind } from '../../probe/model/account/sum-by.ts';
import { OWNER_WORDS } from './owner-words.ts';

export const SUM_WORDS: Readonly<Record<SumKind, { readonly one: string; readonly many: string }>> = {
  ...OWNER_WORDS,
  process: { one: 'process', many: 'processes' },
};
