// What a monitoring plug-in answers: its four words, their exit codes, and which of them a value comes to.
import { alerts, type Range, type Span } from './range.ts';

/** Word by exit code. */
const WORDS = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
export type Status = (typeof WORDS)[number];

export const exitCodeOf = (status: Status): number => WORDS.indexOf(status);

/** The ranges of `-w` and `-c`. */
export interface Thresholds {
  readonly warning?: Range;
  readonly critical?: Range;
}

/**
 * A value that is only known to lie in a span is never called fine, nor worse than it certainly is: where it could be critical it is
 * a warning if it is that at least, where it could be fine or not it is not known.
 */
export function statusOf(span: Span, { warning, critical }: Thresholds): Status {
  const isCritical = critical ? alerts(critical, span) : 'never';
  const isWarning = warning ? alerts(warning, span) : 'never';
  if (isCritical === 'always') return 'CRITICAL';
  if (isWarning === 'always') return 'WARNING';
  return isCritical === 'never' && isWarning === 'never' ? 'OK' : 'UNKNOWN';
}

const BY_WEIGHT: readonly Status[] = ['CRITICAL', 'WARNING', 'UNKNOWN', 'OK'];

/** Of several; UNKNOWN of none. */
export function worstOf(all: readonly Status[]): Status {
  return BY_WEIGHT.find((status) => all.includes(status)) ?? 'UNKNOWN';
}
