// Which names of shared memory stand in the command line or the environment of a process: whoever has one may come back for it.
import type { ByteString } from '../model/bytes.ts';
import { MENTION_BYTES } from '../territory/patience/caps.ts';
import type { Io } from './io.ts';

export type MentionPlace = 'command line' | 'environment';

/** A name that was found, and where. */
export interface Mention {
  readonly name: ByteString;
  readonly where: MentionPlace;
}

/** What may stand before and after a name: the end of a string, a path, a list, an assignment, quotes. */
const SEPARATORS = /[\0\s/=:,;"'()[\]{}<>|&]+/;

/**
 * Of these names (base names, without `sem.`) those that stand there as a word of their own: raw bytes, proc_pid_cmdline(5),
 * proc_pid_environ(5). What may not be read counts as empty; of long ones the beginning is searched.
 */
export function readMentions(io: Io, procRoot: string, pid: number, names: readonly ByteString[]): Mention[] {
  const found = new Map<ByteString, MentionPlace>();
  for (const [file, where] of [
    ['cmdline', 'command line'],
    ['environ', 'environment'],
  ] as const) {
    const bytes = io.readFile(`${procRoot}/${pid}/${file}`, MENTION_BYTES, 'cut');
    if (typeof bytes === 'number') continue;
    const text = bytes.toString('latin1');
    const words = new Set(text.split(SEPARATORS));
    for (const name of names) {
      if (!found.has(name) && (words.has(name) || (SEPARATORS.test(name) && text.includes(name))))
        found.set(name, where);
    }
  }
  return [...found].map(([name, where]) => ({ name, where }));
}
