// What is printed while a load runs: setup, rows, and on a terminal one line below them that is drawn again and again.
import type { Meter } from '../../load/model/meter.ts';
import { type Boxes, boxesFor, sparksFromZero } from '../../ui/format/boxes.ts';
import { forLocale, isKernelConsole, isUtf8Locale } from '../../ui/format/glyphs.ts';
import { asciiWords, formatByteRate } from '../../ui/format/load-numbers.ts';
import { formatRow, rowHeader, spellPlace, spellSetup } from '../../ui/format/load-rows.ts';
import { PHASES } from '../../ui/format/load-words.ts';
import { wrapLabelled } from '../../ui/format/wrap.ts';
import type { CliContext } from '../context.ts';
import type { Terminal } from '../output.ts';
import { outputWidth } from '../style.ts';

/** Of what is not cut by a terminal. */
const FILE_WIDTH = 100;
const LEAST_WIDTH = 20;
const CLEAR_LINE = '\r\x1b[K';

export interface Live {
  /** Writes a line that stays. */
  readonly line: (text: string) => void;
  /** Replaces the line below; nothing where there is no terminal. */
  readonly status: (text: string) => void;
  readonly clear: () => void;
  readonly width: number;
  readonly boxes: Boxes;
}

/** A writer for a terminal (or a file: then the status line is left out). */
export function openLive(terminal: Terminal, env: CliContext['env']): Live {
  const width = Math.max(LEAST_WIDTH, outputWidth({ stdout: terminal, env }) ?? FILE_WIDTH);
  const unicode = isUtf8Locale(env) && !isKernelConsole(env);
  const shown = (text: string) => (unicode ? text : forLocale(asciiWords(text), { unicode }));
  const showsStatus = terminal.isTty && env.TERM !== 'dumb';
  let isShown = false;
  const clear = () => {
    if (isShown) terminal.write(CLEAR_LINE);
    isShown = false;
  };
  return {
    width,
    boxes: boxesFor(unicode),
    clear,
    line: (text) => {
      clear();
      for (const part of wrapLabelled(shown(text), width)) terminal.write(`${part}\n`);
    },
    status: (text) => {
      if (!showsStatus) return;
      terminal.write(`${CLEAR_LINE}${shown(text).slice(0, width - 1)}`);
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
        ? `${sparksFromZero(bytesPerSecond, live.width - top.length - 4, live.boxes)} ${top}`
        : PHASES[meter.phase];
    if (meter.phase === 'done' || meter.phase === 'failed') live.clear();
    else live.status(text);
  };
}
