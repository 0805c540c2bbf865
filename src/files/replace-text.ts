// A small text of ours is replaced in one step.
import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolder } from './folder.ts';
import { createIn } from './open-file.ts';
import { isRefused, type Refused, refusedFor } from './trust.ts';

/** Atomically: under a name that nobody can foresee, then in one step under its own. `mode`: 0600, unless others are to read it. Undefined when it is done. */
export function replaceText(
  folderPath: string,
  name: string,
  text: string,
  make: number,
  mode = 0o600,
): Refused | undefined {
  const done = withFolder(folderPath, { owner: 'ours', make }, (folder): Refused | 'done' => {
    const temporary = `.${name}.${randomBytes(8).toString('hex')}`;
    const fd = createIn(folder, temporary, join(folder.path, temporary));
    if (typeof fd !== 'number') return fd;
    try {
      writeFileSync(fd, text);
      fchmodSync(fd, mode);
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
