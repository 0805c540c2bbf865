// A process that hangs in the kernel starts itself again: threads that do not hang wait for a while, and then call execve(2), which
// ends all others of the process, those in killable waits too, and keeps its pid, descriptors and parent.

import { close, fcntl, write } from './file.ts';
import type { Libc } from './libc.ts';
import { type NativeMemory, writeU64 } from './memory.ts';
import { monotonicMs } from './monotonic.ts';
import { pipe } from './pipe.ts';

/** `struct pollfd` (poll(2)): the descriptor, and POLLIN. */
const POLLFD_BYTES = 8;
const POLLIN = 1;
const F_SETFD = 2;
const STANDARD = [0, 1, 2];
/** Threads of libuv's pool: UV_THREADPOOL_SIZE, or 4 (libuv, threadpool). Koffi takes no more than 256 calls at a time. */
const DEFAULT_POOL_THREADS = 4;
const MOST_POOL_THREADS = 128;

type AsyncCall = { readonly async: (...args: (number | (() => void))[]) => void };

export interface Program {
  readonly path: string;
  /** Without its own name, which is the path. */
  readonly args: readonly string[];
  /** The environment: `NAME=value` and a zero byte each, as in /proc/self/environ. The note is added. */
  readonly environ: Uint8Array;
  /** A variable whose value ends with the number that `begin` was last given, padded with blanks. */
  readonly note: { readonly name: string; readonly value: string };
}

/** Armed between `begin` and `end` only. */
export interface LastResort {
  /** Milliseconds of monotonicMs(); whoever hangs then is replaced. */
  readonly dueMs: number;
  readonly begin: (note: number) => void;
  readonly end: () => void;
  /** For good; costs some system calls. */
  readonly cancel: () => void;
}

/** How many threads have to wait; undefined where that cannot be told, or are too many. */
export function poolThreads(env: NodeJS.ProcessEnv): number | undefined {
  const asked = env.UV_THREADPOOL_SIZE;
  const threads = asked === undefined ? DEFAULT_POOL_THREADS : Math.max(1, Number.parseInt(asked, 10) || 1);
  return threads <= MOST_POOL_THREADS ? threads : undefined;
}

/**
 * Whoever is between `begin` and `end` after `afterMs` is replaced by `program`. All `threads` of the pool wait for a byte in a
 * pipe; execve(2) is the next work in their queue, so it is called when the first of them has waited long enough, or sooner when
 * it is cancelled; outside of `begin` and `end` its path is empty (ENOENT). Nothing else that needs the pool (fs.promises, dynamic
 * imports) gets on meanwhile. -errno where it cannot be.
 */
export function armLastResort(libc: Libc, program: Program, threads: number, afterMs: number): LastResort | number {
  const ends = pipe(libc);
  if (typeof ends === 'number') return ends;
  // Node closes all descriptors on exec, the standard ones too.
  for (const fd of STANDARD) fcntl(libc, fd, F_SETFD, 0);
  const { poll, execve } = libc.raw as unknown as Record<'poll' | 'execve', AsyncCall>;
  const words = programMemory(libc, program);
  const waited = libc.allocate(POLLFD_BYTES * threads);
  const memory = { words, waited };
  inUse.add(memory);
  const { path, note } = words;
  const first = path.bytes[0];
  path.bytes[0] = 0;
  let running = threads + 1;
  const ended = () => {
    if (--running > 0) return;
    close(libc, ends.readFd);
    inUse.delete(memory);
  };
  for (let at = 0; at < threads; at++) {
    waited.i32[at * 2] = ends.readFd;
    waited.i32[at * 2 + 1] = POLLIN;
    poll.async(waited.address + at * POLLFD_BYTES, 1, Math.ceil(afterMs), ended);
  }
  execve.async(path.address, words.argv.address, words.envp.address, ended);
  return {
    dueMs: monotonicMs() + afterMs,
    begin: (number) => {
      writeNumber(note, number);
      path.bytes[0] = first;
    },
    end: () => {
      path.bytes[0] = 0;
    },
    cancel: () => {
      path.bytes[0] = 0;
      write(libc, ends.writeFd, path.address, 1);
      close(libc, ends.writeFd);
    },
  };
}

const NOTE_DIGITS = 10;

/** Over the blanks at the end of the note. */
function writeNumber(note: Uint8Array, number: number): void {
  let rest = number;
  for (let at = NOTE_DIGITS - 1; at >= 0; at--) {
    note[at] = rest > 0 ? 0x30 + (rest % 10) : 0x20;
    rest = Math.floor(rest / 10);
  }
}

/** Memory that calls under way still use. */
const inUse = new Set<object>();

interface ProgramMemory {
  readonly path: NativeMemory;
  readonly argv: NativeMemory;
  readonly envp: NativeMemory;
  /** The blanks at the end of the note. */
  readonly note: Uint8Array;
  /** What the two point to. */
  readonly texts: NativeMemory;
}

/** One block holds all texts: an allocation costs more than what is done with it. */
function programMemory(libc: Libc, { path, args, environ, note }: Program): ProgramMemory {
  const argBytes = Buffer.from(`${[path, ...args].join('\0')}\0`);
  const noteBytes = Buffer.from(`${note.name}=${note.value}${' '.repeat(NOTE_DIGITS)}\0`);
  const own = Buffer.from(`${note.name}=`);
  const texts = libc.allocate(argBytes.length + environ.length + noteBytes.length);
  texts.bytes.set(argBytes);
  texts.bytes.set(environ, argBytes.length);
  texts.bytes.set(noteBytes, argBytes.length + environ.length);
  const end = argBytes.length + environ.length;
  const envStarts = startsOf(texts.bytes, argBytes.length, end).filter((start) => !isAt(texts.bytes, start, own));
  const pathBytes = Buffer.from(path);
  const pathMemory = libc.allocate(pathBytes.length + 1);
  pathMemory.bytes.set(pathBytes);
  const noteEnd = end + noteBytes.length - 1;
  return {
    path: pathMemory,
    argv: pointersTo(libc, texts, startsOf(texts.bytes, 0, argBytes.length)),
    envp: pointersTo(libc, texts, [...envStarts, end]),
    note: texts.bytes.subarray(noteEnd - NOTE_DIGITS, noteEnd),
    texts,
  };
}

/** Where the texts begin that end with a zero byte each. */
function startsOf(bytes: Uint8Array, from: number, end: number): number[] {
  const starts: number[] = [];
  for (let at = from; at < end; at = bytes.indexOf(0, at) + 1) starts.push(at);
  return starts;
}

const isAt = (bytes: Uint8Array, at: number, what: Uint8Array) =>
  what.every((byte, index) => bytes[at + index] === byte);

/** An array of addresses with a null at its end. */
function pointersTo(libc: Libc, { address }: NativeMemory, starts: readonly number[]): NativeMemory {
  const memory = libc.allocate((starts.length + 1) * 8);
  for (let at = 0; at < starts.length; at++) writeU64(memory.u32, at * 2, address + starts[at]);
  return memory;
}
