// What is known of the machine right now, and how a tick of the sampler changes it.
import { applyDelta, type ObjectsDelta } from '../../probe/model/delta.ts';
import type { ShmEvent } from '../../probe/model/event/event.ts';
import type { Gap } from '../../probe/model/gap.ts';
import type { HostMemory } from '../../probe/model/host-memory.ts';
import type { ShmObject } from '../../probe/model/object.ts';
import { countUnlisted, type Snapshot } from '../../probe/model/snapshot.ts';

export interface Data {
  /** Absent until the first tick. */
  readonly head?: Omit<Snapshot, 'objects'>;
  readonly objects: readonly ShmObject[];
  readonly byId: ReadonlyMap<string, ShmObject>;
  /** Since when all objects are at the latest as they are here; a tick that is still arriving does not count. */
  readonly listedAtMs?: number;
  readonly memory?: HostMemory;
  /** What the last sample took. */
  readonly sampleMs: number;
  /** `partial`: some objects of the first tick are still on their way. */
  readonly stage: 'none' | 'partial' | 'whole';
}

export interface TickInput extends ObjectsDelta {
  readonly head: Omit<Snapshot, 'objects'>;
  readonly memory?: HostMemory;
  readonly sampleMs: number;
  readonly isPart: boolean;
  readonly isFresh: boolean;
  readonly events: readonly ShmEvent[];
  /** Of `removed`, what is there as before and only no longer listed. */
  readonly unlisted?: readonly string[];
}

export const NO_DATA: Data = { objects: [], byId: new Map(), sampleMs: 0, stage: 'none' };

/** What is told of an object that is not listed: of a crowd nobody knows here whether it still exists. */
export const absence = ({ head }: Data, gone = 'gone'): string =>
  head && countUnlisted(head) > 0 ? 'no longer listed' : gone;

/** Was everything seen and judged, so that there is nothing where nothing is shown? */
export function isAllKnown({ head, stage, objects }: Data): boolean {
  if (!head || stage !== 'whole' || countUnlisted(head) > (head.leftOut?.objects ?? 0)) return false;
  return isAllSeen(head) && objects.every(({ verdict }) => verdict.state !== 'unknown');
}

/** Could every process and every table be looked into? */
export function isAllSeen({ visibility, gaps }: Pick<Snapshot, 'visibility' | 'gaps'>): boolean {
  const ended = visibility.gaps.reduce((sum, { reason, count }) => sum + (reason === 'vanished' ? count : 0), 0);
  return visibility.processes - visibility.inspected <= ended && [...visibility.gaps, ...gaps].every(hidesNothing);
}

/** Whoever ended while being looked into holds nothing; what lies on a disk is no shared memory; the others are about numbers only. */
const hidesNothing = ({ source, reason }: Gap) =>
  reason === 'vanished' ||
  source === 'rss' ||
  source === 'tmpfs-inodes' ||
  (source === 'dev-shm' && reason === 'unsupported');

/** The seconds that ages are counted to. */
export const nowSecOf = (data: Data): number => Math.floor((data.head?.takenAtMs ?? 0) / 1000);

/** Without a pair for each of 40,000. */
export function mapById(objects: readonly ShmObject[]): Map<string, ShmObject> {
  const byId = new Map<string, ShmObject>();
  for (const object of objects) byId.set(object.id, object);
  return byId;
}

/** `isFresh` throws away what was known: the thread was started again and sends everything anew. */
export function applyTick(data: Data, tick: TickInput): Data {
  const delta = tick.isFresh ? freshDelta(data, tick) : tick;
  const objects = applyDelta(data.objects, delta);
  return {
    head: tick.head,
    objects,
    byId: objects === data.objects ? data.byId : mapById(objects),
    listedAtMs: tick.isPart ? data.listedAtMs : tick.head.takenAtMs,
    memory: tick.memory ?? data.memory,
    sampleMs: tick.sampleMs,
    stage: tick.isPart && data.stage !== 'whole' ? 'partial' : 'whole',
  };
}

/** What must go so that only the tick's own objects are left. */
function freshDelta(data: Data, tick: TickInput): ObjectsDelta {
  if (data.objects.length === 0) return tick;
  const kept = new Set(tick.changed.map(({ id }) => id));
  return { changed: tick.changed, removed: data.objects.map(({ id }) => id).filter((id) => !kept.has(id)) };
}
