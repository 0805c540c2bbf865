// A file of `ls --json`, whoever wrote it: a regular file, of a size and shape that reading it can stand.
import { closeSync, fstatSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import { openInput } from '../../files/open-file.ts';
import { readAt } from '../../files/text-file.ts';
import { isModest } from '../model/decode/json-bounds.ts';
import { type KeptSnapshot, parseKeptSnapshot } from '../model/decode/kept-snapshot.ts';

/** 30,000 objects take 40 MB. */
const MOST_BYTES = 256 * 1024 ** 2;

/** In words why it cannot be read. */
export function readSnapshotFile(path: string): KeptSnapshot | string {
  const fd = openInput(path);
  if (typeof fd !== 'number') return fd.refusal === 'absent' ? 'there is no such file' : fd.reason;
  try {
    // One byte more than may be shows what grows.
    const bytes = fstatSync(fd).size > MOST_BYTES ? undefined : readAt(fd, 0, MOST_BYTES + 1);
    if (bytes === undefined || bytes.length > MOST_BYTES) return 'it is larger than any snapshot (256 MiB)';
    if (!isModest(bytes)) return 'it is nested too deep, or holds too many values';
    return parseKeptSnapshot(bytes.toString('utf8'));
  } catch (cause) {
    return errorCode(cause); // EIO
  } finally {
    closeSync(fd);
  }
}
