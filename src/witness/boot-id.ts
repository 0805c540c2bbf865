// Which boot this is: nothing that a witness saw outlives it.
import { readFileSync } from 'node:fs';

export const BOOT_ID = '/proc/sys/kernel/random/boot_id';

export function bootIdOf(): string | undefined {
  try {
    return readFileSync(BOOT_ID, 'latin1').trim();
  } catch {
    return undefined; // ENOENT, EACCES
  }
}
