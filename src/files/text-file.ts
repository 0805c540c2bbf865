// Small texts of ours: read whole up to a limit, and replaced in one step.
import { randomBytes } from 'node:crypto';
import { closeSync, fstatSync, readSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FolderWish, withFolder } from './folder.ts';
import { type Objection, trustworthy } from './objection.ts';
import { createIn, openTrusted } from './open-file.ts';
import { isRefused, type Refused, refusedFor } from './trust.ts';

/** UTF-8 of a file that may be acted upon: ours or root's, in folders that are so too unless `owner` says otherwise. */
export function readTrustedText(
  path: string,
  mostBytes: number,
  { objection = trustworthy, owner }: { readonly objection?: Objection; readonly owner?: FolderWish['owner'] } = {},
): string | Refused {
  const fd = openTrusted(path, objection, owner);
  if (typeof fd !== 'number') return fd;
  try {
    if (fstatSync(fd).size > mostBytes)
      return { refusal: 'refused', reason: `${path} is larger than ${mostBytes} bytes` };
    return readUpTo(fd, mostBytes).toString('utf8');
  } catch (error) {
    return refusedFor(path, error);
  } finally {
    closeSync(fd);
  }
}

/** From the start; a file that grows meanwhile is cut off there. Throws what read(2) answers. */
function readUpTo(fd: number, mostBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(Math.min(mostBytes, fstatSync(fd).size));
  let length = 0;
  while (length < bytes.length) {
    const count = readSync(fd, bytes, length, bytes.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

/** Atomically: under a name that nobody can foresee, then in one step under its own. Undefined when it is done. */
export function replaceText(folderPath: string, name: string, text: string, make: number): Refused | undefined {
  const done = withFolder(folderPath, { owner: 'ours', make }, (folder): Refused | 'done' => {
    const temporary = `.${name}.${randomBytes(8).toString('hex')}`;
    const fd = createIn(folder, temporary, join(folder.path, temporary));
    if (typeof fd !== 'number') return fd;
    try {
      writeFileSync(fd, text);
      renameSync(folder.at(temporary), folder.at(name));
      return 'done';
    } catch (error) {
      unlinkSync(folder.at(temporary));
      return refusedFor(join(folder.path, name), error);
    } finally {
      closeSync(fd);
    }
  });
  return isRefused(done) ? done : undefined;
}
