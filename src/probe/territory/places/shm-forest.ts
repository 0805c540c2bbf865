// Walks all places of POSIX shared memory and sums up what they tell together: names, devices, inodes without a name.
import { monotonicMs } from '../../../native/monotonic.ts';
import { GapList } from '../../model/gap.ts';
import { type DeviceNumber, deviceText } from '../../model/join/mapping-record.ts';
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import type { ShmMount } from '../../model/snapshot.ts';
import { FOREIGN_PLACE, FOREIGN_PLACES, OWN_PLACE, type WalkLimits } from './limits.ts';
import { type FoundPlace, PlaceFinder, type PlacesRequest } from './shm-places.ts';
import type { Usage } from './usage.ts';
import { type Walk, walk } from './walk.ts';

export interface ShmForest {
  readonly entries: readonly ShmEntry[];
  readonly mounts: readonly ShmMount[];
  /** Devices on which named objects live. */
  readonly devices: ReadonlySet<DeviceNumber>;
  /** Those of them of which every name is known and that are nothing but /dev/shm: what has no name there was unlinked. */
  readonly dedicated: ReadonlySet<DeviceNumber>;
  /** Devices of which not every name was looked at, for there are too many: what they hide may be in use. */
  readonly cut: ReadonlySet<DeviceNumber>;
  /** `major:minor:inode` of the directories at which they are rooted. */
  readonly roots: ReadonlySet<string>;
  /** True when there may be something that a process could map privately: a file, or an inode without a name. */
  readonly mayHoldFiles: boolean;
  /** False where our own root is a folder of something else: a captured tree, or a machine without such a mount. */
  readonly isOwnMounted: boolean;
  /** Every name of our own place is among the entries. */
  readonly hasAllNames: boolean;
  /** Inodes in use that no name accounts for, over all mounts whose tree was read whole. */
  readonly namelessInodes: number;
  /** Counts them again: names come and go while one looks, and only what stays unexplained is a gap. */
  readonly recountNameless: () => number;
  /** Closes what keeps trees of other namespaces reachable; `reachedBy` of their entries is dead afterwards. */
  readonly close: () => void;
}

interface Tree {
  readonly found: FoundPlace;
  /** Asked before the walk. */
  readonly usage: Usage;
  readonly walk: Walk;
  /** Inodes of folders of it that are places of their own. */
  readonly apart: ReadonlySet<number>;
}

/** Never throws; what was not looked at is a gap. */
export function readShmForest(request: PlacesRequest): ShmForest {
  const finder = new PlaceFinder(request);
  try {
    return new Forester(finder, request.gaps).read();
  } catch (error) {
    finder.close();
    throw error;
  }
}

class Forester {
  readonly #finder: PlaceFinder;
  readonly #gaps: GapList;
  readonly #trees: Tree[] = [];

  constructor(finder: PlaceFinder, gaps: GapList) {
    this.#finder = finder;
    this.#gaps = gaps;
  }

  read(): ShmForest {
    const untilMs = monotonicMs() + OWN_PLACE.ms;
    const own = this.#finder.own();
    if (own) this.#walk(own, { ...OWN_PLACE, untilMs });
    this.#walkOthers();
    return this.#forest();
  }

