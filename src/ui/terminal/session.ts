// The terminal while it is ours: taken over, given to the shell and back, and given back clean whatever ends the program.
import { writeSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { InputParser } from './input-parser.ts';
import type { InputEvent } from './key-event.ts';
import { ENTER_TERMINAL, LEAVE_TERMINAL, mouseMode } from './modes.ts';

/** Silence after which a lone Esc is a key and not the start of a sequence. */
const ESCAPE_MS = 30;

export interface SessionEvents {
  readonly onInput: (event: InputEvent) => void;
  readonly onResize: (columns: number, rows: number) => void;
  /** The shell gave the terminal back (fg): everything must be drawn again. */
  readonly onResume: () => void;
}

export class TerminalSession {
  readonly #stdin: ReadStream;
  readonly #stdout: WriteStream & { readonly fd: number };
  readonly #events: SessionEvents;
  readonly #parser = new InputParser();
  #isOurs = false;
  #isMouseOn = false;
  /** The shell has it, until the job goes on. */
  #isSuspended = false;
  #escapeTimer: NodeJS.Timeout | undefined;

  constructor(stdin: ReadStream, stdout: WriteStream & { readonly fd: number }, events: SessionEvents) {
    this.#stdin = stdin;
    this.#stdout = stdout;
    this.#events = events;
  }

  get columns(): number {
    return this.#stdout.columns || 80;
  }

  get rows(): number {
    return this.#stdout.rows || 24;
  }

  enter(): void {
    if (this.#isOurs) return;
    this.#isOurs = true;
    this.#stdin.setEncoding('utf8');
    this.#stdin.setRawMode(true);
    this.#stdin.on('data', this.#onData);
    this.#stdin.resume();
    this.#stdout.on('resize', this.#onResize);
    // Before whoever closes the output at the end.
    process.prependListener('exit', this.#onExit);
    process.on('SIGCONT', this.#onContinue);
    this.#write(ENTER_TERMINAL + mouseMode(this.#isMouseOn));
  }

  /** Safe to call twice, and from an exit handler: the sequence is written before the call returns. */
  leave(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    clearTimeout(this.#escapeTimer);
    this.#stdin.off('data', this.#onData);
    this.#stdin.pause();
    this.#stdout.off('resize', this.#onResize);
    process.off('exit', this.#onExit);
    process.off('SIGCONT', this.#onContinue);
    if (!this.#isSuspended) this.#write(LEAVE_TERMINAL);
    try {
      this.#stdin.setRawMode(false);
    } catch {
      // EIO: the terminal is gone (SIGHUP)
    }
  }

  /** Gives the terminal to the shell, stops the whole job, and takes it back when the job continues. */
  suspend(): void {
    this.#isSuspended = true;
    this.#write(LEAVE_TERMINAL);
    this.#stdin.setRawMode(false);
    process.kill(0, 'SIGTSTP');
    // A job that nobody can continue (no shell with job control) is not stopped by the kernel: go on at once.
    setTimeout(this.#onContinue, 100);
  }

  setMouse(isOn: boolean): void {
    if (isOn === this.#isMouseOn) return;
    this.#isMouseOn = isOn;
    if (this.#isOurs) this.#write(mouseMode(isOn));
  }

  /** Raw output beside the canvas: clipboard. */
  send(text: string): void {
    if (this.#isOurs) this.#stdout.write(text);
  }

  readonly #onContinue = () => {
    if (!this.#isOurs) return;
    try {
      this.#stdin.setRawMode(true);
    } catch {
      return; // EIO: continued in the background or the terminal is gone
    }
    this.#isSuspended = false;
    this.#write(ENTER_TERMINAL + mouseMode(this.#isMouseOn));
    this.#events.onResume();
  };

  readonly #onData = (chunk: string | Buffer) => {
    clearTimeout(this.#escapeTimer);
    for (const event of this.#parser.feed(String(chunk))) this.#events.onInput(event);
    if (!this.#parser.isWaiting) return;
    this.#escapeTimer = setTimeout(() => {
      for (const event of this.#parser.flush()) this.#events.onInput(event);
    }, ESCAPE_MS);
  };

  readonly #onResize = () => this.#events.onResize(this.columns, this.rows);
  readonly #onExit = () => this.leave();

  /** Past Node's buffers, so that it is out even if the process ends now. */
  #write(text: string): void {
    try {
      writeSync(this.#stdout.fd, text);
    } catch {
      // EIO, EPIPE: the terminal is gone; EAGAIN: it does not take more now, and nothing better can be done while leaving
    }
  }
}
