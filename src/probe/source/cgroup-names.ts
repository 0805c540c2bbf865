// Who may have given a control group its name: the owners of the folders above it (cgroups(7), delegation).
import type { ByteString } from '../model/bytes.ts';
import { UNKNOWN_USER } from '../model/object.ts';
import type { NamedBy } from '../parse/cgroup.ts';
import { FILE_TYPES, type Io, typeBits } from './io.ts';

const ROOT = '/sys/fs/cgroup';
/** A folder may be given to somebody later (systemd's Delegate=, cgroup.subtree of a runtime). */
const AGAIN_MS = 10_000;
/** Whoever may make control groups chooses how many there are. */
const MOST_KEPT = 4096;
const MOST_STEPS = 64;
const WRITABLE_BY_OTHERS = 0o022;

interface Known {
  readonly uid: number | undefined;
  readonly atMs: number;
}

/** About 2 µs for each folder that was not looked at lately. */
export class CgroupNames {
  readonly #io: Io;
  readonly #root: string;
  readonly #nowMs: () => number;
  readonly #owners = new Map<ByteString, Known>();

  constructor(io: Io, { root = ROOT, nowMs = () => performance.now() } = {}) {
    this.#io = io;
    this.#root = root;
    this.#nowMs = nowMs;
  }

  readonly namedBy: NamedBy = (hierarchy, path) => {
    const top = this.#topOf(hierarchy, path);
    if (top === undefined) return UNKNOWN_USER;
    const steps = path.split('/').slice(1);
    if (steps.length > MOST_STEPS) return UNKNOWN_USER;
    let folder = top;
    for (let at = 0; ; at++) {
      const uid = this.#ownerOf(folder);
      // The first one that is somebody else's: all below it is his.
      if (uid !== 0) return uid ?? UNKNOWN_USER;
      if (at >= steps.length - 1) return 0;
      folder = `${folder}/${steps[at]}`;
    }
  };

  /** Version 2 alone, or version 1 with a mount for each hierarchy, and maybe one of version 2 beside them. */
  #topOf(hierarchy: ByteString, path: ByteString): string | undefined {
    const first = `/${path.split('/')[1] ?? ''}`;
    const names = hierarchy === '' ? ['', '/unified'] : [`/${hierarchy.replace(/^name=/, '')}`];
    const tops = names.map((name) => `${this.#root}${name}`);
    return tops.find((top) => this.#ownerOf(`${top}${first}`) !== undefined);
  }

  /** Undefined where it is not there, is no folder, or is root's and others may write it. */
  #ownerOf(folder: ByteString): number | undefined {
    const nowMs = this.#nowMs();
    const known = this.#owners.get(folder);
    if (known && nowMs - known.atMs < AGAIN_MS) return known.uid;
    if (this.#owners.size >= MOST_KEPT) this.#owners.clear();
    const stat = this.#io.stat(folder, 'nofollow');
    const isFolder = typeof stat !== 'number' && typeBits(stat.mode) === FILE_TYPES.directory;
    const isOpen = isFolder && stat.uid === 0 && (stat.mode & WRITABLE_BY_OTHERS) !== 0 && !isRootsGroup(stat);
    const uid = !isFolder || isOpen ? undefined : stat.uid;
    this.#owners.set(folder, { uid, atMs: nowMs });
    return uid;
  }
}

const isRootsGroup = ({ mode, gid }: { readonly mode: number; readonly gid: number }) =>
  (mode & 0o002) === 0 && gid === 0;
