// Messages into a pipe by vmsplice(2): the pages go into the pipe as they are, and are copied only where they are read.
import { EINTR, EPIPE, errnoName } from '../../native/errno.ts';
import type { Libc } from '../../native/libc.ts';
import { writeU64 } from '../../native/memory.ts';
import { IOVEC_BYTES, pipeSize, vmsplice } from '../../native/pipe.ts';
import { COUNTER } from '../model/ring.ts';
import type { Port } from './port.ts';
import type { PortRole } from './port-loops.ts';
import { messageSource } from './stream.ts';

const PAGE = 4096;
const MOST_BATCH_BYTES = 131_072;

/**
 * Puts bytes into the pipe. A page must not change until it was read: so the memory goes round a ring that is longer than all that a pipe
 * can hold, which is one piece of a page in each of its slots.
 */
function makeSplicer(libc: Libc, fd: number, batchBytes: number) {
  const inFlight = Math.max(PAGE, pipeSize(libc, fd)) + 2 * PAGE;
  const ring = libc.allocate(inFlight + 3 * batchBytes);
  const vector = libc.allocate(IOVEC_BYTES);
  let at = 0;
  return {
    /** Room for the next batch. */
    room: (): Uint8Array<ArrayBuffer> => {
      if (at + batchBytes > ring.bytes.length) at = 0;
      return ring.bytes.subarray(at, at + batchBytes);
    },
    /** Sends the first `length` bytes of it; false when nobody reads any more. */
    put: (length: number): boolean => {
      for (let done = 0; done < length; ) {
        writeU64(vector.u32, 0, ring.address + at + done);
        writeU64(vector.u32, 2, length - done);
        const taken = vmsplice(libc, fd, vector.address);
        if (taken === -EINTR) continue;
        if (taken === -EPIPE) return false;
        if (taken <= 0) throw new Error(`vmsplice: ${errnoName(taken)}`);
        done += taken;
      }
      at += length;
      return true;
    },
  };
}

/** Producer: as many messages a call as the ring in shared memory publishes at once, until it is told to stop. */
export function spliceMessages(libc: Libc, { view, setup, beat }: PortRole, fd: number): void {
  const { sizeBytes } = setup;
  const batch = Math.max(1, Math.min(setup.batch, Math.floor(MOST_BATCH_BYTES / sizeBytes)));
  const next = messageSource(setup);
  const splicer = makeSplicer(libc, fd, batch * sizeBytes);
  let sequence = 0;
  do {
    const room = splicer.room();
    for (let i = 0; i < batch; i++) room.set(next((sequence + i) | 0), i * sizeBytes);
    if (!splicer.put(batch * sizeBytes)) break;
    sequence = (sequence + batch) | 0;
    view.producer[COUNTER.messages] += batch;
  } while (beat.tick());
  beat.now();
}

/** The port of a stream, which sends by vmsplice. */
export function splicingPort(libc: Libc, sizeBytes: number, fd: number, port: Port): Port {
  const splicer = makeSplicer(libc, fd, sizeBytes);
  return {
    ...port,
    send: (message) => {
      splicer.room().set(message);
      return splicer.put(sizeBytes);
    },
  };
}
