// Rates, times and shares of a load as text. Powers of 1000 throughout: GB/s is 10^9 bytes a second.

const STEPS = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** Three digits and a unit: `76.9 M`, `1.02 G`, `950`; 0 is `0`. */
export function formatCount(value: number): string {
  for (const [step, unit] of STEPS) if (value >= step * 0.9995) return `${threeDigits(value / step)} ${unit}`;
  return value === 0 ? '0' : threeDigits(value);
}

/** `4.92 GB/s`, powers of 1000. */
export function formatByteRate(bytesPerSecond: number): string {
  const text = formatCount(bytesPerSecond);
  return text.includes(' ') ? `${text}B/s` : `${text} B/s`;
}

/** `273 ns`, `60.1 µs`, `1.85 ms`, `2.10 s`. */
export function formatNs(ns: number): string {
  if (ns < 999.5) return `${threeDigits(ns)} ns`;
  if (ns < 999.5e3) return `${threeDigits(ns / 1e3)} µs`;
  return ns < 999.5e6 ? `${threeDigits(ns / 1e6)} ms` : `${threeDigits(ns / 1e9)} s`;
}

/** The same text where only ASCII can be shown: `60.1 us`, `running ...`. */
export const asciiWords = (text: string): string => text.replaceAll('µs', 'us').replaceAll('…', '...');

/** A share from 0 to 1 as whole per cent: `12 %`; below half a per cent but not nothing: `<1 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '<1 %';
  return `${Math.round(share * 100)} %`;
}

/** How many times: `16x`, `4.2x`, `0.38x`. */
export function formatRatio(ratio: number): string {
  if (ratio >= 9.95) return `${Math.round(ratio)}x`;
  return ratio >= 0.995 ? `${ratio.toFixed(1)}x` : `${ratio.toFixed(2)}x`;
}

/** Three significant digits without an exponent: `0.06`, `4.92`, `76.9`, `207`. */
export function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
