// The keeper: a process that makes what has no last close (semaphore sets, message queues), and takes it back when its parent is gone,
// however that ended. Where it may, it makes it in an IPC namespace of its own; then the kernel takes it back, whoever is killed.
import { readSync, writeSync } from 'node:fs';
import { errorCode } from '../../fault/thrown.ts';
import { EEXIST, errnoName } from '../../native/errno.ts';
import { newIpcNamespace } from '../../native/ipc-namespace.ts';
import { IPC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { mqCreate, mqUnlink } from '../../native/posix-mq.ts';
import { MESSAGE_TYPE_BYTES, msgget, msgrcv, msgsnd, removeQueue } from '../../native/sysv-mq.ts';
import { mqName } from '../keep/mq-name.ts';
import { type KeepWants, type Kept, parseWants } from '../keep/wants.ts';
import { ownKey } from '../segment.ts';
import { createSet, removeSet } from '../sync/semop.ts';

const ATTEMPTS = 64;
/** As many as an ordinary user may have in a queue (fs.mqueue.msg_max). */
const MQ_MESSAGES = 10;

/** Runs until standard input ends, which it does with the parent. Never returns. */
export function keep(libc: Libc, words: readonly string[]): never {
  const wants = parseWants(words);
  if (!wants) {
    process.stderr.write('shmtop starts this program itself; run: shmtop load\n');
    process.exit(1);
  }
  // It ends with its parent and with nothing else that can be caught.
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM', 'SIGPIPE'] as const) process.on(signal, () => {});
  process.title = 'shmtop-keep';
  const isRoom = newIpcNamespace(libc) === 0;
  const made: Made = { queues: [], mqs: [] };
  const refusal = make(libc, wants, made);
  if (refusal !== undefined) takeBack(libc, made);
  const kept: Kept = { isRoom, ...made, ...(refusal === undefined ? {} : { refusal }) };
  try {
    writeSync(1, `${JSON.stringify(kept)}\n`);
    waitForEnd();
  } finally {
    takeBack(libc, made);
  }
  process.exit(0);
}

interface Made {
  semaphoreSet?: number;
  queues: number[];
  mqs: string[];
}

/** Makes all that is wanted; else why not, with what was made until then in `made`. */
function make(libc: Libc, wants: KeepWants, made: Made): string | undefined {
  if (wants.rings > 0) {
    const set = createSet(libc, wants.rings, wants.slots, process.pid);
    if (set < 0) return `Cannot make a semaphore set: ${errnoName(set)} (limits in /proc/sys/kernel/sem)`;
    made.semaphoreSet = set;
  }
  for (let n = 0; n < wants.queues; n++) {
    const id = makeQueue(libc);
    if (id < 0) return `Cannot make a message queue: ${errnoName(id)} (limits in /proc/sys/kernel/msgmni)`;
    made.queues.push(id);
  }
  for (let n = 0; n < wants.mqs; n++) {
    const name = mqName(process.pid, n);
    const fd = mqCreate(libc, name, MQ_MESSAGES, wants.mqBytes);
    if (fd < 0)
      return `Cannot make a POSIX message queue: ${errnoName(fd)} (limits in /proc/sys/fs/mqueue, RLIMIT_MSGQUEUE)`;
    made.mqs.push(name);
  }
  return undefined;
}

/** A queue with our key; a message that goes through it writes our pid into it, so that the sweep knows whose it was. */
function makeQueue(libc: Libc): number {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const id = msgget(libc, ownKey(), IPC.CREAT | IPC.EXCL | 0o600);
    if (id === -EEXIST) continue;
    if (id < 0) return id;
    const note = libc.allocate(MESSAGE_TYPE_BYTES);
    note.u32[0] = 1;
    msgsnd(libc, id, note.address, 0);
    msgrcv(libc, id, note.address, 0);
    return id;
  }
  return -EEXIST;
}

function takeBack(libc: Libc, made: Made): void {
  if (made.semaphoreSet !== undefined) removeSet(libc, made.semaphoreSet);
  made.semaphoreSet = undefined;
  for (const id of made.queues.splice(0)) removeQueue(libc, id);
  for (const name of made.mqs.splice(0)) mqUnlink(libc, name);
}

function waitForEnd(): void {
  const byte = Buffer.alloc(1);
  while (true) {
    try {
      if (readSync(0, byte, 0, 1, null) === 0) return;
    } catch (cause) {
      if (errorCode(cause) !== 'EINTR' && errorCode(cause) !== 'EAGAIN') return;
    }
  }
}
