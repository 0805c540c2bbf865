// What the terminal allows, for `shmtop doctor`: its size, its letters, its colours.
import type { Capability } from '../probe/model/capability.ts';
import { wantsColour } from '../ui/format/colour.ts';
import { isKernelConsole, isUtf8Locale } from '../ui/format/glyphs.ts';
import { safeText } from '../ui/format/safe-text.ts';
import type { CliContext } from './context.ts';

const LEAST_COLUMNS = 40;

export function terminalCapability({ stdout, env }: Pick<CliContext, 'stdout' | 'env'>): Capability {
  const name = 'terminal';
  const { isTty, columns } = stdout;
  if (!isTty) {
    return { name, state: 'yes', found: 'none: the output goes to a file or a pipe, neither cut nor coloured' };
  }
  const isUtf8 = isUtf8Locale(env);
  const isDumb = env.TERM === 'dumb';
  // 0: a serial line, script(1): it does not know its own.
  const isNarrow = columns !== undefined && columns > 0 && columns < LEAST_COLUMNS;
  const lost: string[] = [];
  const advice: string[] = [];
  if (isDumb) {
    lost.push('the dashboard', 'colours');
    advice.push('set TERM to what the terminal is, such as xterm-256color');
  }
  if (isNarrow) {
    lost.push('most columns of the tables');
    advice.push(`make it at least ${LEAST_COLUMNS} columns wide`);
  }
  if (!isUtf8) {
    lost.push('letters beyond ASCII: names show them as \\xHH');
    advice.push('set LANG to a UTF-8 locale, such as C.UTF-8');
  }
  if (isUtf8 && isKernelConsole(env)) lost.push('signs and letters beyond ASCII, most of which its font has not');
  const found = [
    env.TERM && safeText(env.TERM),
    columns ? `${columns} columns` : 'of unknown width, taken for 80 columns',
    isUtf8 ? 'UTF-8' : 'ASCII',
    colours(env),
  ];
  return {
    name,
    state: lost.length === 0 ? 'yes' : 'partly',
    found: found.filter((part) => part !== undefined && part !== '').join(', '),
    lost: lost.length === 0 ? undefined : lost.join('; '),
    advice: advice.length === 0 ? undefined : advice.join('; '),
  };
}

function colours(env: CliContext['env']): string {
  if (wantsColour(true, env)) return 'colours';
  return env.NO_COLOR ? 'no colours (NO_COLOR)' : 'no colours';
}