  #walkOthers(): void {
    const untilMs = monotonicMs() + FOREIGN_PLACES.ms;
    const found = this.#finder.others(untilMs);
    // Whole ones first: a folder that one of them shows is listed there already.
    found.sort((a, b) => Number(a.place.kind !== 'whole') - Number(b.place.kind !== 'whole'));
    let namesLeft: number = FOREIGN_PLACES.names;
    for (const [at, one] of found.entries()) {
      const nowMs = monotonicMs();
      if (namesLeft <= 0 || nowMs > untilMs) {
        const count = found.length - at;
        this.#gaps.add('dev-shm', 'limit', {
          count,
          detail: 'names of other mount namespaces, of which there are too many',
        });
        return;
      }
      // What one leaves of its share of the time is for those that come later; none takes more.
      const shareMs = Math.min(FOREIGN_PLACE.ms, (untilMs - nowMs) / (found.length - at));
      const names = Math.min(FOREIGN_PLACE.names, namesLeft);
      namesLeft -= this.#walk(one, { ...FOREIGN_PLACE, names, untilMs: nowMs + shareMs });
    }
  }

  /** How many names it has. */
  #walk(found: FoundPlace, limits: WalkLimits): number {
    const { place } = found;
    const same = this.#trees.filter((tree) => tree.found.place.device === place.device);
    // Shown by another place already, as a folder of it.
    if (same.some((tree) => tree.walk.folders.has(place.rootInode))) return 0;
    const apart = new Set(same.map((tree) => tree.found.place.rootInode));
    const tree = walkPlace(found, apart, limits, this.#gaps);
    this.#trees.push(tree);
    return tree.walk.entries.length;
  }

  #forest(): ShmForest {
    const trees = this.#trees;
    const own = trees.find(({ found }) => found.root.path !== undefined);
    const entries = trees.length === 1 ? trees[0].walk.entries : trees.flatMap((tree) => tree.walk.entries);
    const namelessInodes = nameless(trees);
    return {
      entries,
      mounts: trees.map(mountOf),
      devices: new Set(trees.map(deviceOf)),
      dedicated: new Set(trees.filter(isDedicated).map(deviceOf)),
      cut: new Set(trees.filter((tree) => tree.walk.isCut).map(deviceOf)),
      roots: new Set(trees.map(({ found: { place } }) => `${deviceText(place.device)}:${place.rootInode}`)),
      mayHoldFiles:
        namelessInodes > 0 ||
        entries.some(({ type }) => type === 'file' || type === 'semaphore') ||
        trees.some(
          (tree) => tree.found.place.kind === 'folder' || tree.usage.inodesUsed === undefined || !isComplete(tree),
        ),
      isOwnMounted: own?.found.place.kind === 'whole',
      hasAllNames: own?.found.place.kind === 'whole' && own.walk.unlisted === 0,
      namelessInodes,
      recountNameless: () => nameless(trees.map(again)),
      close: () => this.#finder.close(),
    };
  }
}

function walkPlace(found: FoundPlace, apart: ReadonlySet<number>, limits: WalkLimits, gaps: GapList): Tree {
  const usage = found.usage();
  const ground = found.groundOf();
  try {
    const { root, place } = found;
    return { found, apart, usage, walk: walk({ ground, root, place, limits, apart }, gaps) };
  } finally {
    ground.close();
  }
}

/** Only where the number of inodes told something; what cannot be read was told at first. */
function again(tree: Tree): Tree {
  if (!isDedicated(tree) || !isComplete(tree)) return tree;
  const limits = { ...OWN_PLACE, untilMs: monotonicMs() + FOREIGN_PLACE.ms };
  return walkPlace(tree.found, tree.apart, limits, new GapList());
}

const deviceOf = ({ found }: Tree): DeviceNumber => found.place.device;

const isComplete = ({ walk: { isWhole, unlisted } }: Tree) => isWhole && unlisted === 0;

const isDedicated = ({ found, walk: { unlisted } }: Tree) =>
  found.place.kind === 'whole' && !found.place.isShownElsewhere && unlisted === 0;

/** A tmpfs counts one inode for its root and one for every name (mm/shmem.c counts a hard link as one more). */
function nameless(trees: readonly Tree[]): number {
  let sum = 0;
  for (const tree of trees) {
    if (!isDedicated(tree) || tree.usage.inodesUsed === undefined) continue;
    // Folders of it that are places of their own were listed as such.
    const same = trees.filter((other) => deviceOf(other) === deviceOf(tree));
    if (!same.every(isComplete)) continue;
    const named = same.reduce((count, { walk: { entries, covered } }) => count + entries.length + covered, 0);
    sum += Math.max(0, tree.usage.inodesUsed - 1 - named);
  }
  return sum;
}

function mountOf(tree: Tree): ShmMount {
  const { label, place } = tree.found;
  const { sizeBytes, usedBytes, inodes, inodesUsed } = tree.usage;
  const { unlisted, isCut } = tree.walk;
  return {
    path: label,
    device: deviceText(place.device),
    ...(place.mountNamespace === undefined ? {} : { mountNamespace: place.mountNamespace }),
    ...(place.container === undefined ? {} : { isOfOthers: true }),
    ...(isCut || !isComplete(tree) ? { isPartly: true } : {}),
    sizeBytes,
    usedBytes,
    inodes,
    inodesUsed,
    unlisted: unlisted > 0 ? unlisted : undefined,
  };
}
