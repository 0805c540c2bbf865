// A process that hangs in the kernel starts itself again: threads that do not hang wait for a while, and then call execve(2), which
// ends all others of the process, those in killable waits too, and keeps its pid, descriptors and parent.

import { close, fcntl, write } from './file.ts';
import type { Libc } from './libc.ts';
import type { NativeMemory } from './memory.ts';
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
  readonly env: Readonly<Record<string, string>>;
  /** A variable whose value ends with the number that `begin` was last given, padded with blanks. */
  readonly note: { readonly name: string; readonly value: string };
}

/** Armed between `begin` and `end` only. */
export interface LastResort {
  /** Milliseconds of performance.now(); whoever hangs then is replaced. */
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
    dueMs: performance.now() + afterMs,
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
  readonly texts: readonly NativeMemory[];
}

function programMemory(libc: Libc, { path, args, env, note }: Program): ProgramMemory {
  const text = (value: string) => {
    const bytes = Buffer.from(value);
    const memory = libc.allocate(bytes.length + 1);
    memory.bytes.set(bytes);
    return memory;
  };
  const pointers = (texts: readonly NativeMemory[]) => {
    const memory = libc.allocate((texts.length + 1) * 8);
    texts.forEach(({ address }, at) => {
      memory.u32[at * 2] = address >>> 0;
      memory.u32[at * 2 + 1] = Math.floor(address / 4294967296);
    });
    return memory;
  };
  const argTexts = [path, ...args].map(text);
  const envTexts = Object.entries(env).map(([name, value]) => text(`${name}=${value}`));
  const noteText = text(`${note.name}=${note.value}${' '.repeat(NOTE_DIGITS)}`);
  const noteEnd = Buffer.byteLength(`${note.name}=${note.value}`);
  const texts = [...argTexts, ...envTexts, noteText];
  return {
    path: text(path),
    argv: pointers(argTexts),
    envp: pointers([...envTexts, noteText]),
    note: noteText.bytes.subarray(noteEnd, noteEnd + NOTE_DIGITS),
    texts,
  };
}
