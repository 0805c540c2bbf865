// Lengths of time that may be shorter than a second: `0.3 ms`, `120 ms`, `12.3 s`, then as other lengths of time.
import { formatDuration } from './duration.ts';

export function formatMilliseconds(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms / 1000);
}
