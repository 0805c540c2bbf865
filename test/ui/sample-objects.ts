// Objects and ticks for tests of the dashboard: plain data, made up.
import type { ShmObject } from '../../src/probe/model/object.ts';
import type { Snapshot } from '../../src/probe/model/snapshot.ts';
import type { TickInput } from '../../src/ui/state/data.ts';
import { reduce } from '../../src/ui/state/reducer.ts';
import { DEFAULT_SETTINGS, initialState, type Settings, type State } from '../../src/ui/state/state.ts';

export const NOW_MS = Date.UTC(2026, 0, 31, 12, 0, 0);
export const NOW_SEC = NOW_MS / 1000;

/** A segment that nobody is attached to and whose makers are dead. */
export function segment(shmid: number, more: Partial<ShmObject> = {}): ShmObject {
  return {
    id: `sysv:4026531839:${shmid}`,
    shortId: `sysv:${shmid}`,
    kind: 'sysv',
    rawName: '0x0052e2c1',
    shmid,
    key: '0x0052e2c1',
    ipcNamespace: '4026531839',
    sizeBytes: 4096 * (shmid + 1),
    rssBytes: 4096,
    swapBytes: 0,
    nattch: 0,
    perms: '600',
    status: [],
    uid: 0,
    user: 'root',
    gid: 0,
    group: 'root',
    cuid: 0,
    cgid: 0,
    creator: { pid: 10, state: 'dead' },
    ctimeSec: NOW_SEC - 7200,
    holders: [],
    verdict: { state: 'abandoned', evidence: [{ code: 'nobody-attached' }, { code: 'creator-dead', pid: 10 }] },
    ...more,
  };
}

/** A name in /dev/shm that one process maps. */
export function named(name: string, more: Partial<ShmObject> = {}): ShmObject {
  const inode = [...name].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % 100_000;
  return {
    id: `posix:0:27:${inode}`,
    shortId: `posix:/${name}`,
    kind: 'posix',
    rawName: `/${name}`,
    rawPath: `/dev/shm/${name}`,
    type: 'file',
    device: '0:27',
    inode,
    links: 1,
    sizeBytes: 1_048_576,
    allocatedBytes: 65_536,
    perms: '644',
    status: [],
    uid: 1000,
    user: 'anna',
    gid: 1000,
    group: 'anna',
    ctimeSec: NOW_SEC - 60,
    mtimeSec: NOW_SEC - 60,
    holders: [
      {
        pid: 4711,
        startTicks: 5,
        comm: 'python3',
        uid: 1000,
        user: 'anna',
        mappings: [{ start: 4096, end: 8192, perms: 'rw-s' }],
        fds: [3],
      },
    ],
    verdict: { state: 'in-use', evidence: [{ code: 'held', count: 1 }] },
    ...more,
  };
}

export function head(more: Partial<Omit<Snapshot, 'objects'>> = {}): Omit<Snapshot, 'objects'> {
  return {
    takenAtMs: NOW_MS,
    host: { hostname: 'box', kernel: '6.18.0', ipcNamespace: '4026531839', pidNamespace: '1', user: 'root', uid: 0 },
    visibility: { processes: 100, inspected: 100, complete: true, gaps: [] },
    limits: {
      shmmni: '4096',
      shmall: '18446744073692774399',
      shmmax: '18446744073692774399',
      segments: 3,
      pages: 100,
      pageSizeBytes: 4096,
      shmRmidForced: false,
      mounts: [
        {
          path: '/dev/shm',
          device: '0:27',
          sizeBytes: 8_589_934_592,
          usedBytes: 1_048_576,
          inodes: 1000,
          inodesUsed: 4,
        },
      ],
    },
    gaps: [],
    ...more,
  };
}

export function tick(changed: readonly ShmObject[], more: Partial<TickInput> = {}): TickInput {
  return { head: head(), changed, removed: [], sampleMs: 5, isPart: false, isFresh: false, events: [], ...more };
}

/** A state with these objects in it, as after the first tick. */
export function stateWith(
  objects: readonly ShmObject[],
  more: Partial<State> = {},
  settings: Partial<Settings> = {},
): State {
  const start = initialState({
    columns: more.columns ?? 80,
    rows: more.rows ?? 24,
    unicode: more.unicode ?? true,
    colour: more.colour ?? true,
    abilities: more.abilities ?? { isReadOnly: false, remove: false, load: false },
    settings: { ...DEFAULT_SETTINGS, ...settings },
  });
  return {
    ...reduce(
      { ...start, ...more },
      { type: 'tick', tick: tick(objects, { isFresh: true, memory: { totalBytes: 16e9, shmemBytes: 1e9 } }) },
    ),
  };
}
