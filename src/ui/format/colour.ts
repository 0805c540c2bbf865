// Colours by meaning, from the sixteen of every terminal; never the only sign of anything.
import type { VerdictState } from '../../probe/model/object.ts';

export type Token = VerdictState | 'header' | 'title' | 'faint' | 'good' | 'warning' | 'bad';

/** SGR parameters (ECMA-48); colours that can be read on dark and on light grounds. */
const SGR: Readonly<Record<Token, string>> = {
  'in-use': '32',
  abandoned: '1;31',
  orphaned: '31',
  unheld: '33',
  unknown: '35',
  header: '1',
  title: '1',
  faint: '2',
  good: '32',
  warning: '33',
  bad: '31',
};

/**
 * Is colour wanted? FORCE_COLOR (not empty, not 0) says yes and 0 says no; then NO_COLOR (not empty) and TERM=dumb say no;
 * else a terminal gets it.
 */
export function wantsColour(isTty: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return isTty && env.TERM !== 'dumb';
}

/** The text in the colour of its meaning, or as it is. Blanks at its ends stay outside. */
export function paint(text: string, token: Token | undefined, style: { readonly colour: boolean }): string {
  if (!style.colour || token === undefined || text === '') return text;
  return `\x1b[${SGR[token]}m${text}\x1b[0m`;
}
