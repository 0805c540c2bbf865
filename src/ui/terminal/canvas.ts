// Where React's layout and our own text meet: Ink places markers, the canvas draws the lines behind them and writes what changed.
import { blankRow, type CellRow, rowText, writeCells } from './cells.ts';
import { drawRow, Pen } from './screen-diff.ts';

/** Lines with SGR colours that fill a rectangle; higher layers cover lower ones. */
export interface Region {
  readonly lines: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly layer: number;
}

export interface CanvasOutput {
  /** False when the terminal cannot take more; `onDrain` is then called once it can. */
  readonly write: (text: string) => boolean;
  readonly onDrain: (then: () => void) => void;
}

/** Private use area: `escapeBytes` never lets one through, so no name can pose as a marker. */
const FIRST_MARKER = 0xe000;
const MARKERS = /[\ue000-\uf8ff]/gu;
const BEGIN_SYNC = '\x1b[?2026h';
const END_SYNC = '\x1b[?2026l';

interface Place {
  readonly slot: number;
  readonly x: number;
  readonly y: number;
}

export class Canvas {
  readonly #output: CanvasOutput;
  #columns: number;
  #rows: number;
  readonly #regions = new Map<number, Region>();
  #nextSlot = 0;
  #frame: readonly string[] = [];
  #places: readonly Place[] = [];
  #shown: CellRow[] = [];
  #keys: string[] = [];
  #isScheduled = false;
  #isBlocked = false;
  #isSuspended = false;
  #mustClear = true;
  #onFlush: (() => void) | undefined;

  constructor(output: CanvasOutput, columns: number, rows: number) {
    this.#output = output;
    this.#columns = columns;
    this.#rows = rows;
  }

  /** The marker that Ink must place where the region is to start. */
  allocate(): number {
    return this.#nextSlot++;
  }

  static marker(slot: number): string {
    return String.fromCharCode(FIRST_MARKER + (slot % 0x1900));
  }

  setRegion(slot: number, region: Region): void {
    this.#regions.set(slot % 0x1900, region);
    this.#schedule();
  }

  removeRegion(slot: number): void {
    this.#regions.delete(slot % 0x1900);
    this.#schedule();
  }

  /** Draws a whole screen without Ink; `replaced` says that Ink's first frame is there. */
  showAtOnce(lines: readonly string[]): { readonly replaced: () => void } {
    const slot = this.allocate();
    this.setFrame(Canvas.marker(slot));
    this.setRegion(slot, { lines, width: this.#columns, height: this.#rows, layer: 0 });
    this.flush();
    return { replaced: () => this.removeRegion(slot) };
  }

  /** A frame of Ink: one string, lines separated by `\n`, markers where regions start. */
  setFrame(text: string): void {
    const lines = text.split('\n').slice(0, this.#rows);
    const places: Place[] = [];
    for (let y = 0; y < lines.length; y++) {
      // Ink lines hold little but markers and blanks; cells before a marker are counted without SGR.
      const plain = lines[y].replace(/\x1b\[[\d;]*m/g, '');
      for (const { 0: char, index } of plain.matchAll(MARKERS))
        places.push({ slot: char.charCodeAt(0) - FIRST_MARKER, x: index, y });
    }
    this.#frame = lines.map((line) => line.replace(MARKERS, ' '));
    this.#places = places;
    this.#schedule();
  }

  resize(columns: number, rows: number): void {
    if (columns === this.#columns && rows === this.#rows) return;
    this.#columns = columns;
    this.#rows = rows;
    this.redraw();
  }

  /** Forgets what the terminal shows: the next flush clears it and draws all of it. */
  redraw(): void {
    this.#mustClear = true;
    this.#schedule();
  }

  /** While suspended nothing is written: the terminal belongs to the shell. */
  suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    if (!isSuspended) this.redraw();
  }

  /** Called after each flush that wrote something; for measuring. */
  onFlush(listener: () => void): void {
    this.#onFlush = listener;
  }

  /** What is on the screen, as text: for tests. */
  text(): string[] {
    return this.#shown.map(rowText);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.#isSuspended || this.#isBlocked) return;
    // A region whose lines are still to come (effects run after Ink's frame) would be a blank flash: its lines bring the flush.
    if (this.#places.some(({ slot }) => !this.#regions.has(slot))) return;
    const pen = new Pen();
    if (this.#mustClear) this.#clear(pen);
    const rows = this.#compose();
    for (let y = 0; y < this.#rows; y++) {
      const segments = rows[y];
      const key = segments.map(({ x, width, text }) => `${x},${width},${text}`).join('\n');
      if (key === this.#keys[y]) continue;
      const row = blankRow(this.#columns);
      for (const { x, width, text } of segments) writeCells(row, x, x + width, text);
      drawRow(pen, y, this.#shown[y], row);
      this.#shown[y] = row;
      this.#keys[y] = key;
    }
    if (pen.text === '') return;
    pen.style('');
    if (!this.#output.write(BEGIN_SYNC + pen.text + END_SYNC)) {
      this.#isBlocked = true;
      this.#output.onDrain(() => {
        this.#isBlocked = false;
        this.#schedule();
      });
    }
    this.#onFlush?.();
  }

  #clear(pen: Pen): void {
    this.#mustClear = false;
    this.#shown = Array.from({ length: this.#rows }, () => blankRow(this.#columns));
    this.#keys = new Array<string>(this.#rows).fill('');
    pen.text += '\x1b[m\x1b[2J';
  }

  /** For each row, what is written into it, the lowest layer first. */
  #compose(): Segment[][] {
    const rows: Segment[][] = Array.from({ length: this.#rows }, () => []);
    this.#frame.forEach((text, y) => {
      if (text.trimEnd() !== '') rows[y].push({ x: 0, width: this.#columns, text });
    });
    const drawn = this.#places.flatMap((place) => {
      const region = this.#regions.get(place.slot);
      return region ? [{ ...place, region }] : [];
    });
    drawn.sort((a, b) => a.region.layer - b.region.layer);
    for (const { x, y, region } of drawn) {
      for (let line = 0; line < region.height && y + line < this.#rows; line++) {
        rows[y + line].push({ x, width: region.width, text: region.lines[line] ?? '' });
      }
    }
    return rows;
  }
}

interface Segment {
  readonly x: number;
  readonly width: number;
  readonly text: string;
}
