// A process that reads in our place, as its owner sees it: asked synchronously, with a deadline; killed when that has passed.

import type { ChildProcess } from 'node:child_process';
import { EINTR } from '../../../native/errno.ts';
import * as file from '../../../native/file.ts';
import type { Libc } from '../../../native/libc.ts';
import type { NativeMemory } from '../../../native/memory.ts';
import { monotonicMs } from '../../../native/monotonic.ts';
import { pipe } from '../../../native/pipe.ts';
import { processArgs } from '../../thread/worker-file.ts';
import type { Answers, Question, QuestionOf } from './question.ts';

const POLLIN = 1;
const READ_BYTES = 65_536;
const NEWLINE = 0x0a;
/** Answers are of our own making: more than this is a fault. */
const MOST_ANSWER_BYTES = 256 * 1024 * 1024;
const NO_ANSWER = 'no-answer';

export class ReaderProcess {
  readonly #libc: Libc;
  readonly #child: ChildProcess;
  readonly #toChild: number;
  readonly #fromChild: number;
  readonly #waiting: NativeMemory;
  readonly #buffer: NativeMemory;
  #isEnded = false;

  private constructor(libc: Libc, child: ChildProcess, toChild: number, fromChild: number) {
    this.#libc = libc;
    this.#child = child;
    this.#toChild = toChild;
    this.#fromChild = fromChild;
    this.#waiting = libc.allocate(8);
    this.#buffer = libc.allocate(READ_BYTES);
  }

  /** Undefined where it cannot be started, or is not ready after `mostMs`. */
  static start(libc: Libc, procRoot: string, isOwnProc: boolean, mostMs: number): ReaderProcess | undefined {
    const questions = pipe(libc);
    const answers = pipe(libc);
    if (typeof questions === 'number' || typeof answers === 'number') {
      for (const ends of [questions, answers]) {
        if (typeof ends === 'number') continue;
        file.close(libc, ends.readFd);
        file.close(libc, ends.writeFd);
      }
      return undefined;
    }
    const child = spawnReader(procRoot, isOwnProc, questions.readFd, answers.writeFd);
    file.close(libc, questions.readFd);
    file.close(libc, answers.writeFd);
    if (child?.pid === undefined) {
      file.close(libc, questions.writeFd);
      file.close(libc, answers.readFd);
      return undefined;
    }
    const started = new ReaderProcess(libc, child, questions.writeFd, answers.readFd);
    if (started.#receive(monotonicMs() + mostMs) !== undefined) return started;
    started.end();
    return undefined;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** `no-answer`: not within `mostMs`, or it is gone; then it has been ended. */
  ask<Ask extends Question['ask']>(question: QuestionOf<Ask>, mostMs: number): Answers[Ask] | typeof NO_ANSWER {
    if (this.#isEnded) return NO_ANSWER;
    const bytes = Buffer.from(`${JSON.stringify(question)}\n`);
    const memory = this.#libc.allocate(bytes.length);
    memory.bytes.set(bytes);
    for (let at = 0; at < bytes.length; ) {
      const count = file.write(this.#libc, this.#toChild, memory.address + at, bytes.length - at);
      if (count <= 0) return this.#lost();
      at += count;
    }
    const line = this.#receive(monotonicMs() + mostMs);
    if (line === undefined) return this.#lost();
    // What it says is what this program wrote, in the same version.
    return JSON.parse(line) as Answers[Ask];
  }

  /** SIGKILL: whoever waits for a memory lock dies of it. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    file.close(this.#libc, this.#toChild);
    file.close(this.#libc, this.#fromChild);
    this.#child.kill('SIGKILL');
  }

  #lost(): typeof NO_ANSWER {
    this.end();
    return NO_ANSWER;
  }

  /** The next line; undefined when there was none in time. */
  #receive(endMs: number): string | undefined {
    const { bytes, address } = this.#buffer;
    const pieces: Buffer[] = [];
    for (let length = 0; length < MOST_ANSWER_BYTES; ) {
      if (!this.#isReadable(endMs)) return undefined;
      const count = file.read(this.#libc, this.#fromChild, address, bytes.length);
      if (count <= 0) return undefined;
      length += count;
      const isLast = bytes[count - 1] === NEWLINE;
      if (isLast && pieces.length === 0) return Buffer.from(bytes.buffer, bytes.byteOffset, count - 1).toString();
      pieces.push(Buffer.from(bytes.subarray(0, count)));
      if (isLast) return Buffer.concat(pieces).toString();
    }
    return undefined;
  }

  /** A signal (SIGCHLD of the one before) only interrupts the waiting: to read then would be to wait without an end. */
  #isReadable(endMs: number): boolean {
    const { i32, address } = this.#waiting;
    for (;;) {
      const leftMs = Math.ceil(endMs - monotonicMs());
      if (leftMs <= 0) return false;
      i32[0] = this.#fromChild;
      i32[1] = POLLIN;
      const ready = this.#libc.result(this.#libc.raw.poll(address, 1, leftMs));
      if (ready !== -EINTR) return ready > 0;
    }
  }
}

/** Its environment is empty: nothing there is meant for it. */
function spawnReader(procRoot: string, isOwnProc: boolean, stdin: number, stdout: number): ChildProcess | undefined {
  try {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const program = processArgs('asker', 'probe/territory/patience/asker.ts');
    const args = [...program, procRoot, isOwnProc ? 'own' : 'other'];
    const child = spawn(process.execPath, args, { stdio: [stdin, stdout, 'ignore'], env: {}, cwd: '/' });
    child.on('error', () => {}); // ENOENT, EAGAIN: it has no pid then
    child.unref();
    return child;
  } catch {
    return undefined; // EMFILE, ENOMEM, or the file is missing
  }
}
