// Counts the System V semaphores of our own IPC namespace: semctl(2) SEM_INFO, else the text of /proc.
import { errnoName } from '../../native/errno.ts';
import { isLibc, loadLibc } from '../../native/libc.ts';
import { SEM, SEMINFO_BYTES, semctl } from '../../native/sysv-sem.ts';
import type { Semaphores } from '../model/semaphores.ts';
import { parseSemaphoreLimits, parseSemaphoreTable } from '../parse/semaphores.ts';
import { type Io, readText } from './io.ts';
import { nodeIo } from './io-node.ts';

/** Fields of `struct seminfo`, in ints: under SEM_INFO the last two are what is there (semctl(2)). */
const AT = { semmni: 1, semmns: 2, sets: 7, semaphores: 9 } as const;

/** In words why they cannot be counted. Another proc root is another machine's: its text counts. */
export function readSemaphores(procRoot = '/proc', io: Io = nodeIo()): Semaphores | string {
  const libc = procRoot === '/proc' ? loadLibc() : undefined;
  if (libc && isLibc(libc)) {
    const { address, u32 } = libc.allocate(SEMINFO_BYTES);
    const result = semctl(libc, 0, 0, SEM.SEM_INFO, address);
    if (result < 0) return `semctl: ${errnoName(result)}`;
    const at = (index: number) => u32[index] ?? 0;
    return { sets: at(AT.sets), mostSets: at(AT.semmni), semaphores: at(AT.semaphores), mostSemaphores: at(AT.semmns) };
  }
  const table = readText(io, `${procRoot}/sysvipc/sem`);
  if (typeof table === 'number') return `${procRoot}/sysvipc/sem: ${errnoName(table)}`;
  const limits = readText(io, `${procRoot}/sys/kernel/sem`);
  if (typeof limits === 'number') return `${procRoot}/sys/kernel/sem: ${errnoName(limits)}`;
  const counted = parseSemaphoreTable(table);
  const most = parseSemaphoreLimits(limits);
  return counted && most ? { ...counted, ...most } : `the text below ${procRoot} is not understood`;
}
