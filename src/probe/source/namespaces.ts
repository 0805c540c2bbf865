// Other IPC and mount namespaces: which there are, and their segment tables (setns and back).
import { constants } from 'node:fs';
import { EACCES, ENOENT, EPERM, ESRCH, errnoName } from '../../native/errno.ts';
import * as file from '../../native/file.ts';
import { O_CLOEXEC } from '../../native/layout.ts';
import type { Libc } from '../../native/libc.ts';
import { enterIpcNamespace } from '../../native/process.ts';
import type { ByteString } from '../model/bytes.ts';
import type { GapList } from '../model/gap.ts';
import type { FdRecord } from '../model/join/mapping-record.ts';
import { openNamespace } from '../territory/places/open-namespace.ts';
import type { Io } from './io.ts';
import { askNamespace, readNamespace } from './namespace-link.ts';
import { freshNotes, type NotesOf, type PidNamespaces } from './process-notes.ts';
import { readThreadNamespaces, ThreadBudget } from './thread-namespaces.ts';

/** Inodes of namespaces as decimal text. */
export interface Namespaces {
  readonly ownIpc?: string;
  readonly ownMount?: string;
  /** By pid; by thread id too, for threads that are in others than their process. */
  readonly ipcOf: ReadonlyMap<number, string>;
  readonly mountOf: ReadonlyMap<number, string>;
  /** Processes that may not be asked for one or the other (ptrace(2), a security module). */
  readonly refused: readonly number[];
  /** Processes with more threads than were asked. */
  readonly threadsLeft: readonly number[];
}

/** Looks at all processes: about 4 µs each, and as much for each further thread, where it is not in the notes. */
export function readNamespaces(
  io: Io,
  procRoot: string,
  pids: readonly number[],
  notesOf: NotesOf = freshNotes(),
): Namespaces {
  const ipcOf = new Map<number, string>();
  const mountOf = new Map<number, string>();
  const refused: number[] = [];
  const threadsLeft: number[] = [];
  const budget = new ThreadBudget();
  const set = (id: number, { ipc, mount }: Pick<PidNamespaces, 'ipc' | 'mount'>) => {
    if (ipc !== undefined) ipcOf.set(id, ipc);
    if (mount !== undefined) mountOf.set(id, mount);
  };
  const ask = (tid: number) => namespacesOf(io, procRoot, tid);
  for (const pid of pids) {
    const notes = notesOf(pid);
    const main = namespacesOf(io, procRoot, pid, notes.namespaces);
    notes.namespaces = main;
    if (main.isRefused) refused.push(pid);
    set(pid, main);
    const directory = `${procRoot}/${pid}/task`;
    notes.threads = readThreadNamespaces(io, directory, pid, main, ask, budget, notes.threads);
    const { others, isWhole } = notes.threads;
    if (!isWhole) threadsLeft.push(pid);
    for (const thread of others) set(thread.tid, thread);
    // Without its main thread a process is where its first other one is.
    if (main.ipc === undefined && main.mount === undefined && others.length > 0) set(pid, others[0]);
  }
  const own = (kind: 'ipc' | 'mnt') => readNamespace(io, procRoot, 'self', kind);
  return { ownIpc: own('ipc'), ownMount: own('mnt'), ipcOf, mountOf, refused, threadsLeft };
}

function namespacesOf(io: Io, procRoot: string, pid: number, known?: PidNamespaces): PidNamespaces {
  if (known) return known;
  const ipc = askNamespace(io, procRoot, pid, 'ipc');
  const mount = askNamespace(io, procRoot, pid, 'mnt');
  return { ipc: textOf(ipc), mount: textOf(mount), isRefused: isRefusal(ipc) || isRefusal(mount) };
}

const textOf = (answer: string | number) => (typeof answer === 'string' ? answer : undefined);
/** Anything but that there is no such process, or none with memory: EACCES, and what fails for want of memory too. */
const isRefusal = (answer: string | number) => typeof answer === 'number' && answer !== -ENOENT && answer !== -ESRCH;

