// Source: the process events connector. Forks, execs and exits without root on newer kernels; no mappings.
import { readlinkSync } from 'node:fs';
import { EAGAIN, ENOBUFS, errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import { openProcConnector, receive } from '../../native/netlink.ts';
import type { PollHandle } from '../../native/poll.ts';
import { parseProcEvent } from '../parse/proc-event.ts';
import { epochOffsetMs } from './clock.ts';
import type { LiveSource, Sink } from './source.ts';
import type { Wake } from './wake.ts';

const DATAGRAM_BYTES = 4096;
/** PROC_PID_INIT_INO of include/linux/proc_ns.h. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/** In words why what it tells would be of no use here. */
export function whyNoConnector(): string | undefined {
  const isMachine = readlinkSync('/proc/self/ns/pid') === FIRST_PID_NAMESPACE;
  return isMachine ? undefined : 'it tells pids of the machine, not of this container';
}

export class ProcConnectorSource implements LiveSource {
  readonly name = 'connector';
  readonly #libc: Libc;
  readonly #wake: Wake;
  #fd = -1;
  #handle: PollHandle | undefined;
  #drain: () => void = () => {};

  constructor(libc: Libc, wake: Wake) {
    this.#libc = libc;
    this.#wake = wake;
  }

  describe() {
    return {
      sees: 'process connector: the death of creators, at once',
      misses: 'everything but forks, execs and exits',
    };
  }

  start(sink: Sink): string | undefined {
    const why = whyNoConnector();
    if (why !== undefined) return why;
    this.#fd = openProcConnector(this.#libc);
    if (this.#fd < 0) return `process connector: ${errnoName(this.#fd)}`;
    const buffer = this.#libc.allocate(DATAGRAM_BYTES);
    const offsetMs = epochOffsetMs();
    const source = 'connector';
    this.#drain = () => {
      for (;;) {
        const count = receive(this.#libc, this.#fd, buffer.address, DATAGRAM_BYTES);
        if (count === -ENOBUFS) {
          const detail = 'process events of the connector: its buffer was full';
          sink.see({ kind: 'lost', source, atMs: Date.now(), count: 1, detail });
          continue;
        }
        if (count <= 0) {
          if (count < 0 && count !== -EAGAIN) this.stop();
          break;
        }
        const event = parseProcEvent(buffer.bytes, count);
        if (!event) continue;
        const atMs = event.timeMs + offsetMs;
        if (event.type === 'fork') sink.see({ kind: 'fork', source, atMs, pid: event.pid, parent: event.parent });
        else if (event.type === 'exec') sink.see({ kind: 'exec', source, atMs, pid: event.pid });
        else sink.see({ kind: 'exit', source, atMs, pid: event.pid, tid: event.pid, status: event.status });
      }
      sink.done();
    };
    this.#handle = this.#wake(this.#fd, this.#drain);
    return undefined;
  }

  drain(): void {
    this.#drain();
  }

  stop(): void {
    this.#handle?.close();
    this.#handle = undefined;
    this.#drain = () => {};
    if (this.#fd >= 0) close(this.#libc, this.#fd);
    this.#fd = -1;
  }
}
