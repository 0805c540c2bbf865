// `shmtop restore FILE`: brings back what `rm --save` kept.

import type { Restored } from '../remove/model/restored.ts';
import { spellBytes } from '../ui/format/bytes.ts';
import { safeText } from '../ui/format/safe-text.ts';
import type { CliContext } from './context.ts';
import { jsonText } from './json-text.ts';
import { reportError } from './report.ts';
import { styleFor } from './style.ts';
import { EXIT } from './usage.ts';

/** Exit code 1 when a file could not be restored. */
export async function restore(
  context: CliContext,
  paths: readonly string[],
  { json }: { readonly json?: boolean },
): Promise<number> {
  const removal = await context.removal();
  const style = styleFor(context, 0);
  let exitCode: number = EXIT.done;
  for (const path of paths) {
    const restored = removal.restore(path);
    if (restored.kind === 'failed') {
      reportError(context, `${restored.reason}: ${restored.advice}`);
      exitCode = EXIT.notDone;
      continue;
    }
    const { shortId, sizeBytes, note } = restored;
    if (json) context.stdout.write(`${jsonText(jsonOfRestored(path, restored))}\n`);
    else context.stdout.write(`${shortId}  restored, ${spellBytes(sizeBytes, style)}\n`);
    if (note !== undefined) reportError(context, `${shortId}: ${note}`);
  }
  return exitCode;
}

export function jsonOfRestored(path: string, { shortId, sizeBytes, note }: Extract<Restored, { kind: 'restored' }>) {
  return { file: safeText(path), id: shortId, sizeBytes, note };
}
