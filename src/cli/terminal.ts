// Standard output and standard error as commands see them: all that is written has left when `write` returns.
import { fstatSync, writeSync } from 'node:fs';
import { errorCode } from '../fault/thrown.ts';
import type { Terminal } from './output.ts';

/** Text up to this goes through one buffer that is used again and again. */
const BUFFER_BYTES = 256 * 1024;
/** How long to wait for a reader that is behind, where the descriptor is not of the blocking kind. */
const WAIT_MS = 5;

/** Nobody reads any more (`| head`): reason to end quietly, not an error. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Writing failed otherwise, such as ENOSPC. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';
}

type WriteSync = (fd: number, bytes: Uint8Array, offset: number, length: number) => number;

/** `columns` is asked only of terminals. `write` throws `OutputClosed` or `OutputFailed`. */
export function openTerminal(
  fd: number,
  columns: () => number | undefined,
  system: { readonly isTty: (fd: number) => boolean; readonly write: WriteSync } = {
    isTty: isTerminal,
    write: writeSync,
  },
): Terminal {
  const isTty = system.isTty(fd);
  let buffer: Buffer | undefined;
  return {
    isTty,
    columns: isTty ? columns() : undefined,
    write: (content) => {
      if (typeof content !== 'string') {
        writeAll(fd, content, content.length, system.write);
        return;
      }
      if (content.length * 3 > BUFFER_BYTES) {
        const bytes = Buffer.from(content);
        writeAll(fd, bytes, bytes.length, system.write);
        return;
      }
      buffer ??= Buffer.allocUnsafe(BUFFER_BYTES);
      writeAll(fd, buffer, buffer.write(content), system.write);
    },
  };
}

/** node:tty brings the network along, 5 ms at start: loaded only for what can be a terminal. */
function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    // Major 1 is /dev/null and its like (Documentation/admin-guide/devices.txt).
    const mayBeTerminal = stat.isCharacterDevice() && ((stat.rdev >> 8) & 0xfff) !== 1;
    return mayBeTerminal && process.getBuiltinModule('node:tty').isatty(fd);
  } catch (error) {
    if (errorCode(error) === 'EBADF') return false;
    throw error;
  }
}

function writeAll(fd: number, bytes: Uint8Array, length: number, write: WriteSync): void {
  for (let at = 0; at < length; ) {
    try {
      at += write(fd, bytes, at, length - at);
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EPIPE') throw new OutputClosed('nobody reads the output', { cause: error });
      if (code !== 'EAGAIN') throw new OutputFailed(`cannot write the output (${code})`, { cause: error });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}
