// Counts the System V semaphores of our own IPC namespace: semctl(2) SEM_INFO, else the text of /proc.
import { errnoName } from '../../native/errno.ts';
import { isLibc, type Libc, loadLibc } from '../../native/libc.ts';
import { SEM, SEMINFO_BYTES, SEMINFO_LAYOUT, semctl } from '../../native/sysv-sem.ts';
import type { Semaphores } from '../model/semaphores.ts';
import { parseSemaphoreLimits, parseSemaphoreTable } from '../parse/semaphores.ts';
import { type Io, readText } from './io.ts';
import { nodeIo } from './io-node.ts';

/** In words why they cannot be counted. Another proc root is another machine's: its text counts. */
export function readSemaphores(procRoot = '/proc', io: Io = nodeIo()): Semaphores | string {
  const libc = procRoot === '/proc' ? loadLibc() : undefined;
  if (libc && isLibc(libc)) {
    const counted = countSemaphores(libc);
    return typeof counted === 'number' ? `semctl: ${errnoName(counted)}` : counted;
  }
  const table = readText(io, `${procRoot}/sysvipc/sem`);
  if (typeof table === 'number') return `${procRoot}/sysvipc/sem: ${errnoName(table)}`;
  const limits = readText(io, `${procRoot}/sys/kernel/sem`);
  if (typeof limits === 'number') return `${procRoot}/sys/kernel/sem: ${errnoName(limits)}`;
  const counted = parseSemaphoreTable(table);
  const most = parseSemaphoreLimits(limits);
  return counted && most ? { ...counted, ...most } : `the text below ${procRoot} is not understood`;
}

/** Of the namespace that this thread is in: one system call; -errno (ENOSYS: none here at all). */
export function countSemaphores(libc: Libc): Semaphores | number {
  const { address, i32 } = libc.allocate(SEMINFO_BYTES);
  const result = semctl(libc, 0, 0, SEM.SEM_INFO, address);
  if (result < 0) return result;
  const { mostSets, mostSemaphores, sets, semaphores } = SEMINFO_LAYOUT;
  const at = (offset: number) => i32[offset / 4];
  return { sets: at(sets), mostSets: at(mostSets), semaphores: at(semaphores), mostSemaphores: at(mostSemaphores) };
}
