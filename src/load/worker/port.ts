// One end of what carries one message a call, there or back: queues, and the ends of streams of bytes for round trips.
import { readSync, writeSync } from 'node:fs';

/** Calls block; they come back when the other end is gone, or was told to end. */
export interface Port {
  /** False when nobody takes it any more. */
  readonly send: (message: Uint8Array) => boolean;
  /** Waits for the next message, which then is in `copy`; false when no more comes. */
  readonly receive: () => boolean;
  readonly copy: Uint8Array<ArrayBuffer>;
  /** Tells the other end that no more comes. */
  readonly end: () => void;
}

/** A port over descriptors: writes to one, reads from the other. */
export function streamPort(sizeBytes: number, readFd: number, writeFd: number): Port {
  const copy = new Uint8Array(sizeBytes);
  return {
    copy,
    send: (message) => {
      for (let at = 0; at < sizeBytes; ) at += writeSync(writeFd, message, at);
      return true;
    },
    receive: () => {
      for (let at = 0; at < sizeBytes; ) {
        const count = readSync(readFd, copy, at, sizeBytes - at, null);
        if (count === 0) return false;
        at += count;
      }
      return true;
    },
    end: () => {},
  };
}
