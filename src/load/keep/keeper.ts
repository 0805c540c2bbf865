// The parent's side of the keeper: starts it, hears what it made, hands its namespace to the workers, and lets it go.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { errorCode, errorMessage } from '../../fault/thrown.ts';
import type { Libc } from '../../native/libc.ts';
import { mqUnlink } from '../../native/posix-mq.ts';
import { removeQueue } from '../../native/sysv-mq.ts';
import { type LoadProblem, problem } from '../model/problem.ts';
import { removeSet } from '../sync/semop.ts';
import { workerEnvironment, workerProgram } from '../worker-program.ts';
import { formatWants, type KeepWants, type Kept, parseKept } from './wants.ts';

const START_MS = 20_000;
const END_MS = 5_000;

export interface Keeper {
  readonly kept: Kept;
  /** Of the namespace that it is all in, for the workers to inherit; absent where it is in our own. */
  readonly roomFd?: number;
  /** Takes all of it away at once: who waits in it wakes. Safe to call twice. */
  readonly abandon: () => void;
  /** Resolves when nothing of it is left. */
  readonly release: () => Promise<void>;
}

/** Starts one and waits for what it says. Call it on the main thread, and `release` it in the end. */
export async function startKeeper(libc: Libc, wants: KeepWants): Promise<Keeper | LoadProblem> {
  let child: ChildProcess;
  try {
    // In a session of its own: a signal to our process group must not take it along with us.
    child = spawn(process.execPath, [...workerProgram(), ...formatWants(wants, process.pid)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: workerEnvironment(),
      detached: true,
    });
  } catch (cause) {
    return problem('failed', `Cannot start the keeper: ${errorMessage(cause)}.`);
  }
  child.stdin?.on('error', () => {}); // EPIPE: it is gone, which `exit` tells
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
  const kept = await firstLine(child);
  const end = async () => {
    child.stdin?.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(timer);
  };
  if (!kept || kept.refusal !== undefined) {
    await end();
    return problem('refused', kept?.refusal ? `${kept.refusal}. Use futex instead.` : 'The keeper did not start.');
  }
  const roomFd = kept.isRoom ? openRoom(child.pid) : undefined;
  if (kept.isRoom && roomFd === undefined) {
    await end();
    return problem('failed', 'Cannot open the IPC namespace of the keeper.');
  }
  let isThere = true;
  const abandon = () => {
    if (!isThere) return;
    isThere = false;
    if (roomFd !== undefined) closeSync(roomFd);
    else takeBack(libc, kept);
    child.stdin?.end();
  };
  // Killed: what it would have taken back is ours to take back.
  child.once('exit', () => isThere && !kept.isRoom && takeBack(libc, kept));
  return {
    kept,
    ...(roomFd === undefined ? {} : { roomFd }),
    abandon,
    release: async () => {
      abandon();
      await end();
    },
  };
}

/** Each may be gone: the keeper does the same. */
function takeBack(libc: Libc, { semaphoreSet, queues, mqs }: Kept): void {
  if (semaphoreSet !== undefined) removeSet(libc, semaphoreSet);
  for (const id of queues) removeQueue(libc, id);
  for (const name of mqs) mqUnlink(libc, name);
}

/** Its pid cannot be another's: only we, on this thread, take a dead child from the table of processes. */
function openRoom(pid: number | undefined): number | undefined {
  try {
    return openSync(`/proc/${pid}/ns/ipc`, 'r');
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'EACCES') throw cause;
    return undefined; // it was killed
  }
}

function firstLine(child: ChildProcess): Promise<Kept | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => resolve(undefined), START_MS);
    const done = (kept: Kept | undefined) => {
      clearTimeout(timer);
      resolve(kept);
    };
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('\n')) done(parseKept(text.split('\n', 1)[0]));
    });
    child.once('error', () => done(undefined));
    child.once('exit', () => done(parseKept(text.split('\n', 1)[0])));
  });
}
