// Source: the segment table of our IPC namespace, polled by a thread. The only one for an ordinary user, the check for root.
import { Worker } from 'node:worker_threads';
import { errnoName } from '../../native/errno.ts';
import { Backlog, newBacklog } from '../thread/backlog.ts';
import { threadProgram } from '../thread/worker-file.ts';
import { MOST_UNREAD, type PollRole } from './poll-pace.ts';
import type { PollMessage, PollStart } from './poll-worker.ts';
import { forEachChange } from './slot-changes.ts';
import type { LiveSource, Sink } from './source.ts';

export class PollSource implements LiveSource {
  readonly name = 'poll';
  readonly #ipcNamespace: string;
  readonly #role: PollRole;
  readonly #stop = new SharedArrayBuffer(4);
  readonly #backlog = newBacklog();
  #worker: Worker | undefined;

  constructor(ipcNamespace: string, role: PollRole) {
    this.#ipcNamespace = ipcNamespace;
    this.#role = role;
  }

  describe() {
    if (this.#role === 'check') {
      return {
        sees: 'poll: creation, marking and destruction of segments, and a check of nattch',
        misses: 'segments that come and go between two looks without an attach, and those of other IPC namespaces',
      };
    }
    return {
      sees: 'poll: attaches and detaches of segments held for 1 ms or longer (up to 300 segments; of more, those in use lately)',
      misses:
        'shorter ones when the same process repeats them within a second, who did merged ones, other IPC namespaces, and mappings of POSIX objects',
    };
  }

  start(sink: Sink): string | undefined {
    const workerData: PollStart = { role: this.#role, stop: this.#stop, backlog: this.#backlog };
    const unread = new Backlog(this.#backlog, MOST_UNREAD);
    const program = threadProgram('poll-worker', 'probe/live/poll-worker.ts');
    const worker = new Worker(program.code, { eval: program.eval, workerData, execArgv: [] });
    worker.on('message', (message: PollMessage) => {
      if ('failed' in message) {
        const detail = `changes of the segment table: ${errnoName(message.failed)}`;
        sink.see({ kind: 'lost', source: 'poll', atMs: Date.now(), count: 1, detail });
      } else if ('blindMs' in message) {
        const seconds = (message.blindMs / 1000).toFixed(1);
        const detail = `changes of the segment table: for ${seconds} s nobody took what had been found`;
        sink.see({ kind: 'lost', source: 'poll', atMs: Date.now(), count: 1, detail });
      } else {
        unread.taken(message.count);
        forEachChange(message, this.#ipcNamespace, (atMs, shmid, row) =>
          sink.see({ kind: 'row', source: 'poll', atMs, shmid, row }),
        );
      }
      sink.done();
    });
    worker.on('error', (error) => {
      sink.see({
        kind: 'lost',
        source: 'poll',
        atMs: Date.now(),
        count: 1,
        detail: `the polling thread ended: ${error.name}`,
      });
    });
    this.#worker = worker;
    return undefined;
  }

  stop(): void {
    const flag = new Int32Array(this.#stop);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
    this.#worker?.removeAllListeners();
    this.#worker?.unref();
    this.#worker = undefined;
  }
}