/** The namespaces that are not our own, each with a few of its processes: the first may have ended by then, or see less of it. */
export function severalOfOthers(
  own: string | undefined,
  namespaceOf: ReadonlyMap<number, string>,
  most: number,
): Map<string, number[]> {
  const others = new Map<string, number[]>();
  for (const [pid, namespace] of namespaceOf) {
    if (namespace === own) continue;
    const pids = others.get(namespace);
    if (pids === undefined) others.set(namespace, [pid]);
    else if (pids.length < most) pids.push(pid);
  }
  return others;
}

/** What leads into an IPC namespace: the link of a process that is in it, or a file that it is mounted on. */
export interface IpcDoor {
  readonly path: ByteString;
  /** Absent: mounted. */
  readonly pid?: number;
  /** Of the namespace, where the path may lead to something else by now: it is opened only if it still is that. */
  readonly inode?: number;
  /** Links of further processes that are in it, should the first have ended. */
  readonly more?: readonly ByteString[];
}

/** The door that a process is, or several of one namespace are. */
export function ipcDoorOf(procRoot: string, pid: number, others: readonly number[] = []): IpcDoor {
  const path = (one: number) => `${procRoot}/${one}/ns/ipc`;
  return { path: path(pid), pid, more: others.map(path) };
}

/** One process may have as many open as it likes, and each costs a visit. */
const MOST_HELD = 256;

/**
 * IPC namespaces that processes have open and that are not known otherwise, each once: a process may be in none of them and come back to
 * all.
 */
export function heldIpcNamespaces(
  procRoot: string,
  fds: readonly FdRecord[],
  known: ReadonlySet<string | undefined>,
  gaps: GapList,
): Map<string, IpcDoor> {
  const doors = new Map<string, IpcDoor>();
  for (const { name, pid, fd } of fds) {
    const namespace = IPC_NAME.exec(name)?.[1];
    if (namespace === undefined || doors.has(namespace) || known.has(namespace)) continue;
    if (doors.size >= MOST_HELD) {
      gaps.add('ns', 'limit', { pid, detail: 'more IPC namespaces that only descriptors keep than are looked into' });
      break;
    }
    doors.set(namespace, { path: `${procRoot}/${pid}/fd/${fd}`, pid, inode: Number(namespace) });
  }
  return doors;
}

const IPC_NAME = /^ipc:\[(\d+)\]$/;

/**
 * Runs `use` with this thread in the IPC namespace behind a door, and comes back before it returns: nothing here may await
 * or start a process meanwhile. Undefined, with a gap, where it may not be entered. Not coming back would make every later
 * answer wrong, so that throws.
 */
export function withinIpcNamespace<Value>(
  libc: Libc,
  { path, pid, inode, more = [] }: IpcDoor,
  gaps: GapList,
  use: () => Value,
): Value | undefined {
  const flags = constants.O_RDONLY | O_CLOEXEC;
  const own = file.open(libc, '/proc/thread-self/ns/ipc', flags);
  let other = inode === undefined ? file.open(libc, path, flags) : openNamespace(libc, path, inode);
  for (const next of more) if (other === -ENOENT) other = file.open(libc, next, flags);
  const addClosed = (result: number) => addGap(gaps, pid, result, 'an IPC namespace, which could not be entered');
  try {
    if (own < 0) return undefined;
    if (other < 0) return addClosed(other);
    const entered = enterIpcNamespace(libc, other);
    if (entered < 0) return addClosed(entered);
    try {
      return use();
    } finally {
      comeBack(libc, own);
    }
  } finally {
    // An open namespace descriptor keeps a dead container's segments alive: none may stay.
    if (own >= 0) file.close(libc, own);
    if (other >= 0) file.close(libc, other);
  }
}

function comeBack(libc: Libc, own: number): void {
  const back = enterIpcNamespace(libc, own);
  if (back < 0) throw new Error(`cannot return to our own IPC namespace: ${errnoName(back)}`);
}

function addGap(gaps: GapList, pid: number | undefined, result: number, detail: string): undefined {
  const isRefused = result === -EACCES || result === -EPERM;
  // The process has just gone; others may still be in its namespace.
  const reason = isRefused ? 'permission' : result === -ENOENT ? 'vanished' : 'io';
  gaps.add('ns', reason, { pid, detail });
}
