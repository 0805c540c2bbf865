// The same messages through a pipe, a unix socket or a Node stream: one write a message, reads of what is there.
import { readSync, writeSync } from 'node:fs';
import { CONTROL, COUNTER, RING } from '../model/ring.ts';
import { makePattern, WINDOWS, windowOf } from '../pattern.ts';
import { type RingSetup, type RingView, wordAt } from '../ring-view.ts';
import { type Checker, makeChecker } from '../verify.ts';
import type { Beat } from './beat.ts';
import { isProducerGone } from './ending.ts';
import { tellFindings } from './tell-findings.ts';

/** As Role, but with a descriptor in place of a sync mode; the ring has only counters. */
export interface StreamRole {
  readonly view: RingView;
  readonly setup: RingSetup;
  readonly beat: Beat;
  readonly fd: number;
}

const READ_BYTES = 65_536;
/** Stands in for the slots that a stream does not have, where the checker chooses each 16th message. */
export const LAP = 4096;

/** Writes messages with write(2) until told to stop; the reader then finds the end of the stream. */
export function writeMessages({ view, setup, beat, fd }: StreamRole): void {
  const next = messageSource(setup);
  let sequence = 0;
  do {
    const message = next(sequence);
    let written = 0;
    while (written < message.length) written += writeSync(fd, message, written);
    sequence = (sequence + 1) | 0;
    view.producer[COUNTER.messages]++;
  } while (beat.tick());
  beat.now();
}

/** The same through a Node stream, waiting for `drain` whenever the stream asks for it. */
export function writeToStream({ view, setup, beat }: StreamRole, stream: NodeJS.WritableStream): Promise<void> {
  // The stream keeps what it is given until it is written, so each message is a buffer of its own.
  const next = messageSource(setup);
  let sequence = 0;
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    const writeOn = () => {
      while (beat.tick()) {
        const goesOn = stream.write(Buffer.from(next(sequence)));
        sequence = (sequence + 1) | 0;
        view.producer[COUNTER.messages]++;
        if (!goesOn) return void stream.once('drain', writeOn);
      }
      beat.now();
      stream.end(resolve);
    };
    writeOn();
  });
}

/** Reads messages with read(2) until the end of the stream. */
export function readMessages({ view, setup, beat, fd }: StreamRole): void {
  const assembler = makeAssembler(view, setup);
  const buffer = Buffer.allocUnsafeSlow(Math.max(READ_BYTES, setup.sizeBytes));
  while (true) {
    const length = readSync(fd, buffer, 0, buffer.length, null);
    if (length === 0) break;
    assembler(buffer, length);
    beat.tick();
  }
  beat.now();
}

/** The same from a Node stream. */
export function readFromStream({ view, setup, beat }: StreamRole, stream: NodeJS.ReadableStream): Promise<void> {
  const assembler = makeAssembler(view, setup);
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => {
      assembler(chunk, chunk.length);
      beat.tick();
    });
    stream.on('end', () => {
      beat.now();
      resolve();
    });
  });
}

/** True when the parent told to stop, so that a broken stream is the end and not a failure. */
export function isStopping(view: RingView): boolean {
  return Atomics.load(view.words, wordAt(RING.control)) === CONTROL.stop || isProducerGone(view);
}

/** A function that gives message `sequence`, in a buffer that is valid until the same window comes again. */
export function messageSource(setup: RingSetup): (sequence: number) => Uint8Array {
  const { sizeBytes } = setup;
  const pattern = makePattern(sizeBytes, setup.seed);
  // One buffer, overlapping windows: the stamps of one message are part of another, so they are put back after the write.
  if (sizeBytes > 65_536) return overlappingSource(pattern.bytes, pattern.stepBytes, sizeBytes);
  const messages = Array.from({ length: WINDOWS }, (_, window) => {
    const bytes = pattern.bytes.slice(window * pattern.stepBytes, window * pattern.stepBytes + sizeBytes);
    return { bytes, words: new Int32Array(bytes.buffer) };
  });
  const last = (sizeBytes >> 2) - 1;
  return (sequence) => {
    const { bytes, words } = messages[windowOf(sequence)];
    words[0] = sequence;
    words[last] = sequence;
    return bytes;
  };
}

function overlappingSource(bytes: Uint8Array<ArrayBuffer>, stepBytes: number, sizeBytes: number) {
  const words = new Int32Array(bytes.buffer);
  const windows = Array.from({ length: WINDOWS }, (_, i) => bytes.subarray(i * stepBytes, i * stepBytes + sizeBytes));
  const restore = { first: 0, last: 0, firstValue: words[0], lastValue: words[0] };
  return (sequence: number) => {
    words[restore.last] = restore.lastValue;
    words[restore.first] = restore.firstValue;
    const window = windowOf(sequence);
    const first = (window * stepBytes) >> 2;
    const last = first + (sizeBytes >> 2) - 1;
    Object.assign(restore, { first, last, firstValue: words[first], lastValue: words[last] });
    words[first] = sequence;
    words[last] = sequence;
    return windows[window];
  };
}

/**
 * A function that takes what a read gave, puts messages together in private memory and judges them as the consumer of a ring
 * does (copied out, then checked), and counts them.
 */
function makeAssembler(view: RingView, setup: RingSetup): (chunk: Uint8Array, length: number) => void {
  const { sizeBytes, strideBytes } = setup;
  const room = Math.max(1, Math.floor(READ_BYTES / strideBytes));
  const copy = new Uint8Array(room * strideBytes);
  const checker: Checker = makeChecker(
    setup.verify,
    copy,
    { sizeBytes, strideBytes, slots: LAP },
    makePattern(sizeBytes, setup.seed),
  );
  const { findings } = checker;
  const counters = view.consumer;
  let sequence = 0;
  let complete = 0; // messages in `copy`, whole
  let filled = 0; // bytes of the next one
  const flush = () => {
    checker.check(sequence, complete);
    sequence = (sequence + complete) | 0;
    counters[COUNTER.messages] += complete;
    tellFindings(counters, findings);
    complete = 0;
  };
  return (chunk, length) => {
    let at = 0;
    while (at < length) {
      // Whole messages at the stride of the copy need no assembly: take as many as there are with one copy.
      const whole = filled === 0 && sizeBytes === strideBytes ? Math.floor((length - at) / sizeBytes) : 0;
      if (whole > 0) {
        const count = Math.min(whole, room - complete);
        copy.set(chunk.subarray(at, at + count * sizeBytes), complete * strideBytes);
        complete += count;
        at += count * sizeBytes;
      } else {
        const part = Math.min(sizeBytes - filled, length - at);
        copy.set(chunk.subarray(at, at + part), complete * strideBytes + filled);
        filled += part;
        at += part;
        if (filled === sizeBytes) {
          filled = 0;
          complete++;
        }
      }
      if (complete === room) flush();
    }
    // An unfinished message moves to the front, since the checked ones before it are done.
    const from = complete * strideBytes;
    if (complete > 0) {
      flush();
      if (filled > 0) copy.copyWithin(0, from, from + filled);
    }
  };
}
