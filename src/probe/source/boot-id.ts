// Which boot this is: nothing that a witness saw outlives it.
import { type Io, readText } from './io.ts';

export const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Undefined: it cannot be read (ENOENT, EACCES). */
export function bootIdOf(io: Io): string | undefined {
  const text = readText(io, BOOT_ID);
  return typeof text === 'number' ? undefined : text.trim();
}
