// Source: the segment table, looked at now and then in the thread that is there anyway, while nobody watches the events.
import { errnoName } from '../../native/errno.ts';
import type { Libc } from '../../native/libc.ts';
import { untilBeat } from './beat.ts';
import { planPace } from './poll-pace.ts';
import { forEachChange, SlotChanges } from './slot-changes.ts';
import type { LiveSource, Sink } from './source.ts';
import { Sweep } from './sweep.ts';

export class CalmPollSource implements LiveSource {
  readonly name = 'poll';
  readonly #sweep: Sweep;
  readonly #ipcNamespace: string;
  readonly #changes = new SlotChanges();
  #timer: NodeJS.Timeout | undefined;

  constructor(libc: Libc, ipcNamespace: string) {
    this.#sweep = new Sweep(libc);
    this.#ipcNamespace = ipcNamespace;
  }

  describe() {
    return {
      sees: 'poll: the segment table, twice a second while the events are not in view',
      misses:
        'segments that come and go between two looks, attaches there that perf does not tell, and other IPC namespaces',
    };
  }

  start(sink: Sink): string | undefined {
    const look = () => {
      const startedMs = performance.now();
      const failed = this.#sweep.all(this.#changes);
      const tookMs = performance.now() - startedMs;
      if (failed < 0) {
        const detail = `changes of the segment table: ${errnoName(failed)}`;
        sink.see({ kind: 'lost', source: 'poll', atMs: performance.timeOrigin + startedMs + tookMs, count: 1, detail });
        sink.done();
        return;
      }
      forEachChange(this.#changes.take(), this.#ipcNamespace, (atMs, shmid, row) =>
        sink.see({ kind: 'row', source: 'poll', atMs, shmid, row }),
      );
      sink.done();
      this.#timer = setTimeout(look, untilBeat(planPace('calm', this.#sweep.count, tookMs).allMs));
    };
    // Not at once: `see` may be called only when the present state is known.
    this.#timer = setTimeout(look, 0);
    return undefined;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
