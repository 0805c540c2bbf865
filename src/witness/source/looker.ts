// Looks at a process while it lives: some small files of /proc, each read once for a process, none of which waits for it.

import type { ByteString } from '../../probe/model/bytes.ts';
import { parsePlace } from '../../probe/parse/cgroup.ts';
import { leadsTerminal, parsePidStat } from '../../probe/parse/pid-stat.ts';
import { CgroupNames } from '../../probe/source/cgroup-names.ts';
import { FILE_TYPES, type Io, readText, typeBits } from '../../probe/source/io.ts';
import { MOST_CGROUP_BYTES, MOST_STAT_BYTES } from '../../probe/territory/patience/caps.ts';
import type { Look } from '../model/seen.ts';

/** Whoever may make control groups chooses how long their paths are. */
const MOST_UNIT_BYTES = 512;
const MOST_UNITS = 1000;

export class Looker {
  readonly #io: Io;
  readonly #procRoot: string;
  readonly #names: CgroupNames;
  /** Paths that many processes share, each kept once. */
  readonly #units = new Map<ByteString, ByteString>();

  constructor(io: Io, procRoot: string) {
    this.#io = io;
    this.#procRoot = procRoot;
    this.#names = new CgroupNames(io);
  }

  /** Undefined: it is gone, or a zombie, or may not be looked at. */
  look(pid: number): Look | undefined {
    const directory = `${this.#procRoot}/${pid}`;
    const text = readText(this.#io, `${directory}/stat`, MOST_STAT_BYTES);
    const stat = typeof text === 'number' ? undefined : parsePidStat(text);
    if (!stat) return undefined;
    const group = readText(this.#io, `${directory}/cgroup`, MOST_CGROUP_BYTES);
    const unit = typeof group === 'number' ? 'unknown' : unitOf(group);
    const owner = this.#io.stat(directory, 'follow');
    return {
      startTicks: stat.startTicks,
      comm: stat.comm,
      parent: stat.ppid,
      // 0: it never left that of the first process, which began none. -1: it is gone.
      session: stat.session >= 0 ? stat.session : undefined,
      isZombie: stat.state === 'Z',
      hasGroup: unit !== 'unknown',
      leadsTerminal: leadsTerminal(pid, stat),
      uid: typeof owner === 'number' || typeBits(owner.mode) !== FILE_TYPES.directory ? undefined : owner.uid,
      ...(typeof group === 'number' ? {} : { container: parsePlace(group, this.#names.namedBy).container }),
      unit: unit === 'unknown' ? undefined : this.#shared(unit),
    };
  }

  #shared(unit: ByteString | undefined): ByteString | undefined {
    if (unit === undefined) return undefined;
    const known = this.#units.get(unit);
    if (known !== undefined) return known;
    if (this.#units.size >= MOST_UNITS) this.#units.clear();
    this.#units.set(unit, unit);
    return unit;
  }
}

/** The path in the one hierarchy (cgroups(7)), or in that of systemd where the first says nothing; undefined for the root. `unknown`: too long. */
function unitOf(text: ByteString): ByteString | 'unknown' | undefined {
  let found: ByteString | undefined;
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || path === '/' || (controllers !== '' && controllers !== 'name=systemd')) continue;
    if (path.length > MOST_UNIT_BYTES) return 'unknown';
    if (controllers === '') return path;
    found = path;
  }
  return found;
}
