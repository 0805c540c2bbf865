// A question on the terminal, answered with a line.
import { readSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { errorCode } from '../fault/thrown.ts';
import type { Ask } from './context.ts';

const STDIN = 0;
const STDERR = 2;
const LONGEST = 4096;

/** Undefined where standard input is no terminal. The question goes to standard error, so that output stays clean. */
export function askOnTerminal(): Ask | undefined {
  if (!isatty(STDIN)) return undefined;
  return (question) => {
    writeSync(STDERR, question);
    const byte = Buffer.alloc(1);
    let line = '';
    while (line.length < LONGEST) {
      if (!readByte(byte)) return line === '' ? undefined : line;
      if (byte[0] === 0x0a) break;
      line += byte.toString('latin1');
    }
    return Buffer.from(line, 'latin1').toString('utf8').trim();
  };
}

/** False at the end of input. */
function readByte(byte: Buffer): boolean {
  for (;;) {
    try {
      return readSync(STDIN, byte) === 1;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EOF' || code === 'EIO') return false;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
