// What could not be seen: every source returns a value and gaps, and every surface shows them.

/** Where a gap arose: a place that was to be read. */
export const GAP_SOURCES = [
  'maps',
  'fd',
  'stat',
  'ns',
  'sysv',
  'dev-shm',
  'tmpfs-inodes',
  'lease',
  'proc',
  'rss',
  'native',
] as const;
export type GapSource = (typeof GAP_SOURCES)[number];

/**
 * Why: `permission` (EACCES, EPERM), `vanished` (ENOENT, ESRCH), `io` (EIO and other errors), `malformed` text, `unsupported` by
 * kernel or build, `limit` (there is more than is looked at), `no-answer` (it did not answer in time).
 */
export const GAP_REASONS = ['permission', 'vanished', 'io', 'malformed', 'unsupported', 'limit', 'no-answer'] as const;
export type GapReason = (typeof GAP_REASONS)[number];

export interface Gap {
  readonly source: GapSource;
  readonly reason: GapReason;
  /** How many things were missed (processes, lines, objects); at least 1. */
  readonly count: number;
  /** The processes concerned, where it is about processes. */
  readonly pids?: readonly number[];
  /** What was missed, in words, where source and reason do not say it. */
  readonly detail?: string;
}

/** Collects gaps while sources run; those of one source and reason are counted together. */
export class GapList {
  readonly #gaps = new Map<
    string,
    { source: GapSource; reason: GapReason; count: number; pids: Set<number>; detail?: string }
  >();

  add(source: GapSource, reason: GapReason, about: { pid?: number; count?: number; detail?: string } = {}): void {
    const key = `${source} ${reason} ${about.detail ?? ''}`;
    let gap = this.#gaps.get(key);
    if (!gap) {
      gap = { source, reason, count: 0, pids: new Set(), detail: about.detail };
      this.#gaps.set(key, gap);
    }
    if (about.pid !== undefined) {
      if (gap.pids.has(about.pid)) return;
      gap.pids.add(about.pid);
    }
    gap.count += about.count ?? 1;
  }

  /** The gaps so far; `pids` is left out where no process was named. */
  list(): Gap[] {
    return [...this.#gaps.values()].map(({ pids, detail, ...gap }) => ({
      ...gap,
      ...(pids.size > 0 ? { pids: [...pids] } : {}),
      ...(detail === undefined ? {} : { detail }),
    }));
  }
}
