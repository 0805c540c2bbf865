// Makes events out of what was concluded: names the object and the process, and hands them on.
import type { ByteString } from '../model/bytes.ts';
import type { EventName, EventSource, ShmEvent } from '../model/event/event.ts';
import type { LostSeen, Surroundings } from '../model/event/observation.ts';
import type { KnownObject } from './known-objects.ts';

/** When and by which source. */
export interface Told {
  readonly atMs: number;
  readonly source: EventSource;
}

type Details = Pick<Partial<ShmEvent>, 'pid' | 'count' | 'nattch' | 'detail' | 'sizeBytes'>;

/** More names than these are not worth remembering: they are read again. */
const MOST_NAMES = 50_000;
const MOST_DEAD = 2000;

export class EventTeller {
  readonly #around: Surroundings;
  readonly #emit: (event: ShmEvent) => void;
  readonly #mayRemember: boolean;
  readonly #comms = new Map<number, ByteString>();
  /** Of these, the processes that have ended, the longest dead first. */
  readonly #dead = new Set<number>();

  constructor(options: {
    readonly around: Surroundings;
    readonly emit: (event: ShmEvent) => void;
    readonly hasExits: boolean;
  }) {
    this.#around = options.around;
    this.#emit = options.emit;
    this.#mayRemember = options.hasExits;
  }

  tell(event: EventName, object: KnownObject, { atMs, source }: Told, details: Details = {}): void {
    const { pid, count = 1 } = details;
    this.#emit({
      atMs,
      event,
      source,
      count,
      id: object.id,
      shortId: object.shortId,
      kind: object.kind,
      rawName: object.rawName,
      pid: pid === 0 ? undefined : pid,
      comm: pid === undefined || pid === 0 ? undefined : this.#comm(pid),
      nattch: details.nattch,
      sizeBytes: details.sizeBytes,
      detail: details.detail,
    });
  }

  lost({ atMs, source, count, detail }: LostSeen): void {
    this.#emit({ atMs, event: 'lost', source, count, detail });
  }

  /** A process's name became known. Absent: it changed and must be read again. */
  named(pid: number, comm: ByteString | undefined): void {
    if (comm === undefined || !this.#mayRemember) this.#comms.delete(pid);
    else if (this.#comms.has(pid) || this.#comms.size < MOST_NAMES) this.#comms.set(pid, comm);
  }

  /** The pid is that of a new process now, with the name of its parent. */
  forked(parent: number, child: number): void {
    this.#dead.delete(child);
    this.named(child, this.#comms.get(parent));
  }

  /** Its name is kept for a while: what it let go of by its end may be told afterwards. */
  gone(pid: number): void {
    if (!this.#comms.has(pid)) return;
    this.#dead.add(pid);
    if (this.#dead.size <= MOST_DEAD) return;
    for (const oldest of this.#dead) {
      this.#dead.delete(oldest);
      this.#comms.delete(oldest);
      return;
    }
  }

  #comm(pid: number): ByteString | undefined {
    const remembered = this.#comms.get(pid);
    if (remembered !== undefined) return remembered;
    const comm = this.#around.comm(pid);
    if (comm !== undefined) this.named(pid, comm);
    return comm;
  }
}
