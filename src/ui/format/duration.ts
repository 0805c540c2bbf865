// Lengths of time as people write them: `45s`, `12m`, `2h14m`, `3d04h`, `123d`, and back.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const two = (value: number) => String(value).padStart(2, '0');

/** Two units at most, six characters up to 273 years; `future` where it is negative (a clock was set). */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 0) return 'future';
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h${two(Math.floor((whole % HOUR) / MINUTE))}m`;
  const days = Math.floor(whole / DAY);
  return days < 100 ? `${days}d${two(Math.floor((whole % DAY) / HOUR))}h` : `${days}d`;
}

/**
 * Seconds meant by `90`, `1.5`, `90s`, `500ms`, `10m`, `2h`, `7d`, `1w`, `1h30m`, `1.5h`, to the millisecond; absent where it is none
 * of these or too large for an exact number. What `formatDuration` writes is accepted. The one grammar of every option, filter
 * word and setting.
 */
export function parseDuration(text: string): number | undefined {
  if (/^(\d+(\.\d+)?|\.\d+)$/.test(text)) return exact(Number(text));
  if (!/^((\d+(\.\d+)?|\.\d+)(ms|[smhdw]))+$/i.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+(?:\.\d+)?|\.\d+)(ms|[smhdw])/gi)) {
    seconds += Number(count) * (UNIT_SECONDS[unit?.toLowerCase() ?? ''] ?? Number.NaN);
  }
  return exact(seconds);
}

function exact(seconds: number): number | undefined {
  const milliseconds = Math.round(seconds * 1000);
  return Number.isSafeInteger(milliseconds) ? milliseconds / 1000 : undefined;
}

/** For a refusal: what a length of time looks like. */
export const DURATION_WORDS = 'a length of time, such as 90, 500ms, 90s, 10m, 2h or 7d';
