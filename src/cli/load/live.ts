// What is printed while a load runs: setup, rows, and on a terminal one line below them that is drawn again and again.
import type { Meter } from '../../load/model/meter.ts';
import { asciiWords, formatByteRate } from '../../ui/format/load-numbers.ts';
import { formatRow, rowHeader, spellPlace, spellSetup } from '../../ui/format/load-rows.ts';
import { PHASES } from '../../ui/format/load-words.ts';
import type { Terminal } from '../context.ts';
import { sparkline } from './plot.ts';

const DEFAULT_WIDTH = 100;
const CLEAR_LINE = '\r\x1b[K';

export interface Live {
  /** Writes a line that stays. */
  readonly line: (text: string) => void;
  /** Replaces the line below; nothing where there is no terminal. */
  readonly status: (text: string) => void;
  readonly clear: () => void;
  readonly width: number;
  readonly isAscii: boolean;
}

/** A writer for a terminal (or a file: then the status line is left out). */
export function openLive(terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Live {
  const width = Math.max(20, terminal.columns ?? DEFAULT_WIDTH);
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  const isDumb = env.TERM === 'dumb';
  const showsStatus = terminal.isTty && !isDumb;
  let isShown = false;
  const clear = () => {
    if (isShown) terminal.write(CLEAR_LINE);
    isShown = false;
  };
  const isAscii = isDumb || (locale !== '' && !/utf-?8/i.test(locale));
  return {
    width,
    isAscii,
    clear,
    line: (text) => {
      clear();
      for (const part of wrap(isAscii ? asciiWords(text) : text, width)) terminal.write(`${part}\n`);
    },
    status: (text) => {
      if (!showsStatus) return;
      terminal.write(`${CLEAR_LINE}${(isAscii ? asciiWords(text) : text).slice(0, width - 1)}`);
      isShown = text !== '';
    },
  };
}

/** Draws each new meter: the setup once, a row a second, and a sparkline below. */
export function meterPrinter(live: Live): (meter: Meter) => void {
  let rows = 0;
  let isDescribed = false;
  return (meter) => {
    if (meter.phase === 'warm-up' && !isDescribed) {
      isDescribed = true;
      live.line(spellSetup(meter.setup));
      live.line(`in ${spellPlace(meter.setup)[0]}`);
      live.line(rowHeader(meter.setup, live.width));
    }
    for (; rows < meter.intervals.length; rows++) live.line(formatRow(meter.setup, meter.intervals[rows], live.width));
    const { bytesPerSecond } = meter.history;
    const top = bytesPerSecond.length > 1 ? formatByteRate(Math.max(...bytesPerSecond)) : '';
    const text =
      meter.phase === 'running' && top
        ? `${sparkline(bytesPerSecond, live.width - top.length - 4, live.isAscii)} ${top}`
        : PHASES[meter.phase];
    if (meter.phase === 'done' || meter.phase === 'failed') live.clear();
    else live.status(text);
  };
}

/** Breaks a line between words; what follows is indented as far as the text behind a label was. */
export function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const indent = Math.min(/^(\S*(?: \S+)*\s{2,})?/.exec(text)?.[0].length ?? 0, width >> 1);
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const start = lines.length === 0 ? 0 : indent;
    const at = rest.lastIndexOf(' ', width);
    const end = at > start ? at : width;
    lines.push(rest.slice(0, end).trimEnd());
    rest = ' '.repeat(indent) + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}
