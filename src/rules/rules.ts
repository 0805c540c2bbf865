// What config.toml adds to what the program knows: rows of software and the never-touch list, with their effect on the built-in table.
import type { NeverList } from '../probe/model/judge/never-touch.ts';
import type { SoftwareRow } from '../probe/model/judge/software.ts';
import { SOFTWARE_TABLE } from '../probe/model/judge/software-table.ts';

export interface Rules {
  /** All that a Sampler is to know software by. */
  readonly table: readonly SoftwareRow[];
  readonly never: NeverList;
  /** One sentence for each thing that was not understood; the rest holds. */
  readonly problems: readonly string[];
  /** Watches and dashboards record beside their work: not where a file says `witness = false`, or cannot be understood. */
  readonly mayRecord: boolean;
  /** Why nobody knows what is not to be touched, in words: nothing may be removed but by --force. Absent: all was understood. */
  readonly blocked?: string;
}

export const NO_RULES: Rules = { table: SOFTWARE_TABLE, never: [], problems: [], mayRecord: true };

/**
 * The first row that matches counts. Vetoes stand first, a person's and the built-in ones: no row of config.toml makes provable
 * what the built-in table protects; a veto of config.toml overrides every other row; and where a row says nothing of leftovers,
 * what it matches can no longer be proven one.
 */
export function tableWith(own: readonly SoftwareRow[]): readonly SoftwareRow[] {
  if (own.length === 0) return SOFTWARE_TABLE;
  const isVeto = ({ leftover }: SoftwareRow) => leftover.when === 'never';
  const isNoVeto = (row: SoftwareRow) => !isVeto(row);
  return [
    ...[own, SOFTWARE_TABLE].flatMap((rows) => rows.filter(isVeto)),
    ...[own, SOFTWARE_TABLE].flatMap((rows) => rows.filter(isNoVeto)),
  ];
}
