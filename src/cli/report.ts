// What goes to standard error: one line each, safe to print, with the name of the program.

import type { Snapshot } from '../probe/model/snapshot.ts';
import { gapLines } from '../ui/format/gaps.ts';
import { forLocale, isUtf8Locale } from '../ui/format/glyphs.ts';
import { nearEndLines } from '../ui/format/near-end.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { CliContext } from './context.ts';

/** `shmtop: message`. The message says what happened, to what, and what to do. */
export function reportError({ stderr, env }: Pick<CliContext, 'stderr' | 'env'>, message: string): void {
  const line = safeLine(message.replaceAll('\n', ' '));
  stderr.write(`shmtop: ${forLocale(line, { unicode: isUtf8Locale(env) })}\n`);
}

/** What is near its end, likewise. */
export function reportNearEnd(context: Pick<CliContext, 'stderr' | 'env'>, snapshot: Snapshot): void {
  for (const line of nearEndLines(snapshot)) reportError(context, line);
}

/** What could not be seen, where standard output is for a program and has no place for it. */
export function reportGaps(context: Pick<CliContext, 'stderr' | 'env'>, snapshot: Snapshot): void {
  for (const line of gapLines(snapshot)) reportError(context, line);
}
