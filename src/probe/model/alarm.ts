// What is full, or nearly so, or will be in minutes.
import type { Ceiling } from './ceilings.ts';

/** `full`: the next program that wants some gets the error. `near`: nine tenths are used. `soon`: full in minutes at this rate. */
export type AlarmLevel = 'full' | 'near' | 'soon';

export interface Alarm {
  readonly level: AlarmLevel;
  readonly ceiling: Ceiling;
  /** Used of its limit, 0 to 1. */
  readonly share: number;
  /** Seconds at the present rate; absent: it does not grow, or that is not known. */
  readonly fullInSec?: number;
}

/** From this share of a limit on it is said. */
export const NEAR = 0.9;
/** A rate tells nothing of what is nearly empty. */
const HALF = 0.5;
const SOON_SEC = 600;
/** Less than one page is no room. */
const PAGE_BYTES = 4096;
const ORDER: readonly AlarmLevel[] = ['full', 'near', 'soon'];

/** Neither of the machine nor of our own namespaces: who makes a namespace makes limits in it, as small and as full as he likes. */
export const isForeign = (ceiling: Ceiling): boolean =>
  'namespace' in ceiling ||
  ceiling.kind === 'group' ||
  ('mount' in ceiling && (ceiling.mount.isOfOthers === true || /^\/proc\/\d+\/root(\/|$)/.test(ceiling.mount.path)));

/** A control group is full of page cache at most times, which goes when it must: what stays counts. */
const pressing = (ceiling: Ceiling): number => {
  const { used = 0 } = ceiling;
  return 'shmemBytes' in ceiling && ceiling.kind === 'group' ? (ceiling.shmemBytes ?? 0) : used;
};

/** Ours before those of others, the worst first; mostly none. `fullInSec`: by ceiling, as `Alarm` has it. */
export function alarmsOf(
  ceilings: readonly Ceiling[],
  fullInSec: (ceiling: Ceiling, limit: number) => number | undefined = () => undefined,
): readonly Alarm[] {
  return ceilings
    .flatMap((ceiling): Alarm[] => {
      const { limit } = ceiling;
      const used = pressing(ceiling);
      if (!limit) return [];
      const seconds = fullInSec(ceiling, limit);
      const level = levelOf(ceiling, used, limit, seconds);
      return level ? [{ level, ceiling, share: used / limit, fullInSec: seconds }] : [];
    })
    .sort(
      (a, b) =>
        Number(isForeign(a.ceiling)) - Number(isForeign(b.ceiling)) ||
        ORDER.indexOf(a.level) - ORDER.indexOf(b.level) ||
        b.share - a.share,
    );
}

function levelOf(
  { kind, unit }: Ceiling,
  used: number,
  limit: number,
  fullInSec: number | undefined,
): AlarmLevel | undefined {
  // One segment of the largest size that is allowed is no trouble. RAM has no end that an error tells: it is never called full.
  if (kind === 'largest') return undefined;
  if (kind !== 'shmem' && limit - used < (unit === 'bytes' ? PAGE_BYTES : 1)) return 'full';
  if (used / limit >= NEAR) return 'near';
  return used / limit >= HALF && fullInSec !== undefined && fullInSec <= SOON_SEC ? 'soon' : undefined;
}
