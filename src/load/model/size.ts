// PURE: rates as people type them (100k, 1.5M/s), and sizes as the messages of load/ show them.

const COUNT = /^(\d+(?:\.\d+)?)([kmg])?(?:\/s)?$/i;
const COUNT_UNIT: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };

/** `100000`, `100k`, `1.5M/s` (powers of 1000) as a number a second; undefined when it is none of these. */
export function parseRate(text: string): number | undefined {
  const match = COUNT.exec(text.trim());
  return match ? Number(match[1]) * (COUNT_UNIT[match[2]?.toLowerCase() ?? ''] ?? 1) : undefined;
}

/** A size in the notation that `parseBytes` takes, exact: `64`, `4K`, `1M`, `100` … */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 2 && bytes % 1024 ** 2 === 0) return `${bytes / 1024 ** 2}M`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024}K` : String(bytes);
}

/** The same with its unit, exact, for a sentence: `64 B`, `4 KiB`, `1 MiB`. */
export function exactSizeText(bytes: number): string {
  const text = sizeText(bytes);
  if (text.endsWith('M')) return `${text.slice(0, -1)} MiB`;
  return text.endsWith('K') ? `${text.slice(0, -1)} KiB` : `${text} B`;
}

/** A size in words for a message: `24.0 GiB`, `512 B`. */
export function bytesText(bytes: number): string {
  for (const [unit, name] of [
    [1024 ** 3, 'GiB'],
    [1024 ** 2, 'MiB'],
    [1024, 'KiB'],
  ] as const) {
    if (bytes >= unit) return `${(bytes / unit).toFixed(1)} ${name}`;
  }
  return `${bytes} B`;
}
