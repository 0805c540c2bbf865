// `shmtop doctor`: what this kernel, these privileges, this build and this terminal allow, what is lost, and what to do about it.

import { limitsWith, memoryOf } from '../probe/model/account/account-limits.ts';
import type { Capability } from '../probe/model/capability.ts';
import { paint, type Token } from '../ui/format/colour.ts';
import { forLocale, glyphsFor } from '../ui/format/glyphs.ts';
import { poolLines } from '../ui/format/near-end.ts';
import { nearEndsWithHelp } from '../ui/format/near-end-help.ts';
import { safeLine } from '../ui/format/safe-text.ts';
import type { Style } from '../ui/format/style.ts';
import { countOf } from '../ui/format/totals.ts';
import { displayWidth } from '../ui/format/width.ts';
import { wrapText } from '../ui/format/wrap.ts';
import type { CliContext } from './context.ts';
import { SCHEMA_VERSION } from './json.ts';
import { jsonText } from './json-text.ts';
import { nearLines } from './near-lines.ts';
import { writeLines } from './pieces.ts';
import { outputWidth, styleFor } from './style.ts';
import { terminalCapability } from './terminal-capability.ts';
import { EXIT } from './usage.ts';

const TOKENS: Readonly<Record<Capability['state'], Token>> = { yes: 'good', partly: 'warning', no: 'bad' };

export async function doctor(context: CliContext, options: { readonly json?: boolean }): Promise<number> {
  const { snapshot, account } = await context.account({
    ...{ includeFiles: false, minAgeSec: 0, rss: true },
    namespaces: true,
    ceilings: true,
  });
  const capabilities = [...(await context.capabilities(snapshot)), terminalCapability(context)];
  if (options.json) {
    context.stdout.write(`${jsonText(jsonOfCapabilities(capabilities))}\n`);
    return EXIT.done;
  }
  const width = outputWidth(context) ?? Number.POSITIVE_INFINITY;
  const limits = limitsWith(account, snapshot.limits);
  const style = styleFor(context, 0);
  const ends = nearEndsWithHelp({ ...snapshot, limits }, memoryOf(account));
  const near = nearLines(ends, poolLines(account), style, width);
  writeLines(context.stdout, doctorLines(capabilities, near, style, width));
  return EXIT.done;
}

export function jsonOfCapabilities(capabilities: readonly Capability[]) {
  return {
    schemaVersion: SCHEMA_VERSION,
    capabilities: capabilities.map(({ name, state, found, lost, advice }) => ({ name, state, found, lost, advice })),
  };
}

function* doctorLines(
  capabilities: readonly Capability[],
  near: Iterable<string>,
  style: Style,
  width: number,
): Generator<string> {
  const glyphs = glyphsFor(style);
  const widest = Math.max(0, ...capabilities.map(({ name }) => displayWidth(name)));
  const indent = widest + 4;
  const below = (word: string, text: string) =>
    wrapText(forLocale(safeLine(`${word} ${text}`), style), width - indent, word.length + 1).map(
      (line) => ' '.repeat(indent) + line,
    );
  for (const { name, state, found, lost, advice } of capabilities) {
    const start = `${glyphs.capability[state]} ${name}${' '.repeat(widest - displayWidth(name))}  `;
    const [first = '', ...more] = wrapText(forLocale(safeLine(found), style), width - indent);
    yield paint(start.slice(0, 1), TOKENS[state], style) + start.slice(1) + first;
    for (const line of more) yield ' '.repeat(indent) + line;
    if (lost !== undefined) yield* below('lost:', lost);
    if (advice !== undefined) yield* below('to do:', advice);
  }
  yield '';
  yield* near;
  const missing = capabilities.filter(({ state }) => state !== 'yes').length;
  yield missing === 0
    ? 'All that shmtop can use is there.'
    : `${missing} of ${countOf(capabilities.length, 'thing')} that shmtop can use ${missing === 1 ? 'is' : 'are'} missing or only partly there.`;
}
