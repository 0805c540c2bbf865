// Whether a process has mapped a file whose path matches: from the text of its mappings, piece by piece.
import { monotonicMs } from '../../native/monotonic.ts';
import { MOST_MAPS_BYTES } from '../territory/patience/caps.ts';
import type { Io } from './io.ts';
import { isFailure } from './pid-names.ts';

/** Of one process: a process with very many mappings takes longer, and then it is taken to have mapped it. */
const MOST_MS = 100;

/**
 * False too where its maps are refused (not dumpable, such as ssh-agent): its names have been looked at already. True where there
 * is more than is read: what may need an object is not to be taken for somebody who does not. The pattern is of one line.
 */
export function hasMapped(io: Io, procRoot: string, pid: number, library: RegExp): boolean {
  const startedMs = monotonicMs();
  let isMapped = false;
  let isLate = false;
  const failed = io.readLines(
    `${procRoot}/${pid}/maps`,
    (piece) => {
      isMapped = library.test(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('latin1'));
      isLate = monotonicMs() - startedMs > MOST_MS;
      return !isMapped && !isLate;
    },
    MOST_MAPS_BYTES,
  );
  return isMapped || isLate || isFailure(failed);
}
