// How this terminal wants its text: width, colour, signs.
import { wantsColour } from '../ui/format/colour.ts';
import { isKernelConsole, isUtf8Locale } from '../ui/format/glyphs.ts';
import type { Style } from '../ui/format/style.ts';
import type { CliContext } from './context.ts';

/** Style for standard output; ages are counted to `nowSec`. */
export function styleFor(
  context: Pick<CliContext, 'stdout' | 'env'>,
  nowSec: number,
  bytes: Style['bytes'] = 'iec',
): Style {
  return {
    bytes,
    nowSec,
    unicode: isUtf8Locale(context.env) && !(context.stdout.isTty && isKernelConsole(context.env)),
    colour: wantsColour(context.stdout.isTty, context.env),
  };
}

/** Of a terminal that does not know its own: a serial line, script(1), ssh without a size. */
const USUAL_WIDTH = 80;

/** Columns to fit into: COLUMNS if it is set (as ps(1) does), else the terminal's; absent for a pipe, which needs no cutting. */
export function outputWidth({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): number | undefined {
  const wanted = Number(env.COLUMNS);
  if (Number.isSafeInteger(wanted) && wanted > 0) return wanted;
  return stdout.isTty ? stdout.columns || USUAL_WIDTH : undefined;
}
