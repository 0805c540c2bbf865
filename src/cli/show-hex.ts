// `shmtop show --hex`: content as hexdump -C, read without attaching where the kernel allows it.
import type { ShmObject } from '../probe/model/object.ts';
import { formatHexdump } from '../ui/format/hexdump.ts';
import { countOf } from '../ui/format/totals.ts';
import type { CliContext } from './context.ts';
import { writeLines } from './pieces.ts';
import { reportError } from './report.ts';

const DEFAULT_LENGTH = 256;
/** What is read at once. */
const CHUNK_BYTES = 64 * 1024;

/** Writes `before` and the dump. False when nothing could be read; why not is then on standard error. */
export function showHex(
  context: CliContext,
  object: ShmObject,
  { offset = 0, length = DEFAULT_LENGTH }: { readonly offset?: number; readonly length?: number },
  before: string,
): boolean {
  const first = context.peek(object, offset, Math.min(length, CHUNK_BYTES));
  if ('refused' in first) {
    const advice = first.advice === undefined ? '' : ` (${first.advice})`;
    reportError(context, `the content of ${object.shortId} cannot be read: ${first.refused}${advice}`);
    return false;
  }
  const size = object.sizeBytes === undefined ? '' : ` of ${countOf(object.sizeBytes, 'byte')}`;
  writeLines(context.stdout, [`${before}${object.shortId}${size}, from byte ${offset}, read through ${first.via}`]);
  writeLines(context.stdout, formatHexdump(chunks(context, object, offset, length, first.bytes), offset));
  return true;
}

/** `first` and what follows it, until `length` bytes or the end; a refusal in between ends it too, with a word on stderr. */
function* chunks(
  context: CliContext,
  object: ShmObject,
  offset: number,
  length: number,
  first: Uint8Array,
): Generator<Uint8Array> {
  yield first;
  let read = first.length;
  let last = first.length;
  while (last === CHUNK_BYTES && read < length) {
    const next = context.peek(object, offset + read, Math.min(length - read, CHUNK_BYTES));
    if ('refused' in next) {
      reportError(context, `reading ${object.shortId} ended at byte ${offset + read}: ${next.refused}`);
      return;
    }
    yield next.bytes;
    last = next.bytes.length;
    read += last;
  }
}
