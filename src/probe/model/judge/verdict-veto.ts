// What speaks against "abandoned" whatever the object is: its software keeps it, or it is too young.

import { idleSeconds, type Times } from '../object.ts';
import type { Evidence } from './evidence.ts';
import type { SoftwareHit } from './software.ts';
import type { VerdictContext } from './verdict-case.ts';

/** Kept on purpose, data, or to be asked of its vendor's tool. */
export function softwareVeto(software: SoftwareHit | undefined): Evidence | undefined {
  if (!software) return undefined;
  const { name, cleanup, leftover, outlives, isInterface } = software.row;
  // It stays after its processes are gone, and no rule tells when that is not meant.
  if (leftover.when === 'unknown' && outlives && !isInterface) return { code: 'software-keeps', software: name };
  if (leftover.when !== 'never') return undefined;
  switch (leftover.because) {
    case 'keeps':
      return { code: 'software-keeps', software: name };
    case 'user-data':
      return { code: 'user-data', software: name };
    case 'vendor-tool':
      return { code: 'vendor-tool', software: name, detail: cleanup };
  }
}

/** Too young to be called abandoned, or of an age that the clock does not tell. */
export function youth(
  times: Times,
  { nowSec, minAgeSec }: VerdictContext,
  software?: SoftwareHit,
): Evidence | undefined {
  if (minAgeSec === 0) return undefined;
  const limitSeconds = Math.max(minAgeSec, software?.row.patienceSec ?? 0);
  const seconds = idleSeconds(times, nowSec);
  if (seconds === undefined) return { code: 'age-unknown' };
  if (seconds < -1) return { code: 'clock-ahead' };
  return seconds < limitSeconds
    ? { code: 'too-young', seconds: Math.max(0, Math.floor(seconds)), limitSeconds }
    : undefined;
}
