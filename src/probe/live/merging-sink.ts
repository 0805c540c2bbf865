// Where the sources put what they see: into the merging, in the order that is true, and settled when it becomes quiet.
import type { EventMerge } from '../merge/event-merge.ts';
import type { Observation } from '../model/event/observation.ts';
import type { DeviceNumber } from '../model/join/mapping-record.ts';
import type { SegmentMarks } from './segment-marks.ts';
import type { Sink } from './source.ts';

/** What does not add up is settled this long after the last sign of life. */
const SETTLE_MS = 25;

/** What observations go through; there from the moment that the present state was taken. */
export interface MergeParts {
  readonly merge: EventMerge;
  readonly marks: SegmentMarks;
  /** The rings that may be behind the segment table. */
  readonly perf?: { readonly drain: () => void };
  /** Of POSIX objects: mappings of files on others are not ours to tell. */
  readonly mounts: ReadonlySet<DeviceNumber>;
  /** For whoever listens too: told first. */
  readonly tell: (seen: Observation) => void;
}

export class MergingSink implements Sink {
  readonly #kernelDevices: ReadonlySet<DeviceNumber>;
  #parts: MergeParts | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(kernelDevices: ReadonlySet<DeviceNumber>) {
    this.#kernelDevices = kernelDevices;
  }

  /** Sources are started before: they tell of nothing until this thread is idle. */
  open(parts: MergeParts): void {
    this.#parts = parts;
  }

  readonly see = (seen: Observation): void => {
    const { merge, marks, perf, mounts, tell } = this.#opened;
    // The table may be ahead of the rings.
    if (seen.kind === 'row') perf?.drain();
    if (seen.kind === 'map') {
      // Before anything else: who attaches for the first time may be gone again in a moment.
      if (this.#kernelDevices.has(seen.device)) marks.see(seen);
      else if (!mounts.has(seen.device)) {
        tell(seen);
        return;
      }
    }
    tell(seen);
    merge.apply(seen);
  };

  readonly done = (): void => {
    if (this.#opened.merge.isUnsettled) this.#timer ??= setTimeout(() => this.#settle(), SETTLE_MS);
  };

  stop(): void {
    clearTimeout(this.#timer);
  }

  get #opened(): MergeParts {
    if (!this.#parts) throw new Error('a source told of something while the watch was being started');
    return this.#parts;
  }

  #settle(): void {
    this.#timer = undefined;
    const { merge, perf } = this.#opened;
    perf?.drain();
    const nowMs = performance.timeOrigin + performance.now();
    if (merge.settle(nowMs)) this.#timer = setTimeout(() => this.#settle(), SETTLE_MS);
  }
}
