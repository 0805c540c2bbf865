// Walks a place of shared memory, folder by folder, the shallow ones first: the largest names are kept, the others counted.

import { EACCES, ENOENT, EPERM, errnoName } from '../../../native/errno.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { type ByteString, escapeBytes } from '../../model/bytes.ts';
import type { GapList } from '../../model/gap.ts';
import type { ShmEntry } from '../../model/join/shm-entry.ts';
import type { ShmPlace } from '../../model/join/shm-place.ts';
import type { EntryType } from '../../model/object.ts';
import { FILE_TYPES, typeBits } from '../../source/io.ts';
import { type Folder, type Ground, pathOf } from './ground.ts';
import { Largest } from './largest.ts';
import type { WalkLimits } from './limits.ts';
import type { PlacedStat } from './resolve.ts';

/** What sem_open(3) makes: `sem.` and the name; the file holds one sem_t (32 bytes on 64-bit systems). */
const SEMAPHORE_PREFIX = 'sem.';
const SEMAPHORE_BYTES = 32;
/** The clock is looked at after so many names. */
const NAMES_A_LOOK = 128;
/** More things than these that could not be read are counted, not named. */
const MOST_NAMED = 16;

/** Where to look: `reachedBy` opens it from here, `path` is what a person calls it, absent for another mount namespace. */
export interface ShmRoot {
  readonly reachedBy: ByteString;
  readonly path?: ByteString;
  /** In words, where there is no path. */
  readonly label?: string;
}

export interface Walk {
  /** The names kept. */
  readonly entries: readonly ShmEntry[];
  /** Names seen and not kept, since there are too many. */
  readonly unlisted: number;
  /** Names that something else is mounted over. */
  readonly covered: number;
  /** False when a folder could not be read, or was not reached in time. */
  readonly isWhole: boolean;
  /** True when a limit ended it: there are names that nobody looked at, though they could have been. */
  readonly isCut: boolean;
  /** Inodes of the folders that were looked into, the top not among them. */
  readonly folders: ReadonlySet<number>;
}

export interface WalkRequest {
  readonly ground: Ground;
  readonly root: ShmRoot;
  readonly place: ShmPlace;
  readonly limits: WalkLimits;
  /** Inodes of folders that are places of their own, and listed as such. */
  readonly apart?: ReadonlySet<number>;
}

export function walk(request: WalkRequest, gaps: GapList): Walk {
  return new Walker(request, gaps).run();
}

class Walker {
  readonly #request: WalkRequest;
  readonly #gaps: GapList;
  readonly #largest: Largest;
  readonly #folders = new Set<number>();
  #queue: { folder: Folder; inode: number }[] = [{ folder: { name: '', depth: 0 }, inode: -1 }];
  #covered = 0;
  #isWhole = true;
  #seen = 0;
  #named = 0;
  #isLate = false;
  #isTooDeep = false;

  constructor(request: WalkRequest, gaps: GapList) {
    this.#request = request;
    this.#gaps = gaps;
    this.#largest = new Largest(request.limits);
  }

