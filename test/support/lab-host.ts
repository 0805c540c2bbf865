// What must never be on the machine itself: anything that a lab made. Looked for after every file of kernel tests.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PAGE = 4096;
/** Objects of the lab are this much short of whole pages (MARK in lab.h). */
const MARK = 171;
/** Users of whom nothing else is on the machine: `nobody`, and the one that runs the real programs. */
export const NOBODY = 65534;
export const SOMEBODY = 64999;

const isOurs = (sizeBytes: number, uid: number) =>
  sizeBytes % PAGE === PAGE - MARK || uid === NOBODY || uid === SOMEBODY;

/** One line for each object of a lab that the host's own tables show. */
function strayObjects(): string[] {
  const segments = readFileSync('/proc/sysvipc/shm', 'latin1').split('\n').slice(1);
  const strays = segments.filter((row) => {
    const words = row.trim().split(/\s+/).map(Number);
    return isOurs(words[3] ?? 0, words[9] ?? 0); // size, cuid
  });
  for (const name of readdirSync('/dev/shm', { encoding: 'buffer' })) {
    const path = Buffer.concat([Buffer.from('/dev/shm/'), name]);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && (isOurs(stat.size, stat.uid) || name.includes('shmtop-lab'))) strays.push(path.toString('latin1'));
  }
  return strays;
}

/** Processes that live in one of these namespaces (inode numbers as text). */
function inhabitants(namespaces: readonly string[]): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    return ['ipc', 'pid', 'mnt'].some((kind) => {
      try {
        return namespaces.includes(readlinkSync(`/proc/${pid}/ns/${kind}`).replace(/\D/g, ''));
      } catch {
        return false; // ENOENT, ESRCH: gone; EACCES: not ours
      }
    });
  });
}

/** What is left of a lab a moment after it was closed: objects, processes, its folder. Empty when all is well. */
export async function leftovers(namespaces: readonly string[], dir: string): Promise<string[]> {
  let processes = inhabitants(namespaces);
  for (let tries = 0; processes.length > 0 && tries < 600; tries++) {
    await sleep(50);
    processes = inhabitants(namespaces);
  }
  const found = [...strayObjects(), ...processes.map((pid) => `process ${pid}`)];
  if (existsSync(dir)) found.push(`folder ${dir}: ${readdirSync(dir).join(' ')}`);
  return found;
}

/** Entries of PATH searched for a program, as a shell does. */
export function findProgram(name: string, folders = (process.env.PATH ?? '').split(':')): string | undefined {
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
