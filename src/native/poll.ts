// Descriptors on the event loop: a callback whenever one can be read, by koffi's binding of uv_poll.
import type { Libc } from './libc.ts';

/** A descriptor being watched; `close` stops it and must come before close(2) of the descriptor. */
export interface PollHandle {
  readonly start: () => void;
  readonly stop: () => void;
  readonly close: () => void;
}

/** Calls `onReadable` while `fd` has something to read, from now on. It keeps the event loop alive. */
export function pollReadable(libc: Libc, fd: number, onReadable: () => void): PollHandle {
  const handle = libc.koffi.node.poll(fd, { readable: true }, onReadable);
  return {
    start: () => handle.start({ readable: true }, onReadable),
    stop: () => handle.stop(),
    close: () => handle.close(),
  };
}