  run(): Walk {
    // One level after the other: whoever digs deep takes time from his own depths first.
    while (this.#queue.length > 0 && !this.#isLate) {
      const level = this.#queue;
      this.#queue = [];
      for (const { folder, inode } of level) {
        if (this.#isLate) break;
        if (inode >= 0) {
          if (this.#folders.has(inode)) continue; // moved meanwhile, and met again
          this.#folders.add(inode);
        }
        this.#look(folder);
      }
    }
    const { entries, dropped } = this.#largest.end();
    this.#tellLimits(dropped);
    return {
      entries,
      unlisted: dropped,
      covered: this.#covered,
      isWhole: this.#isWhole && !this.#isLate,
      isCut: dropped > 0 || this.#isLate || this.#isTooDeep,
      folders: this.#folders,
    };
  }

  #look(folder: Folder): void {
    const { ground } = this.#request;
    let path: ByteString | undefined;
    const below = () => {
      path ??= pathOf(folder);
      return path;
    };
    const failed = ground.list(folder, (name, stat) => {
      if (typeof stat === 'number') this.#missed(stat, () => `${below()}/${name()}`);
      else this.#add(folder, below, name, stat);
      if (++this.#seen % NAMES_A_LOOK === 0) this.#isLate = monotonicMs() > this.#request.limits.untilMs;
      return !this.#isLate;
    });
    if (failed < 0) this.#missed(failed, below);
  }

  #add(folder: Folder, below: () => ByteString, nameOf: () => ByteString, stat: PlacedStat): void {
    const { ground, limits, apart } = this.#request;
    const isDirectory = typeBits(stat.mode) === FILE_TYPES.directory;
    const isOff = ground.isOffMount(stat, isDirectory);
    if (isOff) {
      const name = `${below()}/${nameOf()}`;
      this.#say('unsupported', `${this.#where(name)} is a mount of its own and was not looked into`);
      // What lies under a mounted folder has inodes too: they cannot be counted any more.
      if (isDirectory) this.#isWhole &&= stat.mountId === undefined;
      if (!isDirectory || stat.mountId !== undefined) {
        this.#covered++;
        return;
      }
    }
    const isKept = this.#largest.wants(stat.allocatedBytes);
    if (!isKept && !isDirectory) return;
    const base = nameOf();
    if (isKept) this.#largest.add(this.#entry(`${below()}/${base}`, base, stat));
    if (!isDirectory || isOff || apart?.has(stat.inode)) return;
    if (folder.depth < limits.depth) {
      const child = { name: base, above: folder, depth: folder.depth + 1 };
      this.#queue.push({ folder: child, inode: stat.inode });
    } else {
      this.#isWhole = false;
      this.#isTooDeep = true;
      this.#say('limit', `what lies in ${this.#where('')} below ${limits.depth} folders`);
    }
  }

  #entry(name: ByteString, base: ByteString, stat: PlacedStat): ShmEntry {
    const { root, place } = this.#request;
    const { links, uid, gid, sizeBytes, allocatedBytes, device, inode } = stat;
    const { atimeSec, mtimeSec, ctimeSec, btimeSec, btimeNsec } = stat;
    return {
      device,
      inode,
      name,
      path: root.path === undefined ? undefined : root.path + name,
      reachedBy: root.reachedBy + name,
      place,
      type: entryType(base, stat),
      mode: stat.mode & 0o7777,
      links,
      uid,
      gid,
      sizeBytes,
      allocatedBytes,
      atimeSec,
      mtimeSec,
      ctimeSec,
      btimeSec,
      btimeNsec,
    };
  }

  #missed(result: number, name: () => ByteString): void {
    if (result === -ENOENT) return; // removed meanwhile
    this.#isWhole = false;
    const reason = result === -EACCES || result === -EPERM ? 'permission' : 'io';
    this.#say(reason, `${this.#where(name())}: ${errnoName(result)}`);
  }

  #tellLimits(dropped: number): void {
    const { names } = this.#request.limits;
    if (dropped > 0) {
      const detail = `names in ${this.#where('')} beyond the largest ${names}`;
      this.#gaps.add('dev-shm', 'limit', { count: dropped, detail });
    }
    if (this.#isLate)
      this.#gaps.add('dev-shm', 'limit', {
        detail: `the rest of ${this.#where('')}, which was not walked to its end in time`,
      });
  }

  #say(reason: 'permission' | 'io' | 'unsupported' | 'limit', detail: string): void {
    const isNamed = this.#named++ < MOST_NAMED;
    this.#gaps.add('dev-shm', reason, { detail: isNamed ? detail : `more below ${this.#where('')}` });
  }

  #where(name: ByteString): string {
    const { path, label, reachedBy } = this.#request.root;
    return path === undefined && label !== undefined
      ? label + escapeBytes(name)
      : escapeBytes((path ?? reachedBy) + name);
  }
}

function entryType(base: ByteString, { mode, sizeBytes }: PlacedStat): EntryType {
  switch (typeBits(mode)) {
    case FILE_TYPES.regular:
      return sizeBytes === SEMAPHORE_BYTES && base.length > SEMAPHORE_PREFIX.length && base.startsWith(SEMAPHORE_PREFIX)
        ? 'semaphore'
        : 'file';
    case FILE_TYPES.directory:
      return 'directory';
    case FILE_TYPES.symlink:
      return 'symlink';
    case FILE_TYPES.fifo:
      return 'fifo';
    case FILE_TYPES.socket:
      return 'socket';
    default:
      return 'other';
  }
}
