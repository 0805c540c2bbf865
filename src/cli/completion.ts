// `shmtop completion SHELL`: prints the completion for a shell. With --list what it asks for: what is there now.
import { bashCompletion } from './completion/bash.ts';
import { LIVE, SHELLS, type Shell } from './completion/candidates.ts';
import { fishCompletion } from './completion/fish.ts';
import { liveLines } from './completion/live.ts';
import { zshCompletion } from './completion/zsh.ts';
import type { CliContext } from './context.ts';
import { DEFAULT_MIN_AGE_SEC } from './options.ts';
import { EXIT, UsageError } from './usage.ts';

const SCRIPTS: Readonly<Record<Shell, () => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export function completion(context: CliContext, words: readonly string[], list: string | undefined): number {
  const [name, ...more] = words;
  if (list !== undefined) {
    const live = LIVE.find((what) => what === list);
    if (live === undefined) throw new UsageError(`--list is one of ${LIVE.join(' ')}`);
    if (name !== undefined) throw new UsageError('completion --list takes no shell');
    const snapshot = context.sample({ includeFiles: false, minAgeSec: DEFAULT_MIN_AGE_SEC, rss: false });
    for (const line of liveLines(snapshot, live)) context.stdout.write(`${line}\n`);
    return EXIT.done;
  }
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined || more.length > 0) throw new UsageError(`completion takes one of ${SHELLS.join(' ')}`);
  context.stdout.write(completionScript(shell));
  return EXIT.done;
}

/** The text that a shell reads. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]();
}
