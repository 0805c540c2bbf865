// The stream that Ink believes to be the terminal: it hands whole frames to the canvas and writes nothing itself.
import { Writable } from 'node:stream';
import type { Canvas } from './canvas.ts';

/** With `debug: true` Ink writes each frame whole, without any cursor movement. */
export class InkOutput extends Writable {
  readonly isTTY = true;
  columns: number;
  rows: number;
  readonly #canvas: Canvas;

  constructor(canvas: Canvas, columns: number, rows: number) {
    super({ decodeStrings: false });
    this.#canvas = canvas;
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    const text = String(chunk);
    if (text !== '\n') this.#canvas.setFrame(text);
    done();
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}
