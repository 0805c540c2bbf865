// THE table of what `check` measures: what is typed, its unit, and from when on it alerts unless told otherwise.
import { BYTES_WORDS, parseBytes } from '../../ui/format/bytes.ts';

export type MeasureUnit = '' | '%' | 'B';

interface MeasureRow {
  /** Without its dashes. */
  readonly option: string;
  readonly unit: MeasureUnit;
  /** Ranges, where neither `-w` nor `-c` is given. */
  readonly warning: string;
  readonly critical?: string;
}

const PERCENT = { unit: '%', warning: '80', critical: '90' } as const;

export const MEASURES = [
  { option: 'abandoned', unit: '', warning: '0' },
  { option: 'orphaned', unit: '', warning: '0' },
  { option: 'abandoned-bytes', unit: 'B', warning: '0' },
  { option: 'segments-used', ...PERCENT },
  { option: 'shm-used', ...PERCENT },
  { option: 'inodes-used', ...PERCENT },
  { option: 'semaphores-used', ...PERCENT },
] as const satisfies readonly MeasureRow[];

export type Measure = (typeof MEASURES)[number];

/** Of a range of this measure; numbers have no sign here. */
export function numberIn(unit: MeasureUnit, text: string): number | undefined {
  if (unit === 'B') return parseBytes(text);
  const digits = unit === '%' ? text.replace(/%$/, '') : text;
  return /^(\d+(\.\d*)?|\.\d+)$/.test(digits) ? Number(digits) : undefined;
}

export const unitWords = (unit: MeasureUnit): string =>
  unit === 'B' ? `; in ${BYTES_WORDS}` : unit === '%' ? '; in percent' : '';
