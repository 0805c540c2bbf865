// Memory of the control groups whose processes hold objects: what each uses, its limit, and how much of it is shared memory.
import { type ByteString, textOfBytes } from '../model/bytes.ts';
import type { OtherLimit } from '../model/other-limits.ts';
import { parseGroupNumber, parseGroupShmem } from '../parse/group-memory.ts';
import { type Io, readText } from './io.ts';

const ROOT = '/sys/fs/cgroup';
const MOST_STAT_BYTES = 64 * 1024;
const MOST_NUMBER_BYTES = 64;
/** Whoever may make groups chooses how many there are; and how deep. */
const MOST_GROUPS = 300;
const MOST_STEPS = 32;
/** A group is read again then; it changes with every page, and nobody watches it more closely. */
const AGAIN_MS = 5000;

/** A group in the hierarchy that counts memory. */
export interface MemoryGroup {
  /** 1 or 2. */
  readonly version: 1 | 2;
  readonly path: ByteString;
}

interface Files {
  readonly tops: readonly string[];
  readonly used: string;
  readonly limit: string;
}

const FILES: Readonly<Record<MemoryGroup['version'], Files>> = {
  1: { tops: [`${ROOT}/memory`], used: 'memory.usage_in_bytes', limit: 'memory.limit_in_bytes' },
  2: { tops: [ROOT, `${ROOT}/unified`], used: 'memory.current', limit: 'memory.max' },
};

export class GroupMemory {
  readonly #io: Io;
  readonly #nowMs: () => number;
  #known: { readonly atMs: number; readonly key: string; readonly limits: readonly OtherLimit[] } | undefined;

  constructor(io: Io, nowMs = () => performance.now()) {
    this.#io = io;
    this.#nowMs = nowMs;
  }

  /** One for each group, or for the one above it that sets its limit; groups that cannot be read are left out. */
  read(groups: readonly MemoryGroup[]): readonly OtherLimit[] {
    const atMs = this.#nowMs();
    const key = groups.map(({ path }) => path).join('\n');
    if (this.#known && this.#known.key === key && atMs - this.#known.atMs < AGAIN_MS) return this.#known.limits;
    const found = new Map<ByteString, OtherLimit>();
    for (const group of groups.slice(0, MOST_GROUPS)) this.#add(found, group);
    const limits = [...found.values()];
    this.#known = { atMs, key, limits };
    return limits;
  }

  #add(found: Map<ByteString, OtherLimit>, { version, path }: MemoryGroup): void {
    const files = FILES[version];
    const steps = path.split('/').slice(1, MOST_STEPS);
    const top = files.tops.find((each) => this.#number(`${each}${path}/${files.used}`) !== undefined);
    if (top === undefined) return;
    let limit: number | undefined;
    let at = steps.length;
    // The nearest one that has a limit: that is the one that runs full.
    for (; at > 0 && limit === undefined; at--) {
      limit = this.#number(`${top}/${steps.slice(0, at).join('/')}/${files.limit}`);
    }
    const whose = limit === undefined ? path : `/${steps.slice(0, at + 1).join('/')}`;
    if (found.has(whose)) return;
    const used = this.#number(`${top}${whose}/${files.used}`);
    if (used === undefined) return;
    const stat = readText(this.#io, `${top}${whose}/memory.stat`, MOST_STAT_BYTES);
    const shmemBytes = typeof stat === 'number' ? undefined : parseGroupShmem(stat);
    found.set(whose, {
      kind: 'group',
      of: textOfBytes(whose),
      used,
      ...(limit === undefined ? {} : { limit }),
      ...(shmemBytes === undefined ? {} : { shmemBytes }),
    });
  }

  #number(path: ByteString): number | undefined {
    const text = readText(this.#io, path, MOST_NUMBER_BYTES);
    return typeof text === 'number' ? undefined : parseGroupNumber(text);
  }
}
