// Source: who begins a session of his own (setsid(2)), told by the process connector at once and in order.
import { EAGAIN, ENOBUFS, errnoName } from '../../native/errno.ts';
import { close } from '../../native/file.ts';
import type { Libc } from '../../native/libc.ts';
import type { NativeMemory } from '../../native/memory.ts';
import { openSetsidConnector, receive } from '../../native/netlink.ts';
import { epochOffsetMs } from '../../probe/live/clock.ts';
import { whyNoConnector } from '../../probe/live/proc-connector.ts';
import { parseSetsid } from '../../probe/parse/proc-event.ts';

const DATAGRAM_BYTES = 4096;
const MOST = 20_000;

export class SetsidEvents {
  readonly #libc: Libc;
  readonly #buffer: NativeMemory;
  readonly #offsetMs = epochOffsetMs();
  #fd = -1;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.#buffer = libc.allocate(DATAGRAM_BYTES);
  }

  /** Undefined, or in words why it is not there. */
  start(): string | undefined {
    const why = whyNoConnector();
    if (why !== undefined) return why;
    this.#fd = openSetsidConnector(this.#libc);
    return this.#fd < 0 ? `process connector: ${errnoName(this.#fd)}` : undefined;
  }

  stop(): void {
    if (this.#fd >= 0) close(this.#libc, this.#fd);
    this.#fd = -1;
  }

  /** Hands on what was told since the last time; `lost` is called where some are missing, or no more will come. */
  drain(use: (pid: number, atMs: number) => void, lost: () => void): void {
    for (let count = 0; count < MOST && this.#fd >= 0; count++) {
      const length = receive(this.#libc, this.#fd, this.#buffer.address, DATAGRAM_BYTES);
      if (length === -ENOBUFS) {
        lost();
        continue;
      }
      if (length <= 0) {
        if (length === -EAGAIN) return;
        lost();
        this.stop();
        return;
      }
      const event = parseSetsid(this.#buffer.bytes, length);
      if (event) use(event.pid, event.timeMs + this.#offsetMs);
    }
  }
}
